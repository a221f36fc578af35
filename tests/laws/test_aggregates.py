"""Laws of single aggregates: any sequence of requests, legal or not, wild or tame.

What is decided evolves and fits an entry; what isn't is a Refusal and nothing else; replay tells what folding told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import members
from domain.codec import canonical
from domain.contract import amending, following, valuing
from domain.contract import commands as contracts
from domain.contract import decisions as contract
from domain.contract import notary as at_notary
from domain.contract import state as contract_state
from domain.contract.form import ReturnReason
from domain.contract.fulfilment import NonFulfilmentReason, Standing, standing
from domain.contract.state import evolve as contract_evolve
from domain.contract.state import replay as contract_replay
from domain.ledger.fold import evolve as ledger_evolve
from domain.ledger.row import LedgerState
from domain.listing import commands as listings
from domain.listing import decisions as listing
from domain.listing.binding import promise
from domain.listing.events import ListingKind
from domain.listing.state import evolve as listing_evolve
from domain.listing.state import replay as listing_replay
from domain.marketplace import commands as marketplaces
from domain.marketplace import decisions as marketplace
from domain.marketplace import state as edition
from domain.negotiation import commands as negotiations
from domain.negotiation import decisions as negotiation
from domain.negotiation.state import evolve as negotiation_evolve
from domain.negotiation.state import replay as negotiation_replay
from domain.organisation import commands as organisations
from domain.organisation import decisions as organisation
from domain.organisation import state as organisation_state
from domain.participation import commands as participations
from domain.participation import decisions as participation
from domain.participation import state as participation_state
from domain.person import commands as persons
from domain.person import decisions as person
from domain.person import state as person_state
from domain.refusal import Refusal
from domain.results import statement
from domain.trail.details import details_of
from tests.domain.people import (
    anna,
    baker,
    bakery,
    better,
    food_bank,
    food_banker,
    garage,
    here,
    mechanic,
    notary,
    over,
    queued,
    registering,
    ruhrdax,
    signature,
    table_one,
    terms,
    trading,
)
from tests.domain.test_ledger_after import recorded, sealed
from tests.laws.making import WILD
from tests.laws.test_facts import entry_of


@dataclass(frozen=True, slots=True)
class Kind:
    """One aggregate: what can be asked, how it is judged in a hall that trades or has closed, how it folds."""

    commands: st.SearchStrategy[Any]
    judge: Callable[[Any, Any, Any], tuple[Any, ...]]
    evolve: Callable[[Any, Any], Any]
    replay: Callable[[Any], Any]
    nothing: Any = None


def wild(union: Any) -> st.SearchStrategy[Any]:
    return st.one_of([WILD.of(command) for command in get_args(union)])


def judge_listing(state: Any, asked: Any, hall: Any) -> tuple[Any, ...]:
    match asked:
        case listings.PublishListing():
            return listing.publish(asked, state, hall, here(baker))
        case listings.ReviseListing():
            return listing.revise(asked, state, hall)
        case listings.WithdrawListing():
            return listing.withdraw(asked, state)
        case _:
            return promise(asked, state)


def judge_table(state: Any, asked: Any, hall: Any) -> tuple[Any, ...]:
    match asked:
        case negotiations.OpenNegotiation():
            seats = {bakery: here(baker), food_bank: here(food_banker), garage: here(mechanic)}
            return negotiation.open_negotiation(asked, state, hall, [seats.get(who) for who in (asked.by, *asked.to)])
        case negotiations.LapseNegotiation():
            return negotiation.lapse(state, hall)
        case _:
            return negotiation.decide(state, hall, asked)


def judge_form(state: Any, asked: Any, hall: Any) -> tuple[Any, ...]:
    known = organisation_state.Organisation(name="x", side=baker.side, rehearsal=False)
    floor = [here(baker), here(food_banker)]
    judges: dict[type, Callable[[], tuple[Any, ...]]] = {
        contracts.DraftFromForm: lambda: contract.draft_from_form(asked, state, hall, floor),
        contracts.CapturePaper: lambda: contract.capture(asked, state, hall, floor),
        contracts.DraftFromNegotiation: lambda: contract.draft_from_negotiation(asked, state, None, hall),
        contracts.CorrectForm: lambda: contract.correct(asked, state, hall),
        contracts.Sign: lambda: contract.sign(asked, state),
        contracts.RepudiateSignature: lambda: contract.repudiate(asked, state, known),
        contracts.ApproveSignature: lambda: contract.approve(asked, state),
        contracts.SubmitToNotary: lambda: at_notary.submit(state, hall),
        contracts.ReturnForCorrection: lambda: at_notary.return_for_correction(asked, state),
        contracts.Certify: lambda: at_notary.certify(asked, state, (known, known), 1),
        contracts.RevokeCertification: lambda: at_notary.revoke(asked, state, (known, known)),
        contracts.Annul: lambda: at_notary.annul(asked, state),
        contracts.EstimateValue: lambda: valuing.estimate(asked, state),
        contracts.CorrectValue: lambda: valuing.correct_value(asked, state),
        contracts.ProposeAmendment: lambda: amending.propose(asked, state, hall),
        contracts.SignAmendment: lambda: amending.sign_amendment(asked, state, hall),
        contracts.WithdrawAmendment: lambda: amending.withdraw_amendment(asked, state),
    }
    return judges.get(type(asked), lambda: following.follow(state, asked))()


def judge_organisation(state: Any, asked: Any, _: Any) -> tuple[Any, ...]:
    other = organisation_state.Organisation(name="x", side=baker.side, rehearsal=False)
    match asked:
        case organisations.MergeOrganisation() if asked.into < asked.duplicate:
            return organisation.merge(asked, state, other)[0]
        case organisations.MergeOrganisation():
            return organisation.merge(asked, other, state)[1]
        case organisations.TellApart():
            return organisation.tell_apart(asked, state, other)
        case _:
            return organisation.decide(state, asked)


def judge_part(state: Any, asked: Any, hall: Any) -> tuple[Any, ...]:
    if isinstance(asked, participations.RequestParticipation):
        known = organisation_state.Organisation(name="x", side=baker.side, rehearsal=False)
        return participation.request(asked, state, hall, known)
    if isinstance(asked, participations.IssueBadge):
        known = organisation_state.Organisation(name="x", side=baker.side, rehearsal=False)
        return participation.issue_badge(asked, state, known)
    return participation.decide(state, asked, hall)


HEAD = 1000
"""How far the log reaches in the eyes of those who announce."""


def judge_statement(state: Any, asked: Any, hall: Any) -> tuple[Any, ...]:
    if isinstance(asked, statement.AnnounceResults):
        return statement.announce(asked, state, hall, HEAD)
    return statement.correct(asked, state, HEAD)


parties = st.sampled_from([bakery, food_bank, garage])
said = st.sampled_from([terms, better])
offers = st.builds(
    listings.PublishListing,
    marketplace=st.just(ruhrdax),
    by=st.just(bakery),
    kind=WILD.of(ListingKind),
    area=st.just(registering.plan.areas[0].id),
    title=st.just("Bread"),
    quantity=st.integers(0, 9),
    unit=st.just("baskets"),
)
promises = st.builds(
    listings.PromiseListing,
    marketplace=st.just(ruhrdax),
    negotiation=st.just(table_one),
    quantity=st.integers(-3, 5),
)
steps = st.one_of(
    st.builds(
        negotiations.OpenNegotiation,
        marketplace=st.just(ruhrdax),
        by=st.just(bakery),
        to=st.just((food_bank,)),
        terms=said,
    ),
    st.builds(negotiations.CounterTerms, by=parties, terms=said),
    st.builds(negotiations.AcceptTerms, by=parties),
    st.builds(negotiations.WithdrawFromNegotiation, by=parties),
    st.builds(negotiations.CallBroker, by=parties),
)
told = st.builds(
    contracts.PledgeTold,
    pledge=st.integers(0, 2),
    running=st.booleans(),
    delivered=st.integers(0, 4),
    reason=st.none() | WILD.of(NonFulfilmentReason),
)
at_desks = st.one_of(
    st.just(
        contracts.DraftFromForm(
            marketplace=ruhrdax, parties=(bakery, food_bank), terms=terms, form_number=None, broker=None
        )
    ),
    st.builds(contracts.CorrectForm, terms=said),
    st.builds(contracts.Sign, signature=st.builds(signature, parties, st.sampled_from([anna, None]), said)),
    st.builds(contracts.SubmitToNotary),
    st.builds(contracts.Certify, notary=st.sampled_from([notary, anna])),
    st.builds(contracts.RepudiateSignature, party=parties),
    st.builds(contracts.ApproveSignature, party=parties),
    st.builds(contracts.ProposeAmendment, by=parties, terms=said),
    st.builds(contracts.SignAmendment, signature=st.builds(signature, parties, st.sampled_from([anna, None]), said)),
    st.builds(contracts.WithdrawAmendment, by=parties),
    st.builds(contracts.RecordDelivery, told=told),
    st.builds(contracts.ConfirmFulfilment, pledge=st.integers(0, 2), by=parties),
    st.builds(contracts.ReturnForCorrection, reasons=st.lists(WILD.of(ReturnReason), max_size=2).map(tuple)),
)

KINDS = {
    "marketplace": Kind(
        wild(marketplaces.Command) | st.just(marketplaces.PlanMarketplace(plan=trading.plan)),
        lambda state, asked, _: marketplace.decide(state, asked),
        edition.evolve,
        edition.replay,
    ),
    "organisation": Kind(
        wild(organisations.Command),
        judge_organisation,
        organisation_state.evolve,
        organisation_state.replay,
    ),
    "participation": Kind(
        wild(participations.Command), judge_part, participation_state.evolve, participation_state.replay
    ),
    "listing": Kind(wild(listings.Command) | offers | promises, judge_listing, listing_evolve, listing_replay),
    "negotiation": Kind(wild(negotiations.Command) | steps, judge_table, negotiation_evolve, negotiation_replay),
    "contract": Kind(wild(contracts.Command) | at_desks, judge_form, contract_evolve, contract_replay),
    "results": Kind(
        wild(statement.AnnounceResults | statement.CorrectResults),
        judge_statement,
        statement.evolve,
        statement.replay,
    ),
    "access": Kind(
        wild(members.Command),
        lambda state, asked, _: members.decide(state, asked),
        members.evolve,
        members.replay,
        members.Access(),
    ),
    "person": Kind(
        wild(persons.Command),
        lambda state, asked, _: person.decide(state, asked, date(2026, 11, 23)),
        person_state.evolve,
        person_state.replay,
        person_state.Person(),
    ),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(data=st.data())
def test_what_is_decided_evolves_and_what_isn_t_is_refused(kind: Kind, data: st.DataObject) -> None:
    """Nothing but a Refusal comes of an illegal request; nothing but a state comes of a decided fact."""
    state, facts = kind.nothing, []
    for asked in data.draw(st.lists(kind.commands, max_size=15)):
        hall = data.draw(st.sampled_from([trading, trading, registering, over]))
        try:
            decided = kind.judge(state, asked, hall)
        except Refusal:
            continue
        assert decided
        for fact in decided:
            state = kind.evolve(state, fact)
            assert entry_of(fact)
            assert canonical(details_of(fact))
            facts.append(fact)
    assert kind.replay(facts) == state


STATE_OF = {
    Standing.UNTOUCHED: LedgerState.CERTIFIED,
    Standing.RUNNING: LedgerState.RUNNING,
    Standing.FULFILLED: LedgerState.FULFILLED,
    Standing.PARTLY_FULFILLED: LedgerState.PARTLY_FULFILLED,
    Standing.NOT_FULFILLED: LedgerState.NOT_FULFILLED,
}
BEFORE_AND_AFTER = {
    contract_state.Draft: LedgerState.DRAFTED,
    contract_state.Signed: LedgerState.SIGNED,
    contract_state.AtNotary: LedgerState.AT_NOTARY,
    contract_state.Returned: LedgerState.RETURNED,
    contract_state.Abandoned: LedgerState.ABANDONED,
    contract_state.Void: LedgerState.VOID,
    contract_state.Annulled: LedgerState.ANNULLED,
}


def ledger_state(contract: Any) -> LedgerState:
    """Where a contract stands in the ledger's words, as its own state tells it."""
    match contract:
        case contract_state.Certified(repudiated=doubt) if doubt:
            return LedgerState.REPUDIATED
        case contract_state.Certified(disputed=True):
            return LedgerState.DISPUTED
        case contract_state.Certified():
            return STATE_OF[standing(contract.form.terms.pledges, contract.progress)]
        case _:
            return BEFORE_AND_AFTER[type(contract)]


@given(data=st.data())
def test_the_ledger_tells_what_the_contract_s_own_state_tells(data: st.DataObject) -> None:
    """Whatever is recorded of a contract, its row and its state agree on state, signatures, terms, values, progress."""
    kind = KINDS["contract"]
    state, row, position = kind.nothing, None, 0
    for fact in data.draw(st.sampled_from([(), queued, sealed])):
        position += 1
        state, row = kind.evolve(state, fact), ledger_evolve(row, recorded(fact, position))
    for asked in data.draw(st.lists(kind.commands, max_size=25)):
        hall = data.draw(st.sampled_from([trading, trading, over]))
        try:
            decided = kind.judge(state, asked, hall)
        except Refusal:
            continue
        for fact in decided:
            position += 1
            state = kind.evolve(state, fact)
            row = ledger_evolve(row, recorded(fact, position))
    if row is not None:
        pledges = state.form.terms.pledges
        assert row.state is ledger_state(state)
        assert (row.pledges, row.terms_hash) == (pledges, state.form.terms_hash)
        assert row.values == tuple(state.value_of(place) for place in range(len(pledges)))
        if isinstance(state, contract_state.Certified):
            assert row.progress == state.progress
            assert {party.participation for party in row.parties if party.repudiated} == state.repudiated
            assert (row.amendment is None) == (state.amendment is None)
        elif not isinstance(state, contract_state.Void | contract_state.Annulled):
            signed = {signature.party for signature in state.signatures}
            assert {party.participation for party in row.parties if party.signed} == signed
