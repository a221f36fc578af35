"""A table beside its model: whatever the parties may do is decided, and nothing else is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from domain.identity import AreaId, PersonId
from domain.money import Basis, Value
from domain.negotiation import commands as ask
from domain.negotiation import refusals
from domain.negotiation.decisions import decide, lapse, open_negotiation
from domain.negotiation.events import RejectionReason
from domain.negotiation.state import Agreed, Ended, Negotiation, Proposed, Seated, evolve
from tests.domain.people import (
    bakery,
    better,
    bread,
    broker,
    elsewhere,
    food_bank,
    garage,
    notary,
    poster,
    repair,
    ruhrdax,
    stranger,
    stream,
    terms,
)
from tests.laws.models.driving import Bench, all_in, roam, wander
from tests.laws.models.hall import edition, part
from tests.laws.models.negotiation import NegotiationModel

PARTIES = (bakery, food_bank, garage, stranger)
CROWD = tuple(type(bakery)(stream(f"party {number}")) for number in range(6))
stated = Value(minor=1_000, currency="EUR", basis=Basis.STATED, rate_minor=None, minutes=None)


def said(*pledges: Any) -> Any:
    return replace(terms, pledges=pledges)


FAIR = (terms, better, said(bread, replace(poster, receiver=garage), repair), replace(terms, first_contact_by=None))
AMISS = (
    said(bread),
    said(),
    said(*[bread] * 11, *[poster] * 10),
    said(bread, replace(poster, receiver=food_bank)),
    said(bread, replace(poster, receiver=stranger)),
    said(bread, replace(poster, area=AreaId("money"))),
    said(bread, replace(poster, title="")),
    said(bread, replace(poster, unit="x" * 65)),
    said(bread, replace(poster, quantity=0)),
    said(replace(bread, due_until=bread.due_from, due_from=bread.due_until), poster),
    said(bread, replace(poster, value=replace(stated, minor=-1))),
    said(bread, replace(poster, value=replace(stated, currency="USD"))),
    said(bread, replace(poster, value=replace(stated, rate_minor=1))),
    said(bread, replace(poster, value=replace(stated, basis=Basis.HOURLY_RATE, minutes=60))),
    replace(terms, first_contact_by=stranger),
    replace(terms, first_contact_days=367),
)

SEATS: tuple[Any, ...] = (
    (ruhrdax, bakery, (food_bank,)),
    (ruhrdax, food_bank, (garage, bakery)),
    (ruhrdax, bakery, ()),
    (ruhrdax, bakery, (bakery,)),
    (ruhrdax, bakery, (stranger,)),
    (ruhrdax, bakery, CROWD),
    (elsewhere, bakery, (food_bank,)),
)
REPERTOIRE: dict[type, Sequence[Any]] = {
    ask.OpenNegotiation: [
        *(
            ask.OpenNegotiation(marketplace=there, by=by, to=to, terms=words)
            for there, by, to in SEATS
            for words in FAIR
        ),
        *(ask.OpenNegotiation(marketplace=ruhrdax, by=bakery, to=(food_bank,), terms=words) for words in AMISS),
    ],
    ask.CounterTerms: [ask.CounterTerms(by=by, terms=words) for by in PARTIES for words in (*FAIR, *FAIR, *AMISS)],
    ask.AcceptTerms: [ask.AcceptTerms(by=by) for by in PARTIES],
    ask.RejectTerms: [ask.RejectTerms(by=by, reason=RejectionReason.NOT_FAIR) for by in PARTIES],
    ask.WithdrawFromNegotiation: [ask.WithdrawFromNegotiation(by=by) for by in PARTIES],
    ask.CallBroker: [ask.CallBroker(by=by) for by in PARTIES],
    ask.JoinAsBroker: [ask.JoinAsBroker(broker=PersonId(who)) for who in (broker, notary)],
    ask.LapseNegotiation: [ask.LapseNegotiation()],
}


def judge(table: Negotiation | None, asked: Any, model: NegotiationModel) -> Sequence[Any]:
    """The decisions' answer, given the hall as the application would read it."""
    held = edition(model.hall)
    match asked:
        case ask.OpenNegotiation(by=by, to=to):
            return open_negotiation(asked, table, held, [part(model.hall, party) for party in (by, *to)])
        case ask.LapseNegotiation():
            return lapse(table, held)
        case _:
            return decide(table, held, asked)


def see(table: Negotiation | None) -> Any:
    """The table's state in the model's words."""
    match table:
        case None:
            return None
        case Ended():
            return {"stage": table.ending, "parties": seats(table)}
        case Agreed():
            return {"stage": "agreed", "parties": seats(table), "terms": table.terms, "broker": table.broker}
        case Proposed():
            return {
                "stage": "proposed",
                "parties": seats(table),
                "terms": table.terms,
                "broker": table.broker,
                "called": table.broker_called,
                "proposer": table.proposer,
                "awaited": table.awaited,
            }
        case Seated():
            return "nothing lies on the table"


def seats(table: Negotiation) -> tuple[str, ...]:
    return tuple(party.participation for party in table.parties)


BENCH = Bench(
    model=NegotiationModel,
    repertoire=REPERTOIRE,
    judge=judge,
    evolve=evolve,
    see=see,
    rare=frozenset({ask.RejectTerms, ask.WithdrawFromNegotiation, ask.AcceptTerms}),
)


@given(data=st.data())
def test_no_illegal_step_at_a_table_is_recorded_and_no_legal_one_refused(data: st.DataObject) -> None:
    """Proposed, countered, helped, agreed, rejected, withdrawn, lapsed: model and decisions go side by side."""
    wander(BENCH, data, 30)


def test_the_courses_reach_every_state_of_a_negotiation() -> None:
    """Every state and every command is reached, and every reason to refuse is given at least once.

    Nobody ever sees a table at which nothing lies: sitting down and proposing is one step. Nobody leaves the floor in
    these courses: that the others' agreement is refused then, tests/domain/test_table.py and tests/services/api tell.
    """
    wanted = {*get_args(Negotiation), *get_args(ask.Command), *all_in(refusals)}
    assert not roam(BENCH, 150, 30, wanted - {Seated, refusals.PartyHasLeft})
