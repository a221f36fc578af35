"""Negotiations, told as they happen at the table."""

from dataclasses import replace
from datetime import date

import pytest

from domain.identity import AreaId
from domain.listing.refusals import AreaUnknown
from domain.marketplace.plan import Reciprocity
from domain.marketplace.refusals import TradingNotOpen
from domain.money import Basis, Value, hourly
from domain.negotiation import refusals as why
from domain.negotiation.commands import (
    AcceptTerms,
    CallBroker,
    CounterTerms,
    JoinAsBroker,
    OpenNegotiation,
    RejectTerms,
    WithdrawFromNegotiation,
)
from domain.negotiation.decisions import Step, decide, lapse, must_all_be_there, open_negotiation
from domain.negotiation.events import (
    BrokerCalled,
    BrokerJoined,
    Fact,
    NegotiationLapsed,
    NegotiationOpened,
    NegotiationWithdrawn,
    RejectionReason,
    TermsAccepted,
    TermsCountered,
    TermsProposed,
    TermsRejected,
)
from domain.negotiation.rules import must_be_terms
from domain.negotiation.state import Agreed, Ended, Ending, Proposed, replay
from domain.negotiation.terms import Party, Pledge, Terms, is_one_sided, terms_hash
from domain.participation.refusals import NotOnTheFloor
from domain.participation.state import Admitted, NotComing
from domain.refusal import LogDamaged, NotThere, Refusal
from domain.words import NotPlainText, QuantityOutOfRange, TooManyWords, WordsMissing
from tests.domain.people import (
    baker,
    bakers,
    bakery,
    better,
    bread,
    broker,
    food_bank,
    food_banker,
    garage,
    here,
    mechanic,
    over,
    plan,
    poster,
    refused,
    registering,
    repair,
    ruhrdax,
    stranger,
    terms,
    trading,
)

two, three = (baker, food_banker), (baker, food_banker, mechanic)
of_three = replace(terms, pledges=(bread, replace(poster, receiver=garage), repair))
sit_down = OpenNegotiation(marketplace=ruhrdax, by=bakery, to=(food_bank,), terms=terms)
no = RejectionReason.NO_CAPACITY


def seated(parties: tuple[Party, ...], said: Terms) -> tuple[Fact, ...]:
    return (
        NegotiationOpened(marketplace=ruhrdax, parties=parties, rehearsal=False),
        TermsProposed(by=bakery, terms=said),
    )


opened, opened_by_three = seated(two, terms), seated(three, of_three)


def when(step: Step, *history: Fact) -> tuple[Fact, ...]:
    return decide(replay(history), trading, step)


def test_the_bakery_sits_down_and_proposes() -> None:
    """Both parties have their badges on and the gong has rung."""
    assert open_negotiation(sit_down, None, trading, (here(baker), here(food_banker))) == opened


def test_three_sit_down() -> None:
    """A garage joins in: contracts between three happen."""
    command = replace(sit_down, to=(food_bank, garage), terms=of_three)
    people = (here(baker), here(food_banker), here(mechanic))
    assert open_negotiation(command, None, trading, people) == opened_by_three


def test_nobody_sits_down_twice_outside_the_gongs_or_without_a_badge() -> None:
    """Opened once, between the gongs, by people who are on the floor of this edition."""
    floor = (here(baker), here(food_banker))
    refused(why.AlreadyOpened, lambda: open_negotiation(sit_down, replay(opened), trading, floor))
    for edition in (registering, over):
        with pytest.raises(TradingNotOpen):
            open_negotiation(sit_down, None, edition, floor)
    refused(NotThere, lambda: open_negotiation(sit_down, None, None, floor))
    refused(NotThere, lambda: open_negotiation(sit_down, None, trading, (here(baker), None)))
    waiting = Admitted(marketplace=ruhrdax, organisation=bakers, side=baker.side)
    refused(NotOnTheFloor, lambda: open_negotiation(sit_down, None, trading, (waiting, here(food_banker))))


def test_the_party_who_was_asked_can_counter_accept_or_reject() -> None:
    """The food bank answers the bakery's proposal."""
    assert when(CounterTerms(by=food_bank, terms=better), *opened) == (TermsCountered(by=food_bank, terms=better),)
    assert when(AcceptTerms(by=food_bank), *opened) == (TermsAccepted(by=food_bank),)
    assert when(RejectTerms(by=food_bank, reason=no), *opened) == (TermsRejected(by=food_bank, reason=no),)


def test_nobody_answers_their_own_proposal() -> None:
    """The bakery has to wait: the food bank holds its last word."""
    answers: list[Step] = [
        AcceptTerms(by=bakery),
        CounterTerms(by=bakery, terms=better),
        RejectTerms(by=bakery, reason=no),
    ]
    for answer in answers:
        with pytest.raises(why.NotYourTurn) as waits:
            when(answer, *opened)
        assert "Wait for their answer" in waits.value.sentence


def test_who_doesn_t_sit_there_has_no_say() -> None:
    """A stranger can neither answer, nor withdraw, nor call a broker."""
    steps: list[Step] = [
        AcceptTerms(by=stranger),
        WithdrawFromNegotiation(by=stranger),
        CallBroker(by=stranger),
    ]
    for step in steps:
        with pytest.raises(why.NotAParty):
            when(step, *opened)


def test_one_takes_back_one_s_own_words_only() -> None:
    """The bakery withdraws its proposal; the food bank can't do it in its place."""
    assert when(WithdrawFromNegotiation(by=bakery), *opened) == (NegotiationWithdrawn(by=bakery),)
    refused(why.NotYourProposal, lambda: when(WithdrawFromNegotiation(by=food_bank), *opened))


def test_a_counter_turns_the_table() -> None:
    """After a counter the bakery answers, and the words on the table are the food bank's."""
    countered = (*opened, TermsCountered(by=food_bank, terms=better))
    assert when(AcceptTerms(by=bakery), *countered) == (TermsAccepted(by=bakery),)
    assert when(WithdrawFromNegotiation(by=food_bank), *countered)
    agreed = replay((*countered, TermsAccepted(by=bakery)))
    assert isinstance(agreed, Agreed)
    assert agreed.terms == better


def test_three_agree_only_when_the_last_has_accepted() -> None:
    """The food bank's yes isn't the garage's; who has answered doesn't answer twice; a counter asks all again."""
    halfway = (*opened_by_three, TermsAccepted(by=food_bank))
    table = replay(halfway)
    assert isinstance(table, Proposed)
    assert table.awaited == {garage}
    refused(why.NotYourTurn, lambda: when(AcceptTerms(by=food_bank), *halfway))
    assert isinstance(replay((*halfway, TermsAccepted(by=garage))), Agreed)
    turned = replay((*halfway, TermsCountered(by=garage, terms=of_three)))
    assert isinstance(turned, Proposed)
    assert turned.awaited == {bakery, food_bank}


def test_a_broker_is_called_once_and_comes_once() -> None:
    """The broker who joined is named in what is agreed."""
    call, join = CallBroker(by=food_bank), JoinAsBroker(broker=broker)
    called = (*opened, BrokerCalled(by=food_bank))
    joined = (*called, BrokerJoined(broker=broker))
    assert when(call, *opened) == (BrokerCalled(by=food_bank),)
    assert when(join, *opened) == when(join, *called) == (BrokerJoined(broker=broker),)
    refused(why.BrokerAlreadyCalled, lambda: when(call, *called))
    refused(why.BrokerAlreadyThere, lambda: when(call, *joined))
    refused(why.BrokerAlreadyThere, lambda: when(join, *joined))
    agreed = replay((*joined, TermsAccepted(by=food_bank)))
    assert isinstance(agreed, Agreed)
    assert agreed.broker == broker


@pytest.mark.parametrize(
    ("last", "ending"),
    [
        (TermsRejected(by=food_bank, reason=no), Ending.REJECTED),
        (NegotiationWithdrawn(by=bakery), Ending.WITHDRAWN),
        (NegotiationLapsed(), Ending.LAPSED),
    ],
)
def test_what_has_ended_has_ended(last: Fact, ending: Ending) -> None:
    """Rejected, withdrawn or lapsed: no step follows, and the sentence says to open a new one."""
    ended = replay((*opened, last))
    assert isinstance(ended, Ended)
    assert ended.ending is ending
    refused(why.NegotiationOver, lambda: when(AcceptTerms(by=food_bank), *opened, last))
    refused(why.NegotiationOver, lambda: lapse(ended, over))
    with pytest.raises(LogDamaged):
        replay((*opened, last, TermsAccepted(by=food_bank)))


def test_what_is_agreed_stays_agreed() -> None:
    """After the last yes nothing is countered or lapses; that is the form's or an amendment's work."""
    agreed = (*opened, TermsAccepted(by=food_bank))
    refused(why.AlreadyAgreed, lambda: when(CounterTerms(by=bakery, terms=better), *agreed))
    refused(why.AlreadyAgreed, lambda: lapse(replay(agreed), over))


def test_no_step_after_the_gong() -> None:
    """Every step asks whether trading is open."""
    steps: list[Step] = [
        CounterTerms(by=food_bank, terms=better),
        AcceptTerms(by=food_bank),
        RejectTerms(by=food_bank, reason=no),
        WithdrawFromNegotiation(by=bakery),
        CallBroker(by=bakery),
        JoinAsBroker(broker=broker),
    ]
    for step in steps:
        with pytest.raises(TradingNotOpen):
            decide(replay(opened), over, step)
        with pytest.raises(NotThere):
            decide(None, trading, step)
        with pytest.raises(NotThere):
            decide(replay(opened[:1]), trading, step)


def test_the_gong_ends_what_isn_t_agreed() -> None:
    """While trading is on nothing lapses; afterwards every open table does."""
    assert lapse(replay(opened), over) == (NegotiationLapsed(),)
    refused(why.StillTrading, lambda: lapse(replay(opened), trading))
    refused(NotThere, lambda: lapse(None, over))
    refused(NotThere, lambda: lapse(replay(opened), None))


def test_terms_are_held_to_the_rules_whenever_they_are_named() -> None:
    """A one-sided counter is refused as a one-sided proposal is, in words that can be acted on."""
    lone = replace(terms, pledges=(bread,))
    with pytest.raises(why.OneSided) as one_sided:
        when(CounterTerms(by=food_bank, terms=lone), *opened)
    assert "Add what you offer" in one_sided.value.sentence
    floor = (here(baker), here(food_banker))
    refused(why.OneSided, lambda: open_negotiation(replace(sit_down, terms=lone), None, trading, floor))


@pytest.mark.parametrize("mild", [Reciprocity.ENCOURAGED, Reciprocity.OFF])
def test_a_mild_host_lets_one_sided_terms_pass(mild: Reciprocity) -> None:
    """Accepted under `encouraged` and `off`; that they are one-sided can still be told."""
    lone = replace(terms, pledges=(bread,))
    must_be_terms(lone, (bakery, food_bank), replace(plan, reciprocity=mild))
    assert is_one_sided(lone, (bakery, food_bank))
    assert not is_one_sided(terms, (bakery, food_bank))


def valued(value: Value) -> Pledge:
    return replace(bread, value=value)


stated = Value(minor=1_000, currency="EUR", basis=Basis.STATED, rate_minor=None, minutes=None)


@pytest.mark.parametrize(
    ("pledge", "reason"),
    [
        (replace(bread, receiver=bakery), why.PledgeOutsideTheTable),
        (replace(bread, receiver=stranger), why.PledgeOutsideTheTable),
        (replace(bread, area=AreaId("cash")), AreaUnknown),
        (replace(bread, title="\t"), WordsMissing),
        (replace(bread, title="B" * 201), TooManyWords),
        (replace(bread, title="Bro\u0308tchen"), NotPlainText),
        (replace(bread, title="Bread\x00"), NotPlainText),
        (replace(bread, title="Bread \ud800"), NotPlainText),
        (replace(bread, unit=""), WordsMissing),
        (replace(bread, quantity=0), QuantityOutOfRange),
        (replace(bread, quantity=-4), QuantityOutOfRange),
        (replace(bread, due_from=date(2007, 4, 1)), why.DueBackwards),
        (valued(replace(stated, minor=-1)), why.ValueOutOfRange),
        (valued(replace(stated, minor=2**60)), why.ValueOutOfRange),
        (valued(replace(stated, currency="CHF")), why.OtherCurrency),
        (valued(replace(stated, rate_minor=1_500)), why.ValueDoesntAddUp),
        (valued(replace(stated, basis=Basis.HOURLY_RATE)), why.ValueDoesntAddUp),
        (valued(replace(hourly(1_500, 60), minor=1_501)), why.ValueDoesntAddUp),
    ],
)
def test_a_pledge_that_can_t_stand_on_a_form_is_refused(pledge: Pledge, reason: type[Refusal]) -> None:
    """Outside the table, without words or quantity, due backwards, in francs, or valued wrongly."""
    wrong = replace(terms, pledges=(pledge, poster))
    refused(reason, lambda: must_be_terms(wrong, (bakery, food_bank), plan))


@pytest.mark.parametrize(
    ("said", "table", "reason"),
    [
        (terms, (bakery,), why.TooFewParties),
        (terms, (bakery, bakery), why.TooFewParties),
        (terms, (bakery, food_bank, *(f"p{n}" for n in range(4))), why.TooManyParties),
        (replace(terms, pledges=()), (bakery, food_bank), why.NoPledges),
        (replace(terms, pledges=(bread,) * 21), (bakery, food_bank), why.TooManyPledges),
        (replace(terms, first_contact_by=stranger), (bakery, food_bank), why.CallerNotAtTheTable),
        (replace(terms, first_contact_days=0), (bakery, food_bank), why.ContactOutOfTime),
        (replace(terms, first_contact_days=367), (bakery, food_bank), why.ContactOutOfTime),
    ],
)
def test_terms_that_can_t_be_a_form_are_refused(said: Terms, table: tuple[str, ...], reason: type[Refusal]) -> None:
    """Too few at the table, or too many; nothing given, or too much; a first contact by nobody who sits there."""
    refused(reason, lambda: must_be_terms(said, table, plan))  # type: ignore[arg-type]  # ids are text


def test_nobody_agrees_with_who_has_left() -> None:
    """Given two parties, when one is no longer on the floor, then nothing is agreed; with both there, it may be."""
    left = NotComing(marketplace=ruhrdax, organisation=baker.organisation, side=baker.side)
    must_all_be_there([here(baker), here(food_banker)])
    refused(why.PartyHasLeft, lambda: must_all_be_there([left, here(food_banker)]))


def test_an_unvalued_pledge_is_no_fault() -> None:
    """Nobody has to estimate: unknown is never zero. An hour's half cent is rounded up."""
    must_be_terms(replace(terms, pledges=(replace(bread, value=None), poster)), (bakery, food_bank), plan)
    must_be_terms(replace(terms, pledges=(valued(hourly(1_001, 30)), poster)), (bakery, food_bank), plan)
    assert hourly(1_001, 30).minor == 501


def test_other_terms_have_another_hash() -> None:
    """What is signed names every word: the same terms hash alike, a changed title doesn't."""
    assert terms_hash(terms) == terms_hash(replace(terms))
    assert terms_hash(terms) != terms_hash(replace(terms, pledges=(replace(bread, title="Bread"), poster)))
