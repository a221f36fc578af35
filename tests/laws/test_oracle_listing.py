"""Listings beside their model: published, revised, bound, let go and given, and nothing promised twice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from domain.identity import AreaId, ContractId, ListingId, NegotiationId, contract_of
from domain.listing import binding, decisions, refusals
from domain.listing import commands as ask
from domain.listing.events import ListingKind
from domain.listing.state import Listing, Published, evolve
from domain.marketplace.plan import Area
from domain.marketplace.rules import Rules
from domain.marketplace.state import InPreparation, Marketplace, Registering, Trading, TradingOver
from domain.organisation.events import Side
from domain.participation.state import Admitted, NoShow, NotComing, OnTheFloor, Participation, Requested
from tests.domain.people import (
    bakers,
    bakery,
    bread,
    elsewhere,
    food_bank,
    form_one,
    garage,
    goods,
    know_how,
    loaves,
    over,
    plan,
    poster,
    repair,
    ruhrdax,
    stranger,
    stream,
    table_one,
    terms,
    trading,
)
from tests.laws.models.driving import Bench, Chance, all_in, roam, wander
from tests.laws.models.listing import At, Give, LetGo, ListingModel, SayTerms

van, unlisted = ListingId(stream("van")), ListingId(stream("unlisted"))
another_table = NegotiationId(stream("another table"))
CONTRACTS = (contract_of(table_one), form_one, ContractId(stream("form two")))
OWN = {loaves: (bakery, ListingKind.OFFER, "baskets"), van: (food_bank, ListingKind.NEED, "van")}
PARTIES = (bakery, food_bank, garage, stranger)


def taking(listing: ListingId | None, quantity: int, unit: str | None = None) -> Any:
    """A pledge that takes so much of a listing: bread from the bakery's offer, a repair for the food bank's need."""
    pledge = repair if listing == van else bread
    return replace(pledge, listing=listing, quantity=quantity, unit=unit or pledge.unit)


TERMS = tuple(
    replace(terms, pledges=(*pledges, poster))
    for pledges in (
        (taking(loaves, 1),),
        (taking(loaves, 3),),
        (taking(loaves, 2), taking(loaves, 2), taking(van, 1)),
        (taking(van, 1),),
        (taking(loaves, 1), taking(van, 2)),
        (taking(None, 4),),
        (taking(loaves, 1, "loaves"),),
        (taking(unlisted, 1),),
        (replace(taking(loaves, 1), giver=garage),),
        (replace(taking(van, 1), receiver=bakery),),
        (taking(loaves, 7), taking(loaves, 1)),
    )
)
REPERTOIRE: dict[type, Sequence[Any]] = {
    ask.PublishListing: [
        At(
            listing,
            ask.PublishListing(
                marketplace=there, by=by, kind=kind, area=area, title=title, quantity=quantity, unit=unit
            ),
        )
        for listing, (by, kind, unit) in {**OWN, unlisted: (stranger, ListingKind.NEED, "x")}.items()
        for by in {by, garage}
        for area, there in ((goods, ruhrdax), (know_how, ruhrdax), (AreaId("money"), ruhrdax), (goods, elsewhere))
        for title, quantity in (("Bread", 5), ("Bread", 8), ("", 5), ("Bread", 0))
    ],
    ask.ReviseListing: [
        At(listing, ask.ReviseListing(by=who, area=area, title=title, quantity=quantity, unit=other))
        for listing, (by, _, unit) in OWN.items()
        for who in (by, garage)
        for area in (goods, know_how, AreaId("money"))
        for title, quantity, other in (
            *(("More bread", quantity, unit) for quantity in (0, 1, 4, 9)),
            ("More bread", 9, "sacks"),
            ("More bread", 9, ""),
            ("", 9, unit),
        )
    ],
    ask.WithdrawListing: [
        At(listing, ask.WithdrawListing(by=who)) for listing in (*OWN, unlisted) for who in (bakery, food_bank, garage)
    ],
    ask.PromiseListing: [
        At(listing, ask.PromiseListing(marketplace=there, negotiation=another_table, quantity=quantity))
        for listing in (*OWN, unlisted)
        for there in (ruhrdax, ruhrdax, elsewhere)
        for quantity in (1, 2, 6, 0)
    ],
    SayTerms: [
        SayTerms(contract, there, said)
        for contract in CONTRACTS
        for there in (ruhrdax, ruhrdax, ruhrdax, elsewhere)
        for said in TERMS
    ],
    LetGo: [LetGo(contract) for contract in CONTRACTS],
    Give: [Give(contract, place, quantity) for contract in CONTRACTS for place in (0, 1, 2) for quantity in (1, 2, 9)],
}


def edition(model: ListingModel) -> Marketplace | None:
    """The edition in the states that decisions know."""
    here = tuple(area for area in plan.areas if area.id in model.areas)
    gone: tuple[Area, ...] = tuple(area for area in plan.areas if area.id not in model.areas)
    said, rules = replace(plan, areas=here), Rules(retired=gone)
    match model.edition:
        case None:
            return None
        case "preparation":
            return InPreparation(plan=said, rules=rules)
        case "registering":
            return Registering(plan=said, rules=rules)
        case "trading":
            return Trading(plan=said, rules=rules, opened_at=trading.opened_at, announced_end=trading.announced_end)
        case _:
            return TradingOver(plan=said, rules=rules, opened_at=over.opened_at, latest_end=over.latest_end)


def part(model: ListingModel, by: Any) -> Participation | None:
    """How who publishes takes part."""
    stands = model.parts.get(by)
    if stands is None:
        return None
    kinds: dict[str, type[Participation]] = {
        "asked": Requested,
        "here": OnTheFloor,
        "missing": NoShow,
        "gone": NotComing,
    }
    there = elsewhere if stands == "elsewhere" else ruhrdax
    return kinds.get(stands, Admitted)(marketplace=there, organisation=bakers, side=Side.COMPANY)


State = Mapping[ListingId, Listing]


def about_one(state: State, asked: At, model: ListingModel) -> Sequence[Any]:
    """The decisions' answer about one listing."""
    known = state.get(asked.listing)
    match asked.command:
        case ask.PublishListing():
            return decisions.publish(asked.command, known, edition(model), part(model, asked.command.by))
        case ask.ReviseListing():
            return decisions.revise(asked.command, known, edition(model))
        case ask.WithdrawListing():
            return decisions.withdraw(asked.command, known)
        case ask.PromiseListing():
            return binding.promise(asked.command, known)


def bind(state: State, asked: SayTerms | LetGo | Give, model: ListingModel) -> binding.ByListing:
    """What is bound or freed, as whoever handles a form asks for it."""
    before = model.says.get(asked.contract)
    match asked:
        case SayTerms(contract, there, said) if before is not None:
            return binding.rebind(contract, there, before, said, state)
        case SayTerms(contract, there, said) if contract == contract_of(table_one):
            return binding.promise_all(table_one, there, said, state)
        case SayTerms(contract, there, said):
            return binding.promise_on_form(contract, there, said, state)
        case LetGo(contract):
            return {} if before is None else binding.release_all(contract, before, state)
        case Give(contract, _, quantity):
            pledge = model.pledge(asked)
            if pledge is None or pledge.listing is None:
                return {}
            return binding.satisfy(contract, pledge, quantity, state.get(pledge.listing))


def judge(state: State, asked: Any, model: ListingModel) -> Sequence[Any]:
    """Facts, each with the listing on whose stream it is recorded."""
    if isinstance(asked, At):
        return [(asked.listing, fact) for fact in about_one(state, asked, model)]
    return [(listing, fact) for listing, facts in bind(state, asked, model).items() for fact in facts]


def see(state: State) -> Any:
    """The listings' states in the model's words."""
    return {listing: see_one(known) for listing, known in state.items()}


def see_one(known: Listing) -> dict[str, Any]:
    always = {
        "on_the_list": isinstance(known, Published),
        "at": known.marketplace,
        "by": known.by,
        "kind": known.kind,
        "unit": known.unit,
        "promised": dict(known.promised),
        "given": dict(known.given),
    }
    if not isinstance(known, Published):
        return always
    return always | {"area": known.area, "title": known.title, "quantity": known.quantity, "left": known.left}


def addressed(asked: Any, chance: Chance) -> Any:
    """A wild request goes to some listing; of forms nothing wild is asked."""
    return At(chance.among((loaves, van)), asked) if isinstance(asked, ask.Command) else asked


BENCH = Bench(
    model=ListingModel,
    repertoire=REPERTOIRE,
    judge=judge,
    evolve=lambda state, told: {**state, told[0]: evolve(state.get(told[0]), told[1])},
    see=see,
    nothing={},
    rare=frozenset({ask.WithdrawListing, LetGo}),
    kind=lambda asked: type(asked.command) if isinstance(asked, At) else type(asked),
    address=addressed,
    states=lambda state: [type(known) for known in state.values()],
    silent=frozenset({SayTerms, LetGo, Give}),
)


@given(data=st.data())
def test_no_illegal_request_about_a_listing_is_recorded_and_no_legal_one_refused(data: st.DataObject) -> None:
    """Published, revised, promised, bound anew, let go, given: model and decisions go side by side."""
    wander(BENCH, data, 30)


def test_the_courses_reach_every_state_of_a_listing() -> None:
    """Every state and every command is reached, and every reason to refuse is given at least once."""
    assert not roam(BENCH, 80, 50, {*get_args(Listing), *REPERTOIRE, *all_in(refusals)})
    assert set(get_args(ask.Command)) <= set(REPERTOIRE)
