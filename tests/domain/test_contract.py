"""The form: written, signed, handed in, returned, certified."""

from dataclasses import replace

import pytest

from domain.contract import refusals as why
from domain.contract.commands import (
    Certify,
    CorrectForm,
    DraftFromForm,
    DraftFromNegotiation,
    ReturnForCorrection,
    Sign,
)
from domain.contract.decisions import correct, draft_from_form, draft_from_negotiation, sign
from domain.contract.events import (
    ContractCertified,
    ContractDrafted,
    ContractSigned,
    Fact,
    FormCorrected,
    ReturnedForCorrection,
    SubmittedToNotary,
)
from domain.contract.form import Manner, ReturnReason
from domain.contract.notary import certify, return_for_correction, submit
from domain.contract.state import AtNotary, Certified, Draft, Returned, Signed, replay, unsigned
from domain.marketplace.refusals import TradingNotOpen
from domain.negotiation.refusals import OneSided
from domain.negotiation.state import Agreed, Proposed
from domain.negotiation.terms import terms_hash
from domain.organisation.events import Side
from domain.organisation.state import Organisation
from domain.participation.refusals import NotOnTheFloor
from domain.participation.state import Requested
from domain.refusal import LogDamaged, NotThere
from domain.words import TooManyWords
from tests.domain.people import (
    a_form,
    anna,
    baker,
    bakers,
    bakery,
    better,
    bread,
    broker,
    by_bakery,
    by_food_bank,
    drafted,
    food_bank,
    food_banker,
    here,
    notary,
    over,
    poster,
    queued,
    refused,
    ruhrdax,
    signature,
    signed,
    signs,
    stranger,
    table_one,
    terms,
    trading,
)

agreed = Agreed(marketplace=ruhrdax, parties=(baker, food_banker), terms=terms, broker=broker)
write_down = DraftFromNegotiation(negotiation=table_one, form_number=None)
straight = DraftFromForm(marketplace=ruhrdax, parties=(bakery, food_bank), terms=terms, form_number="A 17", broker=None)
floor = (here(baker), here(food_banker))
money = ReturnForCorrection(reasons=(ReturnReason.MONEY,))
returned: tuple[Fact, ...] = (*queued, ReturnedForCorrection(reasons=(ReturnReason.MONEY,)))
corrected = FormCorrected(terms=better, terms_hash=terms_hash(better))
sealed: tuple[Fact, ...] = (*queued, ContractCertified(notary=notary, number=1, terms_hash=terms_hash(terms)))
organisations = (
    Organisation(name="Bakery", side=Side.COMPANY, rehearsal=False),
    Organisation(name="Food bank", side=Side.NONPROFIT, rehearsal=False),
)


def test_what_was_agreed_is_written_down() -> None:
    """The form takes parties, terms and broker from the table."""
    (fact,) = draft_from_negotiation(write_down, None, agreed, trading)
    assert isinstance(fact, ContractDrafted)
    form = replace(a_form(), negotiation=table_one, form_number=None, broker=broker)
    assert fact == ContractDrafted(form=form)


def test_a_form_needs_no_recorded_negotiation() -> None:
    """Most parties talk, and the form is the first thing written down."""
    assert draft_from_form(straight, None, trading, floor) == (drafted,)


def test_a_form_is_written_once_by_parties_on_the_floor_between_the_gongs() -> None:
    """Twice, after the gong, before agreement, without a badge, one-sided: refused, each in its own words."""
    draft = replay((drafted,))
    refused(why.AlreadyDrafted, lambda: draft_from_form(straight, draft, trading, floor))
    refused(why.AlreadyDrafted, lambda: draft_from_negotiation(write_down, draft, agreed, trading))
    refused(TradingNotOpen, lambda: draft_from_form(straight, None, over, floor))
    refused(TradingNotOpen, lambda: draft_from_negotiation(write_down, None, agreed, over))
    refused(NotThere, lambda: draft_from_form(straight, None, None, floor))
    refused(NotThere, lambda: draft_from_negotiation(write_down, None, None, trading))
    table = Proposed(
        marketplace=ruhrdax,
        parties=agreed.parties,
        terms=terms,
        proposer=bakery,
        awaited=frozenset({food_bank}),
        broker_called=False,
        broker=None,
    )
    refused(why.NotAgreedYet, lambda: draft_from_negotiation(write_down, None, table, trading))
    outside = Requested(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
    refused(NotOnTheFloor, lambda: draft_from_form(straight, None, trading, (outside, floor[1])))
    lone = replace(straight, terms=replace(terms, pledges=(bread,)))
    refused(OneSided, lambda: draft_from_form(lone, None, trading, floor))
    endless = "1" * 65
    refused(TooManyWords, lambda: draft_from_form(replace(straight, form_number=endless), None, trading, floor))
    numbered = replace(write_down, form_number=endless)
    refused(TooManyWords, lambda: draft_from_negotiation(numbered, None, agreed, trading))


def test_each_party_signs_once() -> None:
    """With the last signature the form is signed."""
    assert sign(signs(bakery), replay((drafted,))) == (by_bakery,)
    half = replay((drafted, by_bakery))
    assert isinstance(half, Draft)
    assert unsigned(half.form, half.signatures) == {food_bank}
    refused(why.SignedAlready, lambda: sign(signs(bakery), half))
    refused(why.SignedAlready, lambda: sign(signs(bakery), replay(signed)))
    refused(why.SignedAlready, lambda: sign(signs(bakery), replay(returned)))
    assert isinstance(replay(signed), Signed)


def test_only_parties_sign_and_only_what_stands_there() -> None:
    """A stranger's signature is refused; so is one under terms that were corrected since."""
    refused(why.NotAPartyToTheForm, lambda: sign(signs(stranger), replay((drafted,))))
    with pytest.raises(why.OtherTerms) as other:
        sign(signs(bakery), replay((drafted, corrected)))
    assert "Read it again" in other.value.sentence
    assert sign(Sign(signature=signature(bakery, said=better)), replay((drafted, corrected)))
    refused(NotThere, lambda: sign(signs(bakery), None))


def test_how_each_signed_is_recorded() -> None:
    """On paper somebody saw it; by badge it is said whose badge."""
    paper = replace(signature(bakery, None), manner=Manner.ON_PAPER)
    refused(why.WitnessMissing, lambda: sign(Sign(signature=paper), replay((drafted,))))
    seen = replace(paper, witness=broker)
    assert sign(Sign(signature=seen), replay((drafted,))) == (ContractSigned(signature=seen),)
    refused(why.SignerMissing, lambda: sign(Sign(signature=signature(bakery, None)), replay((drafted,))))


def test_a_complete_form_is_handed_in_before_the_gong() -> None:
    """Unsigned forms and late ones are refused; each only once."""
    assert submit(replay(signed), trading) == (SubmittedToNotary(),)
    refused(why.SignaturesMissing, lambda: submit(replay((drafted, by_bakery)), trading))
    refused(why.TooLate, lambda: submit(replay(signed), over))
    refused(why.FormIsAtTheNotary, lambda: submit(replay(queued), trading))
    refused(why.FormIsCertified, lambda: submit(replay(sealed), trading))
    refused(NotThere, lambda: submit(None, trading))


def test_the_notary_returns_a_form_with_reasons() -> None:
    """At least one, each once, and only what lies in the queue."""
    assert return_for_correction(money, replay(queued)) == (returned[-1],)
    for reasons in ((), (ReturnReason.MONEY, ReturnReason.MONEY)):
        with pytest.raises(why.NoReasonGiven):
            return_for_correction(ReturnForCorrection(reasons=reasons), replay(queued))
    refused(why.NotAtTheNotary, lambda: return_for_correction(money, replay(signed)))
    refused(why.NotAtTheNotary, lambda: return_for_correction(money, replay(returned)))
    refused(why.FormIsCertified, lambda: return_for_correction(money, replay(sealed)))
    refused(NotThere, lambda: return_for_correction(money, None))


def test_a_correction_asks_everyone_to_sign_again() -> None:
    """While the parties have it in hand; not at the notary's, not under the seal, never one-sided."""
    for held in ((drafted,), signed, returned):
        assert correct(CorrectForm(terms=better), replay(held), trading) == (corrected,)
        again = replay((*held, corrected))
        assert isinstance(again, Draft)
        assert again.signatures == ()
        assert again.form.terms == better
    refused(why.FormIsAtTheNotary, lambda: correct(CorrectForm(terms=better), replay(queued), trading))
    refused(why.FormIsCertified, lambda: correct(CorrectForm(terms=better), replay(sealed), trading))
    lone = CorrectForm(terms=replace(terms, pledges=(poster,)))
    refused(OneSided, lambda: correct(lone, replay((drafted,)), trading))
    refused(NotThere, lambda: correct(CorrectForm(terms=better), None, trading))
    refused(NotThere, lambda: correct(CorrectForm(terms=better), replay((drafted,)), None))


def test_what_was_handed_in_before_the_gong_may_come_again_after_it() -> None:
    """Returned as it is, or corrected and signed anew; a form never handed in may not."""
    assert submit(replay(returned), over) == (SubmittedToNotary(),)
    again = tuple(
        ContractSigned(signature=replace(fact.signature, terms_hash=terms_hash(better)))
        for fact in (by_bakery, by_food_bank)
    )
    assert submit(replay((*returned, corrected, *again)), over) == (SubmittedToNotary(),)
    twice = replay((*returned, corrected, corrected, *again))
    assert submit(twice, over) == (SubmittedToNotary(),)
    refused(why.TooLate, lambda: submit(replay((drafted, corrected, *again)), over))


def test_the_notary_certifies_what_lies_in_the_queue_once() -> None:
    """Under the register's next number, and the hash that everyone signed."""
    assert certify(Certify(notary=notary), replay(queued), organisations, 1) == (sealed[-1],)
    contract = replay(sealed)
    assert isinstance(contract, Certified)
    assert (contract.notary, contract.number) == (notary, 1)
    refused(why.FormIsCertified, lambda: certify(Certify(notary=notary), contract, organisations, 2))
    refused(why.NotAtTheNotary, lambda: certify(Certify(notary=notary), replay(signed), organisations, 1))
    refused(NotThere, lambda: certify(Certify(notary=notary), None, organisations, 1))


def test_a_notary_has_no_stake_in_what_is_certified() -> None:
    """Neither a named representative, nor who signed for a party; of an unknown party nobody can say."""
    staked = (organisations[0], replace(organisations[1], representatives=frozenset({notary})))
    with pytest.raises(why.NotaryRepresentsAParty) as conflict:
        certify(Certify(notary=notary), replay(queued), staked, 1)
    assert "Ask another notary" in conflict.value.sentence
    refused(why.NotaryRepresentsAParty, lambda: certify(Certify(notary=anna), replay(queued), organisations, 1))
    refused(NotThere, lambda: certify(Certify(notary=notary), replay(queued), (organisations[0], None), 1))


def test_a_story_that_can_t_have_happened_is_damage() -> None:
    """No seal without a queue, no queue without signatures."""
    for story in ((sealed[-1],), (drafted, SubmittedToNotary()), (*sealed, sealed[-1]), (*queued, corrected)):
        with pytest.raises(LogDamaged):
            replay(story)
    assert isinstance(replay(queued), AtNotary)
    assert isinstance(replay(returned), Returned)
