"""The turns a form can take besides the usual way: what is mended later, and what doesn't count in the end."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from domain.money import Basis
from services.rehearsal import value
from services.rehearsal.deals import Table
from services.rehearsal.dice import Dice
from services.rehearsal.steps import Body

MANY = 8
"""Rehearsals with fewer contracts go the usual way: nothing in them takes a turn."""


class Turn(StrEnum):
    """What happens to a form besides."""

    ESTIMATED = "estimated"
    CORRECTED = "corrected"
    AMENDED = "amended"
    LEFT_AS_IT_WAS = "left_as_it_was"
    """An amendment was proposed and withdrawn."""
    APPROVED = "approved"
    """A signature was repudiated, and stands after all."""
    REVOKED = "revoked"
    ANNULLED = "annulled"
    IN_DOUBT = "in_doubt"
    DISOWNED = "disowned"
    """A signature was repudiated, and the contract annulled."""
    TYPED_IN_TWICE = "typed_in_twice"


EXTRA = (Turn.REVOKED, Turn.ANNULLED, Turn.IN_DOUBT, Turn.DISOWNED)
"""Forms that are certified beside those that were wished for, and count no longer at the end."""

DOUBTED = frozenset({Turn.APPROVED, Turn.IN_DOUBT, Turn.DISOWNED})
"""A party says that whoever signed had no mandate."""


def among(tables: Sequence[Table], dice: Dice) -> Mapping[int, Turn]:
    """Which of the contracts that count take which turn, by their places."""
    if len(tables) < MANY:
        return {}
    many = len(tables) // 30 + 1
    turns = [*[Turn.ESTIMATED, Turn.CORRECTED, Turn.AMENDED] * many, Turn.LEFT_AS_IT_WAS, Turn.APPROVED]
    valued = [place for place, table in enumerate(tables) if table.minor is not None]
    return dict(zip(dice.some(valued, len(turns)), turns, strict=False))


def sealed(table: Table, turn: Turn | None) -> Body:
    """The terms that the notary certifies: where a turn mends them later, they are wrong or lack something still."""
    match turn:
        case Turn.ESTIMATED:
            return _first(table.terms, value=None)
        case Turn.CORRECTED:
            return _first(table.terms, value=_more(table.terms["pledges"][0]["value"]))
        case Turn.AMENDED:
            return _first(put_off(table.terms), value=_more(table.terms["pledges"][0]["value"]))
        case _:
            return table.terms


def put_off(terms: Body) -> Body:
    """The same terms, the first pledge a month later."""
    until = date.fromisoformat(terms["pledges"][0]["due_until"]) + timedelta(days=30)
    return _first(terms, due_until=until.isoformat())


def _first(terms: Body, **changed: Any) -> Body:
    first, *others = terms["pledges"]
    return {**terms, "pledges": ({**first, **changed}, *others)}


def _more(estimate: Mapping[str, Any]) -> Body:
    if estimate["basis"] == Basis.HOURLY_RATE.value:
        return value.by_the_hour(estimate["minutes"] // 60 + 2, estimate["rate_minor"])
    return {**estimate, "minor": estimate["minor"] + 5_000}
