"""The contract after the seal: values, signatures in doubt, amendments, follow-up, revocation, annulment."""

from dataclasses import replace
from datetime import date

from domain.contract import commands as ask
from domain.contract import events as fact
from domain.contract import refusals as why
from domain.contract.amending import propose, sign_amendment, withdraw_amendment
from domain.contract.decisions import approve, repudiate
from domain.contract.following import follow
from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason, PledgeStatus, Progress, Standing, standing
from domain.contract.notary import annul, certify, revoke
from domain.contract.reasons import (
    AnnulmentReason,
    CorrectionReason,
    DisputeReason,
    ReminderKind,
    RevocationReason,
)
from domain.contract.state import Abandoned, Annulled, Certified, Contract, Draft, Void, evolve, replay
from domain.contract.valuing import correct_value, estimate
from domain.money import Basis, Value, hourly
from domain.negotiation.refusals import OneSided, ValueDoesntAddUp
from domain.negotiation.terms import Terms, terms_hash
from domain.organisation.events import Mandate, Side
from domain.organisation.state import Organisation
from domain.words import QuantityOutOfRange
from tests.domain.people import (
    anna,
    bakery,
    ben,
    better,
    bread,
    food_bank,
    notary,
    poster,
    queued,
    refused,
    signature,
    signed,
    stranger,
    terms,
    trading,
)

sealed: tuple[fact.Fact, ...] = (
    *queued,
    fact.ContractCertified(notary=notary, number=1, terms_hash=terms_hash(terms)),
)
known = Organisation(name="Bäckerei", side=Side.COMPANY, rehearsal=False)
parties = (known, known)
worth = Value(minor=5_000, currency="EUR", basis=Basis.STATED, rate_minor=None, minutes=None)
mistake = ask.RevokeCertification(notary=notary, reason=RevocationReason.CERTIFIED_BY_MISTAKE)
agreed_to_end = ask.Annul(reason=AnnulmentReason.BY_AGREEMENT)


def given(*facts: fact.Fact) -> Contract | None:
    """The contract that these facts tell."""
    return replay(facts)


def then(contract: Contract | None, facts: tuple[fact.Fact, ...]) -> Contract | None:
    """The contract after more facts."""
    for one in facts:
        contract = evolve(contract, one)
    return contract


def told(pledge: int, **said: object) -> ask.RecordDelivery:
    """What is said of a pledge."""
    return ask.RecordDelivery(told=ask.PledgeTold(pledge=pledge, **said))  # type: ignore[arg-type]


def standing_of(contract: Contract | None) -> Standing:
    """The standing of a certified contract."""
    assert isinstance(contract, Certified)
    return standing(contract.form.terms.pledges, contract.progress)


def test_a_certification_is_revoked_with_a_reason_and_its_number_stays() -> None:
    """Given a certified contract, when the notary revokes it, then it is void under its number, for good."""
    contract = given(*sealed)
    facts = revoke(mistake, contract, parties)
    assert facts == (fact.CertificationRevoked(notary=notary, reason=RevocationReason.CERTIFIED_BY_MISTAKE),)
    void = then(contract, facts)
    assert isinstance(void, Void)
    assert void.number == 1
    refused(why.ContractIsOver, lambda: revoke(mistake, void, parties))
    refused(why.ContractIsOver, lambda: annul(agreed_to_end, void))
    refused(why.ContractIsOver, lambda: certify(ask.Certify(notary=notary), void, parties, 2))
    refused(why.ContractIsOver, lambda: follow(void, told(0, running=True)))


def test_only_a_notary_without_a_stake_revokes() -> None:
    """Given a certified contract, when a notary who represents a party revokes it, then no."""
    mine = replace(known, representatives=frozenset({notary}))
    refused(why.NotaryRepresentsAParty, lambda: revoke(mistake, given(*sealed), (mine, known)))
    refused(why.NotCertified, lambda: revoke(mistake, given(*queued), parties))


def test_a_contract_is_annulled_and_a_form_given_up() -> None:
    """Given a contract under the seal or a form before it, when annulled, then it no longer holds."""
    assert isinstance(then(given(*sealed), annul(agreed_to_end, given(*sealed))), Annulled)
    assert isinstance(then(given(*signed), annul(agreed_to_end, given(*signed))), Abandoned)


def test_a_signature_without_mandate_is_repudiated_and_approved() -> None:
    """Given a certified contract whose signer had no mandate, when it says so, then it waits for approval."""
    contract = given(*sealed)
    doubtful = then(contract, repudiate(ask.RepudiateSignature(party=bakery), contract, known))
    assert isinstance(doubtful, Certified)
    assert doubtful.repudiated == {bakery}
    refused(why.NotSignedYet, lambda: repudiate(ask.RepudiateSignature(party=bakery), doubtful, known))
    refused(why.NotRepudiated, lambda: approve(ask.ApproveSignature(party=food_bank), doubtful))
    settled = then(doubtful, approve(ask.ApproveSignature(party=bakery), doubtful))
    assert isinstance(settled, Certified)
    assert not settled.repudiated


def test_a_signature_with_mandate_holds() -> None:
    """Given a signer with the organisation's mandate, when the party repudiates the signature, then no."""
    with_mandate = replace(known, representatives=frozenset({anna}), mandates={anna: Mandate.IN_WRITING})
    refused(
        why.SignedWithMandate,
        lambda: repudiate(ask.RepudiateSignature(party=bakery), given(*sealed), with_mandate),
    )
    refused(why.NotAPartyToTheForm, lambda: repudiate(ask.RepudiateSignature(party=stranger), given(*sealed), known))


def test_before_the_seal_a_repudiated_signature_comes_off_the_form() -> None:
    """Given a form in the notary's queue, when a signature is repudiated, then it is a draft, still in time."""
    draft = then(given(*queued), repudiate(ask.RepudiateSignature(party=bakery), given(*queued), known))
    assert isinstance(draft, Draft)
    assert [one.party for one in draft.signatures] == [food_bank]
    assert draft.in_time


def test_a_valuer_estimates_what_nobody_valued_and_corrects_what_somebody_did() -> None:
    """Given pledges with and without value, when the valuation desk speaks, then nothing on the form is overwritten."""
    unvalued = Terms(pledges=(bread, replace(poster, value=None)), first_contact_by=None, first_contact_days=None)
    form = replace(signed[0].form, terms=unvalued, terms_hash=terms_hash(unvalued))  # type: ignore[union-attr]
    contract = given(fact.ContractDrafted(form=form))
    valued = then(contract, estimate(ask.EstimateValue(pledge=1, value=worth), contract))
    assert valued is not None
    assert (valued.value_of(1), valued.form.terms.pledges[1].value) == (worth, None)
    refused(why.ValuedAlready, lambda: estimate(ask.EstimateValue(pledge=0, value=worth), contract))
    refused(why.PledgeUnknown, lambda: estimate(ask.EstimateValue(pledge=2, value=worth), contract))
    correction = ask.CorrectValue(pledge=0, value=worth, reason=CorrectionReason.MISCALCULATED)
    corrected = then(valued, correct_value(correction, valued))
    assert corrected is not None
    assert (corrected.value_of(0), corrected.form.terms.pledges[0].value) == (worth, bread.value)
    refused(why.SameValue, lambda: correct_value(correction, corrected))
    refused(why.NotValuedYet, lambda: correct_value(replace(correction, pledge=1), contract))
    wrong = replace(hourly(1_500, 60), minor=1)
    refused(ValueDoesntAddUp, lambda: correct_value(replace(correction, value=wrong), valued))


def test_an_amendment_holds_when_everyone_has_signed_it() -> None:
    """Given a certified contract, when all parties sign other terms, then these hold, and the number stays."""
    contract = given(*sealed)
    proposed = then(contract, propose(ask.ProposeAmendment(by=bakery, terms=better), contract, trading))
    refused(why.AmendmentOpen, lambda: propose(ask.ProposeAmendment(by=bakery, terms=better), proposed, trading))
    one = sign_amendment(ask.SignAmendment(signature=signature(bakery, anna, better)), proposed, trading)
    half = then(proposed, one)
    assert isinstance(half, Certified)
    assert half.form.terms == terms
    refused(
        why.SignedAlready,
        lambda: sign_amendment(ask.SignAmendment(signature=signature(bakery, anna, better)), half, trading),
    )
    refused(
        why.OtherTerms, lambda: sign_amendment(ask.SignAmendment(signature=signature(food_bank, ben)), half, trading)
    )
    other = sign_amendment(ask.SignAmendment(signature=signature(food_bank, ben, better)), half, trading)
    assert other[1] == fact.ContractAmended(terms=better, terms_hash=terms_hash(better))
    amended = then(half, other)
    assert isinstance(amended, Certified)
    assert (amended.form.terms, amended.number, len(amended.progress)) == (better, 1, 3)


def test_an_amendment_changes_something_and_leaves_what_happened() -> None:
    """Given a delivered pledge, when an amendment would change it, then no; others may change."""
    contract = then(given(*sealed), follow(given(*sealed), told(0, delivered=4)))
    cheaper = Terms(pledges=(replace(bread, quantity=1), poster), first_contact_by=None, first_contact_days=None)
    refused(why.TouchesWhatHappened, lambda: propose(ask.ProposeAmendment(by=bakery, terms=cheaper), contract, trading))
    refused(why.NothingAmended, lambda: propose(ask.ProposeAmendment(by=bakery, terms=terms), contract, trading))
    one_sided = Terms(pledges=(bread,), first_contact_by=None, first_contact_days=None)
    refused(OneSided, lambda: propose(ask.ProposeAmendment(by=bakery, terms=one_sided), contract, trading))
    proposed = then(contract, propose(ask.ProposeAmendment(by=bakery, terms=better), contract, trading))
    kept = then(proposed, withdraw_amendment(ask.WithdrawAmendment(by=food_bank), proposed))
    assert isinstance(kept, Certified)
    assert kept.amendment is None
    refused(why.NoAmendment, lambda: withdraw_amendment(ask.WithdrawAmendment(by=bakery), kept))


def test_what_is_delivered_while_an_amendment_waits_stops_it() -> None:
    """Given a proposed amendment that drops a pledge, when the pledge is delivered, then nobody can sign it."""
    contract = given(*sealed)
    dropped = Terms(pledges=(replace(bread, quantity=1), poster), first_contact_by=None, first_contact_days=None)
    proposed = then(contract, propose(ask.ProposeAmendment(by=bakery, terms=dropped), contract, trading))
    delivered = then(proposed, follow(proposed, told(0, delivered=2)))
    refused(
        why.TouchesWhatHappened,
        lambda: sign_amendment(ask.SignAmendment(signature=signature(bakery, anna, dropped)), delivered, trading),
    )


def test_the_status_of_a_contract_follows_from_its_pledges() -> None:
    """Given two pledges, when one is delivered and the other not, then the contract is partly fulfilled."""
    contract = given(*sealed)
    assert standing_of(contract) is Standing.UNTOUCHED
    contract = then(contract, follow(contract, told(1, running=True)))
    assert standing_of(contract) is Standing.RUNNING
    contract = then(contract, follow(contract, told(0, delivered=4, on=date(2007, 3, 30))))
    assert standing_of(contract) is Standing.RUNNING
    done = then(contract, follow(contract, told(1, delivered=1)))
    assert standing_of(done) is Standing.FULFILLED
    half = then(contract, follow(contract, told(1, reason=NonFulfilmentReason.NO_TIME)))
    assert standing_of(half) is Standing.PARTLY_FULFILLED
    none = given(*sealed)
    for place in (0, 1):
        none = then(none, follow(none, told(place, reason=NonFulfilmentReason.NEVER_IN_CONTACT)))
    assert standing_of(none) is Standing.NOT_FULFILLED


def test_a_pledge_is_delivered_in_parts_and_never_beyond_what_was_pledged() -> None:
    """Given four baskets, when two come, then two are left; five never come, and what came wholly is over."""
    contract = then(given(*sealed), follow(given(*sealed), told(0, delivered=2)))
    assert isinstance(contract, Certified)
    assert contract.progress[0].status(bread) is PledgeStatus.PARTLY_DELIVERED
    refused(why.MoreThanPledged, lambda: follow(contract, told(0, delivered=3)))
    refused(why.NothingTold, lambda: follow(contract, told(0)))
    both = told(0, running=True, reason=NonFulfilmentReason.NO_TIME)
    refused(why.ToldTwice, lambda: follow(contract, both))
    refused(QuantityOutOfRange, lambda: follow(contract, told(0, delivered=-1)))
    refused(why.PledgeUnknown, lambda: follow(contract, told(-1, running=True)))
    rest_gone = then(contract, follow(contract, told(0, reason=NonFulfilmentReason.NEED_GONE)))
    assert isinstance(rest_gone, Certified)
    assert rest_gone.progress[0].settled(bread)
    whole = then(contract, follow(contract, told(0, delivered=2)))
    refused(why.DeliveredAlready, lambda: follow(whole, told(0, running=True)))


def test_a_call_tells_of_several_pledges_at_once() -> None:
    """Given a follow-up call, when two pledges are told of, then each has a record; who isn't reached tells none."""
    contract = given(*sealed)
    call = ask.RecordCall(
        party=bakery,
        outcome=CallOutcome.REACHED,
        told=(ask.PledgeTold(pledge=0, delivered=4), ask.PledgeTold(pledge=1, running=True)),
    )
    assert follow(contract, call) == (
        fact.FollowUpCalled(party=bakery, outcome=CallOutcome.REACHED),
        fact.DeliveryRecorded(pledge=0, quantity=4, on=None),
        fact.PledgeRunning(pledge=1),
    )
    refused(why.ToldTwice, lambda: follow(contract, replace(call, told=(call.told[0], call.told[0]))))
    silent = replace(call, outcome=CallOutcome.NOT_REACHED)
    refused(why.NotReachedSaysNothing, lambda: follow(contract, silent))
    refused(why.NotAPartyToTheForm, lambda: follow(contract, replace(call, party=stranger)))
    refused(why.NotCertified, lambda: follow(given(*queued), call))


def test_both_sides_confirm_what_came() -> None:
    """Given a delivery, when giver and receiver confirm it, each once, then both stand there until more is told."""
    contract = given(*sealed)
    refused(why.NothingToConfirm, lambda: follow(contract, ask.ConfirmFulfilment(pledge=0, by=bakery)))
    contract = then(contract, follow(contract, told(0, delivered=2)))
    for party in (bakery, food_bank):
        contract = then(contract, follow(contract, ask.ConfirmFulfilment(pledge=0, by=party)))
    assert isinstance(contract, Certified)
    assert contract.progress[0].confirmed_by == {bakery, food_bank}
    refused(why.ConfirmedAlready, lambda: follow(contract, ask.ConfirmFulfilment(pledge=0, by=bakery)))
    refused(why.NotOfThisPledge, lambda: follow(contract, ask.ConfirmFulfilment(pledge=0, by=stranger)))
    more = then(contract, follow(contract, told(0, delivered=1)))
    assert isinstance(more, Certified)
    assert not more.progress[0].confirmed_by


def test_a_pledge_that_runs_after_all_has_nothing_confirmed() -> None:
    """Given a pledge that won't come, as a party confirmed, when it runs after all, then that word is gone."""
    contract = given(*sealed)
    for asked in (
        told(0, reason=NonFulfilmentReason.NO_TIME),
        ask.ConfirmFulfilment(pledge=0, by=bakery),
        told(0, running=True),
    ):
        contract = then(contract, follow(contract, asked))
    assert isinstance(contract, Certified)
    assert contract.progress[0] == Progress(running=True)
    refused(why.NothingToConfirm, lambda: follow(contract, ask.ConfirmFulfilment(pledge=0, by=food_bank)))


def test_a_dispute_is_opened_by_a_party_and_settled() -> None:
    """Given a certified contract, when a party disputes it, then it is disputed until that is settled."""
    contract = given(*sealed)
    dispute = ask.Dispute(by=food_bank, pledge=0, reason=DisputeReason.NOT_AS_AGREED)
    refused(why.NotDisputed, lambda: follow(contract, ask.SettleDispute()))
    disputed = then(contract, follow(contract, dispute))
    assert isinstance(disputed, Certified)
    assert disputed.disputed
    refused(why.DisputedAlready, lambda: follow(disputed, dispute))
    settled = then(disputed, follow(disputed, ask.SettleDispute()))
    assert isinstance(settled, Certified)
    assert not settled.disputed


def test_reminders_and_the_first_contact_are_records() -> None:
    """Given a certified contract, when a party is asked, then that is a record; the first contact is made once."""
    contract = given(*sealed)
    asked = ask.Remind(parties=(bakery,), kind=ReminderKind.DID_IT_HAPPEN)
    assert follow(contract, asked) == (fact.Reminded(party=bakery, kind=ReminderKind.DID_IT_HAPPEN),)
    refused(why.NobodyToAsk, lambda: follow(contract, replace(asked, parties=())))
    made = then(contract, follow(contract, ask.RecordFirstContact(on=None)))
    refused(why.ContactMadeAlready, lambda: follow(made, ask.RecordFirstContact(on=None)))
