"""Making frozen dataclasses and changing copies of them: what `dataclasses` does, where every record is folded.

A frozen dataclass's `__init__` looks up and calls `object.__setattr__` for each member, and `dataclasses.replace` asks
each member's field first. A history is read with hundreds of such objects a millisecond, so the members of a class
with slots are set here by their slots, in one go; any other class is made as it makes itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from itertools import repeat
from operator import attrgetter, call
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, TypeAlias

__all__ = ["Maker", "maker", "replace", "told"]

Maker: TypeAlias = Callable[[Iterable[Any]], Any]
"""Makes an object of the values of its members, in an order that was agreed on."""


def maker(kind: type, names: tuple[str, ...]) -> Maker:
    """What makes objects of the dataclass `kind` of all their members, which come in the order of `names`."""
    slots = _slots_of(kind)
    if slots is None:
        return lambda values: kind(**dict(zip(names, values, strict=True)))
    setters = tuple(slots[name] for name in names)

    def make(values: Iterable[Any]) -> Any:
        made: Any = object.__new__(kind)
        any(map(call, setters, repeat(made), values))  # setting says None, so that `any` goes on to the end
        return made

    return make


if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(held, **changes):
        """A copy of a dataclass with slots in which `changes` are other."""
        members = _members_of(type(held))
        made = members.make(members.told(held))
        for name, value in changes.items():
            members.slots[name](made, value)
        return made


@dataclass(frozen=True, slots=True)
class _Members:
    """How all members of a class are told and set."""

    told: Callable[[Any], tuple[Any, ...]]
    make: Maker
    slots: Mapping[str, Callable[[Any, Any], None]]


@cache
def _members_of(kind: type) -> _Members:
    names, slots = tuple(field.name for field in fields(kind)), _slots_of(kind)
    if slots is None:
        raise TypeError(f"{kind.__name__} has no slots, or does more than keep its members")
    return _Members(told(names), maker(kind, names), slots)


def told(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What tells these members of an object."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda held: tuple([getattr(held, name) for name in names])


def _slots_of(kind: type) -> Mapping[str, Callable[[Any, Any], None]] | None:
    """What sets each member of a class; None unless all have slots and nothing happens when an object is made."""
    members = {field.name: getattr(kind, field.name, None) for field in fields(kind)}
    if hasattr(kind, "__post_init__") or not all(type(slot) is MemberDescriptorType for slot in members.values()):
        return None
    return {name: slot.__set__ for name, slot in members.items() if slot is not None}
