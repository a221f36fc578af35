"""What may be asked of listings, and what forms bind of them: nothing is promised twice (METHOD.md, Before).

Listings stand side by side, and so do the contracts whose terms take from them. Around them the model knows how far
the edition is, which areas it has, and how those who publish take part.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from domain.identity import ContractId, ListingId, MarketplaceId, contract_of
from domain.listing import commands as ask
from domain.listing import refusals as why
from domain.listing.events import ListingKind
from domain.marketplace.refusals import MarketplaceOver, RegistrationNotOpen
from domain.negotiation.terms import Pledge, Terms
from domain.participation.refusals import NotAdmitted, NotOnTheFloor
from domain.refusal import NotThere
from tests.domain.people import bakery, elsewhere, food_bank, garage, goods, know_how, ruhrdax
from tests.laws.models.driving import Chance, Model, Objections, command_name
from tests.laws.models.words import SHORT, TITLE, against_quantities, against_words, together


@dataclass(frozen=True)
class At:
    """A request about one listing."""

    listing: ListingId
    command: ask.Command


@dataclass(frozen=True)
class SayTerms:
    """A form says these terms: the first ones, or others than before."""

    contract: ContractId
    marketplace: MarketplaceId
    terms: Terms


@dataclass(frozen=True)
class LetGo:
    """A contract won't be."""

    contract: ContractId


@dataclass(frozen=True)
class Give:
    """Some of a pledge was delivered."""

    contract: ContractId
    place: int
    quantity: int


@dataclass
class Listed:
    """A listing: whose, what, how much of it, and what is promised of it and given, by contract."""

    at: str
    by: str
    kind: ListingKind
    area: str
    title: str
    quantity: int
    unit: str
    on_the_list: bool = True
    promised: dict[str, int] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)

    def bound(self) -> int:
        return sum(self.promised.values())

    def binds(self, contract: str, much: int) -> None:
        self.promised[contract] = much
        if not much:
            del self.promised[contract]


class ListingModel(Model):
    """The list of an edition."""

    def __init__(self) -> None:
        self.listed: dict[str, Listed] = {}
        self.says: dict[str, Terms] = {}
        self.edition: str | None = "registering"
        self.areas: set[str] = {goods, know_how}
        self.parts: dict[str, str] = {bakery: "admitted", food_bank: "here", garage: "asked"}

    def objections(self, asked: Any) -> Any:
        if not isinstance(asked, At):
            return super().objections(asked)
        against = getattr(self, f"against_{command_name(type(asked.command).__name__)}")
        told: Objections = against(asked.command, self.listed.get(asked.listing))
        return frozenset(reason for reason, so in told.items() if so)

    def follow(self, asked: Any) -> None:
        if not isinstance(asked, At):
            super().follow(asked)
        else:
            getattr(self, f"after_{command_name(type(asked.command).__name__)}")(asked.command, asked.listing)

    def happen(self, chance: Chance) -> None:
        match chance.among(("edition", "area", "part")):
            case "edition":
                self.edition = chance.among((None, "preparation") if not self.listed else ("over", "trading"))
                self.edition = chance.among((self.edition, "registering", "trading", "trading", "trading"))
            case "area":
                self.areas = chance.among(({goods, know_how}, {goods}, {know_how}))
            case _:
                stands = ("admitted", "here", "asked", "missing", "gone", "elsewhere")
                self.parts[chance.among((bakery, food_bank, garage))] = chance.among(stands)

    # What an owner asks

    def closed(self) -> Objections:
        return {
            RegistrationNotOpen: self.edition == "preparation",
            MarketplaceOver: self.edition == "over",
        }

    def against_what(self, asked: ask.PublishListing | ask.ReviseListing, *more: str) -> Objections:
        return together(
            self.closed(),
            {why.AreaUnknown: asked.area not in {*self.areas, *more}},
            against_words((asked.title, TITLE), (asked.unit, SHORT)),
            against_quantities([asked.quantity]),
        )

    def against_publish_listing(self, asked: ask.PublishListing, known: Listed | None) -> Objections:
        if self.edition is None:
            return {NotThere: True}
        stands = self.parts.get(asked.by)
        there = elsewhere if stands == "elsewhere" else ruhrdax
        return together(
            self.against_what(asked),
            {
                why.AlreadyPublished: known is not None,
                NotThere: stands is None or asked.marketplace != there,
                NotAdmitted: stands in ("asked", "gone"),
                NotOnTheFloor: stands == "missing",
            },
        )

    def after_publish_listing(self, asked: ask.PublishListing, listing: str) -> None:
        what = (asked.kind, asked.area, asked.title, asked.quantity, asked.unit)
        self.listed[listing] = Listed(asked.marketplace, asked.by, *what)

    def not_on_the_list(self, known: Listed | None) -> Objections:
        return {NotThere: known is None, why.ListingWithdrawnAlready: known is not None and not known.on_the_list}

    def against_revise_listing(self, asked: ask.ReviseListing, known: Listed | None) -> Objections:
        if known is None or not known.on_the_list:
            return self.not_on_the_list(known)
        return together(
            self.against_what(asked, known.area),
            {
                why.NotYourListing: asked.by != known.by,
                why.LessThanPromised: asked.quantity < known.bound(),
                why.UnitIsPromised: known.bound() > 0 and asked.unit != known.unit,
            },
        )

    def after_revise_listing(self, asked: ask.ReviseListing, listing: str) -> None:
        known = self.listed[listing]
        known.area, known.title, known.quantity, known.unit = asked.area, asked.title, asked.quantity, asked.unit

    def against_withdraw_listing(self, asked: ask.WithdrawListing, known: Listed | None) -> Objections:
        another = known is not None and known.by != asked.by
        return together(self.not_on_the_list(known), {why.NotYourListing: another})

    def after_withdraw_listing(self, _: ask.WithdrawListing, listing: str) -> None:
        self.listed[listing].on_the_list = False

    def against_promise_listing(self, asked: ask.PromiseListing, known: Listed | None) -> Objections:
        if known is None or not known.on_the_list:
            return self.not_on_the_list(known)
        return together(
            against_quantities([asked.quantity]),
            {NotThere: asked.marketplace != known.at, why.PromisedOut: asked.quantity > known.quantity - known.bound()},
        )

    def after_promise_listing(self, asked: ask.PromiseListing, listing: str) -> None:
        promised, contract = self.listed[listing].promised, contract_of(asked.negotiation)
        promised[contract] = promised.get(contract, 0) + asked.quantity

    # What terms take

    def taken(self, terms: Terms) -> dict[str, int]:
        names = {pledge.listing for pledge in terms.pledges if pledge.listing is not None}
        return {name: sum(one.quantity for one in terms.pledges if one.listing == name) for name in names}

    def unfit(self, pledges: Iterable[Pledge], there: str) -> Objections:
        """A pledge takes from its giver's offer, or fills its receiver's need, in the listing's unit."""
        taking = [(pledge, self.listed.get(pledge.listing)) for pledge in pledges if pledge.listing is not None]
        known = [(pledge, listed) for pledge, listed in taking if listed is not None]
        owners = [(p.giver if listed.kind == "offer" else p.receiver, listed.by) for p, listed in known]
        return {
            NotThere: len(known) < len(taking) or any(listed.at != there for _, listed in known),
            why.ListingOfAnother: any(owner != by for owner, by in owners),
            why.UnitDiffers: any(pledge.unit != listed.unit for pledge, listed in known),
        }

    def against_say_terms(self, asked: SayTerms) -> Objections:
        before = self.says.get(asked.contract)
        new = [pledge for pledge in asked.terms.pledges if before is None or pledge not in before.pledges]
        more = [
            (self.listed[name], much - self.listed[name].promised.get(asked.contract, 0))
            for name, much in self.taken(asked.terms).items()
            if name in self.listed
        ]
        return together(
            self.unfit(new, asked.marketplace),
            {
                why.ListingWithdrawnAlready: any(much > 0 and not listed.on_the_list for listed, much in more),
                why.PromisedOut: any(much > listed.quantity - listed.bound() for listed, much in more if much > 0),
                NotThere: any(much > 0 and listed.at != asked.marketplace for listed, much in more),
            },
        )

    def after_say_terms(self, asked: SayTerms) -> None:
        """Exactly what the terms take is bound, but never less than what was given."""
        taken = self.taken(asked.terms)
        for name in {*taken, *self.taken(self.says.get(asked.contract, asked.terms))}:
            listed = self.listed[name]
            listed.binds(asked.contract, max(taken.get(name, 0), listed.given.get(asked.contract, 0)))
        self.says[asked.contract] = asked.terms

    def against_let_go(self, _: LetGo) -> Objections:
        return {}

    def after_let_go(self, asked: LetGo) -> None:
        """What was given stays given; all else can be promised again."""
        if asked.contract in self.says:
            for name in self.taken(self.says[asked.contract]):
                listed = self.listed[name]
                listed.binds(asked.contract, listed.given.get(asked.contract, 0))

    def against_give(self, _: Give) -> Objections:
        return {}

    def after_give(self, asked: Give) -> None:
        """As much of the listing is given as was promised of it, and no more."""
        pledge = self.pledge(asked)
        if pledge is not None and pledge.listing is not None:
            listed = self.listed[pledge.listing]
            owed = listed.promised.get(asked.contract, 0) - listed.given.get(asked.contract, 0)
            if min(owed, asked.quantity) > 0:
                listed.given[asked.contract] = listed.given.get(asked.contract, 0) + min(owed, asked.quantity)

    def pledge(self, asked: Give) -> Pledge | None:
        said = self.says.get(asked.contract)
        return None if said is None else dict(enumerate(said.pledges)).get(asked.place)

    def told(self) -> Any:
        return {name: told_of(listed) for name, listed in self.listed.items()}


def told_of(listed: Listed) -> dict[str, Any]:
    """What is known of a listing; what it said is gone from its state once it was taken back."""
    always = {
        "on_the_list": listed.on_the_list,
        "at": listed.at,
        "by": listed.by,
        "kind": listed.kind,
        "unit": listed.unit,
        "promised": listed.promised,
        "given": listed.given,
    }
    if not listed.on_the_list:
        return always
    left = listed.quantity - listed.bound()
    return always | {"area": listed.area, "title": listed.title, "quantity": listed.quantity, "left": left}
