"""Frozen dataclasses: what `dataclasses` does, where every start makes hundreds of classes and every record is folded.

*Classes.* `dataclasses` writes six methods of a class as text and runs it, a third of a millisecond and more each. The
`dataclass` here takes fields and slots from there, shares the methods, and writes `__init__` when the first object is
made: most classes of a start are never made an object of, and a program that checks one bundle needs few of them.

*Objects.* A frozen dataclass's `__init__` looks up and calls `object.__setattr__` for each member, and
`dataclasses.replace` asks each member's field first. A history is read with hundreds of such objects a millisecond, so
an object of a class with slots begins here as one of its open twin, which has the same slots and refuses nothing: it
is given its members by plain assignments, and then its class, which closes it. Any other class is made as it makes
itself.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, FrozenInstanceError, fields
from functools import cache
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, TypeAlias

__all__ = ["Maker", "dataclass", "maker", "replace", "told", "twin"]

Maker: TypeAlias = Callable[[Iterable[Any]], Any]
"""Makes an object of the values of its members, in an order that was agreed on."""

_AS_THEY_ARE: Mapping[str, Callable[[Any], Any]] = {}


if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(*, frozen=False, slots=False, kw_only=False, repr=True, **others):  # noqa: A002 - as it is called there
        """A decorator like that of `dataclasses`, which still makes whatever isn't both frozen and kept in slots."""
        if others or not (frozen and slots):
            return dataclasses.dataclass(frozen=frozen, slots=slots, kw_only=kw_only, repr=repr, **others)
        with_fields = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)

        def decorate(kind):
            made = with_fields(kind)
            for name, method in _methods(made, shown=repr).items():
                if made.__dict__.get(name) is None:
                    setattr(made, name, method)
            return made

        return decorate

    def replace(held, **changes):
        """A copy of a dataclass with slots in which `changes` are other."""
        return _copier(type(held))(held, changes)


def _methods(kind: Any, *, shown: bool) -> dict[str, Callable[..., Any]]:
    """What a frozen class has beside its fields; `__repr__` only if it is `shown`."""
    compared = told(tuple(field.name for field in fields(kind) if field.compare))

    def __init__(self: Any, /, *values: Any, **named: Any) -> None:  # noqa: N807 - stands in until it is called
        written: Any = _initialiser(kind)
        kind.__init__ = written
        written(self, *values, **named)

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(compared(self))

    methods: dict[str, Callable[..., Any]] = {
        "__init__": __init__,
        "__eq__": __eq__,
        "__hash__": __hash__,
        "__setattr__": _refuse_setting,
        "__delattr__": _refuse_deleting,
        "__getstate__": _state,
        "__setstate__": _set_state,
    }
    return methods | {"__repr__": _shown} if shown else methods


def _initialiser(kind: Any) -> Callable[..., None]:
    """`__init__` of a class with slots, written out: no loop over members is as fast as their names in a row."""
    scope: dict[str, Any] = {"_MISSING": MISSING}
    in_order, by_name, lines = ["self"], list[str](), list[str]()
    for field in fields(kind):
        name, default, value = field.name, field.default, field.name
        if field.default_factory is not MISSING:
            scope[f"_make_{name}"], default = field.default_factory, MISSING
            value = f"_make_{name}() if {name} is _MISSING else {name}"
        optional = default is not MISSING or field.default_factory is not MISSING
        scope |= {f"_set_{name}": getattr(kind, name).__set__, f"_default_{name}": default}
        (by_name if field.kw_only else in_order).append(f"{name}=_default_{name}" if optional else name)
        lines.append(f" _set_{name}(self, {value})")
    if hasattr(kind, "__post_init__"):
        lines.append(" self.__post_init__()")
    asked = ", ".join([*in_order, *(["*", *by_name] if by_name else [])])
    exec("\n".join([f"def __init__({asked}):", *(lines or [" pass"])]), scope)  # noqa: S102 - names of fields alone
    written: Callable[..., None] = scope["__init__"]
    written.__qualname__ = f"{kind.__qualname__}.__init__"
    return written


def _refuse_setting(_self: object, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


def _shown(self: Any) -> str:
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{type(self).__qualname__}({shown})"


def maker(kind: type, names: tuple[str, ...], reads: Mapping[str, Callable[[Any], Any]] = _AS_THEY_ARE) -> Maker:
    """What makes objects of the dataclass `kind` of all their members, which come in the order of `names`.

    `reads` make those members of their values that aren't what they are there. It is written out, as `__init__` is.
    """
    open_twin = twin(kind)
    scope: dict[str, Any] = {"_kind": kind, "_new": object.__new__, "_open": open_twin}
    scope |= {f"_read_{name}": reads[name] for name in reads}
    values = {name: f"_read_{name}({name})" if name in reads else name for name in names}
    lines = ["def _make(values):", f" {''.join(f'{name}, ' for name in names) or '()'} = values"]
    if open_twin is None:
        lines.append(f" return _kind({', '.join(f'{name}={value}' for name, value in values.items())})")
    else:
        lines += [" made = _new(_open)", *(f" made.{name} = {value}" for name, value in values.items())]
        lines += [" made.__class__ = _kind", " return made"]
    exec("\n".join(lines), scope)  # noqa: S102 - names of fields alone
    make: Maker = scope["_make"]
    return make


@cache
def _copier(kind: type) -> Callable[[Any, Mapping[str, Any]], Any]:
    """What copies an object of `kind` with some members changed, written out."""
    open_twin = twin(kind)
    if open_twin is None:
        raise TypeError(f"{kind.__name__} has no slots, or does more than keep its members")
    names = [field.name for field in fields(kind)]
    slots = {name: getattr(kind, name).__set__ for name in names}
    scope: dict[str, Any] = {"_kind": kind, "_new": object.__new__, "_open": open_twin, "_slots": slots}
    lines = ["def _copy(held, changes):", " made = _new(_open)", *(f" made.{name} = held.{name}" for name in names)]
    lines += [" made.__class__ = _kind", " for name, value in changes.items():", "  _slots[name](made, value)"]
    exec("\n".join([*lines, " return made"]), scope)  # noqa: S102 - names of fields alone
    copy: Callable[[Any, Mapping[str, Any]], Any] = scope["_copy"]
    return copy


def told(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What tells these members of an object."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda held: tuple([getattr(held, name) for name in names])


@cache
def twin(kind: type) -> type | None:
    """The open twin of a frozen class; None unless it has slots and nothing else happens when an object is made."""
    members = [getattr(kind, field.name, None) for field in fields(kind)]
    if hasattr(kind, "__post_init__") or not all(type(slot) is MemberDescriptorType for slot in members):
        return None
    opened = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(kind.__name__, kind.__bases__, {"__slots__": kind.__dict__["__slots__"], **opened})
