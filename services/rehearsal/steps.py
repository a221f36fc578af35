"""A story's steps: requests whose ids aren't known yet, and what has to have happened before each.

Where a body needs an id it holds a reference; the player puts the id in once it is known.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain.frozen import dataclass
from domain.identity import AreaId, ListingId, ParticipationId, StreamId
from domain.money import Basis, Value
from domain.negotiation.terms import Pledge, PledgeKind, Terms, terms_hash

Body = Mapping[str, Any]

EDITION = "edition"
"""The name of the edition in its story."""


@dataclass(frozen=True, slots=True)
class Thing:
    """The id of what the step with this name made."""

    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """The pseudonym of a representative of this story."""

    name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The pseudonym of the member whose key a desk uses."""

    role: str


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment at which the step with this name was recorded, or some minutes later."""

    step: str
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class HashOf:
    """The hash of terms, by which a signature names them."""

    terms: Body


Reference = Thing | Person | Desk | Moment | HashOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request: `at` seconds after the opening gong (before it: negative) by the desk `role`.

    `path` holds `{id}` where the id of `thing` stands. `makes` names what comes into being. `after` names the
    steps that have to be done before.
    """

    name: str
    at: float
    role: str
    path: str
    body: Body
    after: tuple[str, ...]
    thing: str | None = None
    makes: str | None = None


def resolve(value: Any, known: Callable[[Reference], str]) -> Any:
    """A body with every reference replaced by what `known` says of it."""
    match value:
        case HashOf(terms=terms):
            return hash_of(resolve(terms, known))
        case Thing() | Person() | Desk() | Moment():
            return known(value)
        case Mapping():
            return {key: resolve(inner, known) for key, inner in value.items()}
        case tuple() | list():
            return [resolve(inner, known) for inner in value]
        case _:
            return value


def hash_of(terms: Body) -> str:
    """What a party signs: the hash of the terms that a request's body tells."""
    pledges = tuple(_pledge(pledge) for pledge in terms["pledges"])
    caller = terms.get("first_contact_by")
    return terms_hash(
        Terms(
            pledges=pledges,
            first_contact_by=None if caller is None else ParticipationId(StreamId(caller)),
            first_contact_days=terms.get("first_contact_days"),
        )
    )


def _pledge(told: Body) -> Pledge:
    listing = told.get("listing")
    return Pledge(
        giver=ParticipationId(StreamId(told["giver"])),
        receiver=ParticipationId(StreamId(told["receiver"])),
        area=AreaId(told["area"]),
        title=told["title"],
        kind=PledgeKind(told["kind"]),
        quantity=told["quantity"],
        unit=told["unit"],
        due_from=_day(told.get("due_from")),
        due_until=_day(told.get("due_until")),
        value=None if told.get("value") is None else _value(told["value"]),
        listing=None if listing is None else ListingId(StreamId(listing)),
    )


def _value(told: Body) -> Value:
    return Value(
        minor=told["minor"],
        currency=told["currency"],
        basis=Basis(told["basis"]),
        rate_minor=told.get("rate_minor"),
        minutes=told.get("minutes"),
    )


def _day(told: str | None) -> date | None:
    return None if told is None else date.fromisoformat(told)
