"""Who deals with whom about what: the tables of a rehearsal, before anything is said about when."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.frozen import dataclass
from domain.money import Basis
from domain.organisation.events import Side
from services.rehearsal import value
from services.rehearsal.catalogue import COMPANY_HOURS, COMPANY_OTHER, NONPROFIT_HOURS, NONPROFIT_OTHER, Article
from services.rehearsal.dice import Dice
from services.rehearsal.script import Script
from services.rehearsal.steps import Body, Thing


@dataclass(frozen=True, slots=True)
class Guest:
    """An organisation on the floor; its things in the story are named after `number`."""

    number: int
    side: Side

    @property
    def party(self) -> Thing:
        """Its participation."""
        return Thing(f"party/{self.number}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Parties at a table, and the terms they come to. `minor` is the counted value, None where none is wished."""

    guests: tuple[Guest, ...]
    terms: Body
    minor: int | None = None


class Dealer:
    """Sets tables for the guests of a script."""

    def __init__(self, script: Script, guests: Sequence[Guest]) -> None:
        self._script = script
        self._dice = Dice(script.seed, "deals")
        self._rate = script.hourly_rate_minor
        self._areas = [slug for slug, _ in script.traded_areas]
        self._companies = [guest for guest in guests if guest.side is Side.COMPANY]
        self._nonprofits = [guest for guest in guests if guest.side is Side.NONPROFIT]

    def contracts(self) -> list[Table]:
        """A table for each contract; the companies' pledges of all add up to a total in the script's range."""
        script = self._script
        tables = [self._company_of(place) for place in range(script.contracts)]
        counting = [place for place, guests in enumerate(tables) if guests[0].side is Side.COMPANY]
        dice = Dice(script.seed, "value")
        wished = value.total(script.least_minor, script.most_minor, len(counting), self._rate, dice)
        minors = dict(zip(counting, value.shares(wished, len(counting), self._rate, dice), strict=True))
        dealt = [self._table(guests, minors.get(place)) for place, guests in enumerate(tables)]
        if len(dealt) > 1 and not any(map(is_one_sided, dealt)):
            dealt[1] = replace(dealt[1], terms=_one_sided(dealt[1].terms))
        return dealt

    def chance_meeting(self) -> Table:
        """A table from which no contract comes."""
        guests = (self._dice.pick(self._companies), self._dice.pick(self._nonprofits))
        return self._table(guests, self._rate * self._dice.whole(2, 40))

    def _company_of(self, place: int) -> tuple[Guest, ...]:
        """Nearly always a company and a non-profit; now and then two non-profits, or three parties."""
        dice = self._dice
        if place and len(self._nonprofits) > 1:
            kind = dice.share()
            if kind < 0.05:
                return tuple(dice.some(self._nonprofits, 2))
            if kind < 0.1:
                return (dice.pick(self._companies), *dice.some(self._nonprofits, 2))
        return (dice.pick(self._companies), dice.pick(self._nonprofits))

    def _table(self, guests: tuple[Guest, ...], minor: int | None) -> Table:
        """Each gives to the next, the last to the first; rarely one gives nothing, which the rules let pass."""
        first, second, *others = guests
        pledges = list(self._given(first, second)) if minor is None else list(self._worth(first, second, minor))
        givers = (second, *others)
        for giver, receiver in zip(givers, (*others, first), strict=True):
            if len(guests) > 2 or not self._dice.chance(0.02):
                pledges += self._given(giver, receiver)
        caller = self._dice.pick(guests)
        terms = {"pledges": tuple(pledges), "first_contact_by": caller.party, "first_contact_days": 14}
        return Table(guests=guests, terms=terms, minor=minor)

    def _worth(self, giver: Guest, receiver: Guest, minor: int) -> list[Body]:
        """A company's pledges worth exactly `minor`: hours, goods or both; now and then something unvalued besides."""
        dice, rate, pledges = self._dice, self._rate, []
        hours = minor // rate
        worked = 0
        if value.is_hours(minor, rate) and dice.chance(0.55):
            worked = hours
        elif hours >= 6 and dice.chance(0.4):
            worked = dice.whole(2, hours - 2)
        if worked:
            pledges.append(self._by_the_hour(giver, receiver, dice.pick(COMPANY_HOURS), worked))
        if minor > worked * rate:
            pledges.append(self._otherwise(giver, receiver, dice.pick(COMPANY_OTHER), minor - worked * rate))
        if dice.chance(0.04):
            pledges.append(self._otherwise(giver, receiver, dice.pick(COMPANY_OTHER), None))
        return pledges

    def _given(self, giver: Guest, receiver: Guest) -> list[Body]:
        """Something that doesn't count; a good part of it nobody has estimated."""
        dice = self._dice
        hours, other = (
            (NONPROFIT_HOURS, NONPROFIT_OTHER) if giver.side is Side.NONPROFIT else (COMPANY_HOURS, COMPANY_OTHER)
        )
        if dice.chance(0.5):
            return [self._by_the_hour(giver, receiver, dice.pick(hours), dice.whole(1, 8))]
        minor = None if dice.chance(0.5) else 500 * dice.whole(4, 60)
        return [self._otherwise(giver, receiver, dice.pick(other), minor)]

    def _by_the_hour(self, giver: Guest, receiver: Guest, article: Article, hours: int) -> Body:
        return self._pledge(giver, receiver, article, hours) | {"value": value.by_the_hour(hours, self._rate)}

    def _otherwise(self, giver: Guest, receiver: Guest, article: Article, minor: int | None) -> Body:
        estimate = None if minor is None else value.otherwise(minor, article.basis)
        return self._pledge(giver, receiver, article, self._dice.whole(1, 6)) | {"value": estimate}

    def _pledge(self, giver: Guest, receiver: Guest, article: Article, quantity: int) -> dict[str, Any]:
        begins = self._dice.whole(7, 90)
        day = self._script.date
        return {
            "giver": giver.party,
            "receiver": receiver.party,
            "area": self._areas[article.area % len(self._areas)],
            "title": article.title,
            "kind": article.kind.value,
            "quantity": quantity,
            "unit": article.unit,
            "due_from": (day + timedelta(days=begins)).isoformat(),
            "due_until": (day + timedelta(days=begins + self._dice.whole(0, 90))).isoformat(),
        }


def is_one_sided(table: Table) -> bool:
    """Whether somebody at the table gives nothing."""
    givers = {pledge["giver"] for pledge in table.terms["pledges"]}
    return len(givers) < len(table.guests)


def _one_sided(terms: Body) -> Body:
    """Only who gives first gives: the rules let that pass, and flag it."""
    giver = terms["pledges"][0]["giver"]
    return {**terms, "pledges": tuple(pledge for pledge in terms["pledges"] if pledge["giver"] == giver)}


def haggled(terms: Body, dice: Dice) -> Body:
    """Other terms about the same: more or fewer hours, another estimate, a pledge left out for now."""
    pledges = [_haggled(pledge, dice) for pledge in terms["pledges"]]
    if len(pledges) > 2 and dice.chance(0.4):
        pledges.pop()
    return {**terms, "pledges": tuple(pledges)}


def _haggled(pledge: Mapping[str, Any], dice: Dice) -> Body:
    estimate = pledge["value"]
    if estimate is None or dice.chance(0.3):
        return pledge
    if estimate["basis"] == Basis.HOURLY_RATE.value:
        hours = max(1, int(estimate["minutes"] / 60 * dice.between(0.5, 1.4)))
        return {**pledge, "quantity": hours, "value": value.by_the_hour(hours, estimate["rate_minor"])}
    minor = max(500, int(estimate["minor"] * dice.between(0.5, 1.4)) // 500 * 500)
    return {**pledge, "value": {**estimate, "minor": minor}}


def flawed(table: Table, reason: str) -> Table:
    """The table's form as a notary returns it for this reason."""
    terms = table.terms
    if reason == "date_missing":
        pledges = tuple({**pledge, "due_from": None, "due_until": None} for pledge in terms["pledges"])
        return replace(table, terms={**terms, "pledges": pledges})
    if reason == "contact_missing":
        return replace(table, terms={**terms, "first_contact_by": None, "first_contact_days": None})
    first, *others = terms["pledges"]
    title = "Geldspende für den Verein" if reason == "money" else "Hilfe nach Absprache"
    return replace(table, terms={**terms, "pledges": ({**first, "title": title}, *others)})
