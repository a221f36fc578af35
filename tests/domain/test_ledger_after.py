"""The ledger's row after the seal: its state follows from its pledges, and what no longer counts says why."""

from dataclasses import replace

from domain.contract import events as fact
from domain.contract.form import Manner
from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason
from domain.contract.reasons import AnnulmentReason, DisputeReason, ReminderKind, RevocationReason
from domain.envelope import Actor, Envelope, Recorded
from domain.identity import EventId, StreamId
from domain.instant import Instant
from domain.ledger.fold import evolve
from domain.ledger.row import LedgerRow, LedgerState, Source
from domain.money import Basis, Value
from domain.names import name_of
from domain.negotiation.terms import terms_hash
from domain.results.tally import Tally
from domain.results.tally import evolve as tallied
from tests.domain.people import anna, bakery, ben, better, food_bank, form_one, notary, queued, ruhrdax, signature

sealed = (*queued, fact.ContractCertified(notary=notary, number=1, terms_hash=""))


def told(*facts: fact.Fact) -> LedgerRow:
    """The row after these facts."""
    row: LedgerRow | None = None
    for position, each in enumerate(facts, 1):
        row = evolve(row, recorded(each, position))
    assert row is not None
    return row


def recorded(each: fact.Fact, position: int) -> Recorded:
    """The fact as the log has it."""
    envelope = Envelope(
        origin="handschlag/essen",
        id=EventId(f"00000000-0000-4000-8000-{position:012}"),
        stream=StreamId(form_one),
        version=position,
        type=name_of(each),
        time=Instant(f"2006-09-18T16:{position:02}:00.000000Z"),
        actor=Actor(id="clerk", role="clerk"),
        cause=None,
        correlation=None,
        rehearsal=False,
        data=each,
    )
    return Recorded(position, envelope)


def state(*after: fact.Fact) -> LedgerState:
    """The state of a certified contract after more facts."""
    return told(*sealed, *after).state


def delivered(pledge: int, quantity: int) -> fact.DeliveryRecorded:
    """So much of a pledge came."""
    return fact.DeliveryRecorded(pledge=pledge, quantity=quantity, on=None)


def gone(pledge: int, reason: NonFulfilmentReason = NonFulfilmentReason.NO_TIME) -> fact.NonFulfilmentRecorded:
    """The pledge won't come."""
    return fact.NonFulfilmentRecorded(pledge=pledge, reason=reason)


def test_a_contract_s_state_follows_from_its_pledges() -> None:
    """Four baskets and a poster: whatever is told of both gives the state."""
    assert state() is LedgerState.CERTIFIED
    assert state(fact.PledgeRunning(pledge=0)) is LedgerState.RUNNING
    assert state(delivered(0, 4)) is LedgerState.RUNNING
    assert state(delivered(0, 4), delivered(1, 1)) is LedgerState.FULFILLED
    assert state(delivered(0, 4), gone(1)) is LedgerState.PARTLY_FULFILLED
    assert state(delivered(0, 2), gone(0), gone(1)) is LedgerState.PARTLY_FULFILLED
    assert state(gone(0), gone(1)) is LedgerState.NOT_FULFILLED
    assert state(gone(0), gone(1), fact.PledgeRunning(pledge=1)) is LedgerState.RUNNING


def test_doubt_and_dispute_stand_before_what_the_pledges_say() -> None:
    """A repudiated signature takes a contract off the board, a dispute doesn't; both pass."""
    dispute = fact.ContractDisputed(by=bakery, pledge=0, reason=DisputeReason.NOT_AS_AGREED)
    doubt = fact.SignatureRepudiated(party=bakery)
    assert state(delivered(0, 4), dispute) is LedgerState.DISPUTED
    assert state(dispute, doubt) is LedgerState.REPUDIATED
    assert state(dispute, doubt, fact.SignatureApproved(party=bakery)) is LedgerState.DISPUTED
    assert state(dispute, fact.DisputeSettled()) is LedgerState.CERTIFIED


def test_what_no_longer_counts_keeps_its_number_and_says_why() -> None:
    """Revoked is void, annulled is annulled, and a form without seal is given up."""
    revoked = told(*sealed, fact.CertificationRevoked(notary=notary, reason=RevocationReason.WRONG_TERMS))
    assert (revoked.state, revoked.number, revoked.ended_reason) == (LedgerState.VOID, 1, "wrong_terms")
    annulled = told(*sealed, fact.ContractAnnulled(reason=AnnulmentReason.NO_MANDATE))
    assert (annulled.state, annulled.number, annulled.counts) == (LedgerState.ANNULLED, 1, False)
    given_up = told(*queued, fact.ContractAnnulled(reason=AnnulmentReason.WRITTEN_TWICE))
    assert (given_up.state, given_up.number) == (LedgerState.ABANDONED, None)


def test_the_tally_says_why_the_count_fell() -> None:
    """A counted contract that is repudiated, approved and revoked leaves the board as it found it, with a reason."""
    steps = (
        *sealed,
        fact.SignatureRepudiated(party=bakery),
        fact.SignatureApproved(party=bakery),
        fact.CertificationRevoked(notary=notary, reason=RevocationReason.OTHER),
    )
    tally, before, counts = Tally(marketplace=ruhrdax), None, []
    for position, each in enumerate(steps, 1):
        after = evolve(before, recorded(each, position))
        tally, before = tallied(tally, before, after), after
        counts.append(tally.contracts)
    assert counts[-4:] == [1, 0, 1, 0]
    assert (tally.value_minor, tally.repudiated, tally.revoked, tally.forms) == (0, 0, 1, 1)


def test_an_amendment_lies_on_the_table_until_it_holds() -> None:
    """The row shows what is proposed and who has signed; what was told of an unchanged pledge stays told."""
    proposed = fact.AmendmentProposed(by=bakery, terms=better, terms_hash=terms_hash(better))
    signed = fact.AmendmentSigned(signature=signature(bakery, said=better))
    half = told(*sealed, delivered(0, 2), proposed, signed)
    assert half.amendment is not None
    assert (half.amendment.by, half.amendment.signed, len(half.pledges)) == (bakery, (bakery,), 2)
    whole = told(
        *sealed,
        delivered(0, 2),
        proposed,
        signed,
        fact.AmendmentSigned(signature=signature(food_bank, said=better)),
        fact.ContractAmended(terms=better, terms_hash=terms_hash(better)),
    )
    assert (whole.amendment, whole.amendments, len(whole.pledges), whole.progress[0].delivered) == (None, 1, 3, 2)


def test_who_signed_an_amendment_signed_the_terms_that_stand() -> None:
    """Given an amendment signed by others than the form, when it holds, then the row names them and their consent."""
    proposed = fact.AmendmentProposed(by=bakery, terms=better, terms_hash=terms_hash(better))
    given = [replace(signature(party, notary, better), publicity=False) for party in (bakery, food_bank)]
    half = told(*sealed, proposed, fact.AmendmentSigned(signature=given[0]))
    assert [(party.person, party.publicity) for party in half.parties] == [(anna, True), (ben, True)]
    amended = fact.ContractAmended(terms=better, terms_hash=terms_hash(better))
    whole = told(*sealed, proposed, *(fact.AmendmentSigned(signature=each) for each in given), amended)
    assert [(party.person, party.publicity) for party in whole.parties] == [(notary, False), (notary, False)]


def test_a_valuer_s_word_counts_and_the_form_keeps_its_own() -> None:
    """The sum on the board follows the values that stand."""
    worth = Value(minor=1_000, currency="EUR", basis=Basis.STATED, rate_minor=None, minutes=None)
    row = told(*queued, fact.ValueEstimated(pledge=0, value=worth))
    assert (row.value.minor, row.values[0], row.pledges[0].value != worth) == (1_000, worth, True)


def test_the_newest_call_of_each_party_stands_in_the_row() -> None:
    """Calls and reminders are told apart; each shows its newest."""
    silent = fact.FollowUpCalled(party=bakery, outcome=CallOutcome.NOT_REACHED)
    row = told(
        *sealed,
        silent,
        fact.Reminded(party=bakery, kind=ReminderKind.DID_IT_HAPPEN),
        fact.FollowUpCalled(party=bakery, outcome=CallOutcome.REACHED),
    )
    assert [(call.outcome, call.reminder) for call in row.calls] == [
        (None, ReminderKind.DID_IT_HAPPEN),
        (CallOutcome.REACHED, None),
    ]


def test_paper_is_marked_with_when_it_was_filled() -> None:
    """Occurred-at stands beside recorded-at, and the witness beside the signature."""
    filled = Instant("2006-09-18T15:00:00.000000Z")
    row = told(queued[0], fact.CapturedFromPaper(occurred_at=filled, in_series=True))
    assert (row.source, row.occurred_at, row.drafted_at > filled) == (Source.PAPER, filled, True)
    assert told(*queued).parties[0].manner is Manner.BADGE_AND_PIN
