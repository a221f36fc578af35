"""Which pseudonyms a record names: those whose values a reader with the right to them is told beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from domain.identity import OrganisationId, PersonId
from domain.names import CLASSES


def pseudonyms(entry: Mapping[str, Any]) -> frozenset[PersonId]:
    """The pseudonyms in a decoded entry, or in what is left of one for an audience (`domain.streaming.visibility`).

    The actor's and those of organisations (a sole trader's is one) are among them; `timekeeper` and other actors that
    are no persons as well: the vault knows nothing of them.
    """
    kind = CLASSES.get(entry["type"])
    found = set(_named(entry["data"], kind) if kind is not None else ())
    if "actor" in entry:
        found.add(entry["actor"]["id"])
    if entry["type"].startswith("organisation."):
        found.add(entry["stream"])
    return frozenset(PersonId(each) for each in found)


def _named(value: Any, kind: Any) -> Iterator[str]:
    if value is None:
        return
    if kind in _PSEUDONYMS:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, _inner(kind))
    elif isinstance(value, dict):
        for key, hint in _hints(_inner(kind)).items():
            yield from _named(value.get(key), hint)
    elif get_args(kind):
        yield from _named(value, _inner(kind))


_PSEUDONYMS = (PersonId, OrganisationId)


def _inner(kind: Any) -> Any:
    """What stands in a list, or where something may be missing."""
    parts = [part for part in get_args(kind) if part not in (type(None), Ellipsis)]
    return parts[0] if parts else kind


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return {field.name: get_type_hints(kind)[field.name] for field in fields(kind)} if is_dataclass(kind) else {}
