"""The hall around a table or a form: how far the edition is, who is there, who speaks for whom.

Models keep it in plain variables; for the decisions it is told in the states that they know.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from domain.identity import OrganisationId, PersonId
from domain.marketplace.paper import PaperSeries
from domain.marketplace.plan import Area, Plan, Reciprocity
from domain.marketplace.rules import Rules
from domain.marketplace.state import (
    AfterTrading,
    Archived,
    CalledOff,
    InFollowUp,
    Marketplace,
    Registering,
    Trading,
    TradingOver,
)
from domain.organisation.events import Mandate, Side
from domain.organisation.state import Organisation
from domain.participation.state import Admitted, OnTheFloor, Participation
from tests.domain import people
from tests.domain.people import anna, bakers, bakery, ben, food_bank, food_bankers, garage, mechanics, notary, ruhrdax
from tests.laws.models.driving import Chance

ORGANISATION: dict[str, OrganisationId] = {bakery: bakers, food_bank: food_bankers, garage: mechanics}
LATER = {"registering": ["trading", "called_off"], "trading": ["over"], "over": ["follow_up", "archived"]}
"""How a hall goes on; once the follow-up has begun it is archived one day."""


@dataclass
class Hall:
    """What decisions about a form look at beside the form."""

    phase: str | None = "trading"
    policy: str = "strict"
    areas: list[str] = field(default_factory=lambda: ["goods", "know-how"])
    renamed: dict[str, str] = field(default_factory=dict)
    blanks: bool = True
    checklist: tuple[str, ...] = ()
    table: str | None = "agreed"
    floor: dict[str, str] = field(default_factory=lambda: dict.fromkeys(ORGANISATION, "here"))
    named: dict[str, set[str]] = field(default_factory=lambda: {bakers: {anna}, food_bankers: {ben}, mechanics: set()})
    mandated: dict[str, set[str]] = field(
        default_factory=lambda: {bakers: set(), food_bankers: {ben}, mechanics: set()}
    )

    def goes_on(self, chance: Chance) -> None:
        """Something happens in the hall: the gong, a mandate, a checklist, an area retired or renamed."""
        match chance.among(("gong",) + ("person",) * 4 + ("host",) * 2 + ("floor", "table")):
            case "gong":
                self.phase = chance.among(LATER.get(str(self.phase), ["archived" if self.blanks else self.phase]))
            case "person":
                known = chance.among((self.named, self.mandated))[chance.among((bakers, food_bankers, mechanics))]
                known ^= {chance.among((anna, ben, notary))}
            case "floor":
                self.floor[chance.among(list(ORGANISATION))] = chance.among(("here", "here", "admitted", "elsewhere"))
            case "table":
                self.table = chance.among(("agreed", "proposed", "ended", None))
            case _:
                self.host_decides(chance)

    def host_decides(self, chance: Chance) -> None:
        """The host lays something down."""
        self.checklist = chance.among(((), ("read",), ("read", "signed")))
        self.areas = chance.among((["goods", "know-how"], ["goods", "know-how"], ["goods"]))
        self.renamed = chance.among(({}, {"goods": "Sachen"}, {"goods": "Dinge", "know-how": "Rat"}))
        self.policy = chance.among(("strict", "encouraged", "off"))

    def stands_at(self, party: str, marketplace: str) -> str | None:
        """How a party stands at this marketplace: here, admitted, or not at all."""
        stands = self.floor.get(party)
        at = people.elsewhere if stands == "elsewhere" else ruhrdax
        return None if stands is None or at != marketplace else stands

    def gong_has_rung(self) -> bool:
        return self.phase in ("over", "follow_up", "archived")

    def represented_by(self, person: str, parties: Collection[str]) -> bool:
        """Who has a mandate speaks for the organisation, too."""
        return any(person in self.named[who] | self.mandated[who] for who in (ORGANISATION[party] for party in parties))


def edition(hall: Hall) -> Marketplace | None:
    """The edition in the states that decisions know."""
    label = {area.id: hall.renamed.get(area.id, area.label) for area in people.plan.areas}
    areas = tuple(Area(id=area, label=label[area]) for area in label)
    plan: Plan = replace(
        people.plan,
        areas=tuple(area for area in areas if area.id in hall.areas),
        reciprocity=Reciprocity(hall.policy),
    )
    rules = Rules(
        paper_series=(PaperSeries(prefix="A ", first=1, last=20),) if hall.blanks else (),
        retired=tuple(area for area in areas if area.id not in hall.areas),
        renamed=tuple(area for area in people.plan.areas if area.id in hall.renamed),
    )
    opened, latest = people.gong, people.over.latest_end
    match hall.phase:
        case None:
            return None
        case "registering":
            return Registering(plan=plan, rules=rules)
        case "called_off":
            return CalledOff(plan=plan, rules=rules)
        case "trading":
            return Trading(plan=plan, rules=rules, opened_at=opened, announced_end=people.end)
        case _:
            kinds: dict[str, type[AfterTrading]] = {"over": TradingOver, "follow_up": InFollowUp, "archived": Archived}
            return kinds[hall.phase](plan=plan, rules=rules, opened_at=opened, latest_end=latest)


def side_of(party: str) -> Side:
    return Side.NONPROFIT if party == food_bank else Side.COMPANY


def part(hall: Hall, party: Any) -> Participation | None:
    """How a party takes part."""
    stands = hall.floor.get(party)
    if stands is None:
        return None
    kind = Admitted if stands == "admitted" else OnTheFloor
    there = people.elsewhere if stands == "elsewhere" else ruhrdax
    return kind(marketplace=there, organisation=ORGANISATION[party], side=side_of(party))


def organisation(hall: Hall, party: Any) -> Organisation | None:
    """A party's organisation."""
    who = ORGANISATION.get(party)
    if who is None:
        return None
    mandates = {PersonId(person): Mandate.BY_OFFICE for person in hall.mandated[who]}
    named = frozenset(PersonId(person) for person in hall.named[who]) | set(mandates)
    return Organisation(name="x", side=side_of(party), rehearsal=False, representatives=named, mandates=mandates)
