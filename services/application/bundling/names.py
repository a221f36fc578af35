"""The names of all event types with their members, so that entries can be read without our software."""

from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from domain.names import CLASSES


def described() -> dict[str, Any]:
    """Every stored name with what it means and its members, in the words of their type hints."""
    return {name: {"means": _sentence(fact), "members": _members(fact)} for name, fact in CLASSES.items()}


def _members(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: _kind(hints[field.name]) for field in fields(kind)}


def _kind(hint: Any) -> Any:
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    arguments = [each for each in get_args(hint) if each is not Ellipsis]
    if get_origin(hint) is tuple:
        return [_kind(arguments[0])]
    if arguments:
        return {"one_of": ["null" if each is type(None) else _kind(each) for each in arguments]}
    if is_dataclass(hint):
        return _members(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"word": [word.value for word in hint]}
    return getattr(hint, "__name__", str(hint))


def _sentence(kind: Any) -> str:
    return " ".join((kind.__doc__ or "").split())
