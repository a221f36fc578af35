"""What follows from a request to write, type in, correct or sign a form: facts, or a refusal. Pure throughout."""

from collections.abc import Sequence

from domain.contract.commands import (
    ApproveSignature,
    CapturePaper,
    CorrectForm,
    DraftFromForm,
    DraftFromNegotiation,
    PaperSignature,
    RepudiateSignature,
    Sign,
)
from domain.contract.events import (
    CapturedFromPaper,
    ContractDrafted,
    ContractSigned,
    Fact,
    FormCorrected,
    SignatureApproved,
    SignatureRepudiated,
)
from domain.contract.form import Form, Manner, Signature
from domain.contract.labels import labelled, plan_for
from domain.contract.refusals import (
    AlreadyDrafted,
    FormNumberUnknown,
    NotAgreedYet,
    NotRepudiated,
    NotSignedYet,
    OutsideTrading,
    SignedAlready,
    SignedWithMandate,
)
from domain.contract.rules import (
    must_be_a_party,
    must_be_a_signature,
    must_be_certified,
    must_be_in_hand,
    must_not_be_over,
)
from domain.contract.state import Certified, Contract, Draft, InHand, Written, evolve
from domain.identity import ParticipationId
from domain.marketplace.decisions import must_be_trading
from domain.marketplace.plan import Plan
from domain.marketplace.refusals import TradingNotOpen
from domain.marketplace.state import InFollowUp, Marketplace, Trading, TradingOver
from domain.negotiation.decisions import seated
from domain.negotiation.rules import must_be_terms
from domain.negotiation.state import Agreed, Negotiation
from domain.negotiation.terms import terms_hash
from domain.organisation.state import Organisation
from domain.participation.state import Participation
from domain.refusal import NotThere
from domain.words import MAX_LABEL, must_be_words, must_be_words_if_any


def draft_from_negotiation(
    command: DraftFromNegotiation,
    contract: Contract | None,
    negotiation: Negotiation | None,
    marketplace: Marketplace | None,
) -> tuple[Fact, ...]:
    """The facts of writing down what was agreed; raises a `Refusal` when a rule forbids it."""
    must_be_unwritten(contract)
    must_be_words_if_any(command.form_number, MAX_LABEL)
    agreed = must_be_agreed(negotiation)
    trading = must_be_trading(marketplace)
    plan = trading.plan
    form = Form(
        marketplace=agreed.marketplace,
        negotiation=command.negotiation,
        form_number=command.form_number,
        parties=agreed.parties,
        terms=agreed.terms,
        terms_hash=terms_hash(agreed.terms),
        counted=plan.counted,
        broker=agreed.broker,
        rehearsal=plan.rehearsal,
    )
    return (ContractDrafted(form=form), *labelled(form.terms, trading))


def draft_from_form(
    command: DraftFromForm,
    contract: Contract | None,
    marketplace: Marketplace | None,
    participations: Sequence[Participation | None],
) -> tuple[Fact, ...]:
    """The facts of a form written straight at the table; `participations` in the order of its parties."""
    must_be_unwritten(contract)
    must_be_words_if_any(command.form_number, MAX_LABEL)
    if marketplace is None:
        raise NotThere
    form = _straight(command, must_be_trading(marketplace).plan, participations)
    return (ContractDrafted(form=form), *labelled(form.terms, marketplace))


def capture(
    command: CapturePaper,
    contract: Contract | None,
    marketplace: Marketplace | None,
    participations: Sequence[Participation | None],
) -> tuple[Fact, ...]:
    """The facts of typing in a form that was filled by hand; after the gong its number must be known before it."""
    must_be_unwritten(contract)
    must_be_words(command.form_number, MAX_LABEL)
    if marketplace is None:
        raise NotThere
    in_series = must_be_a_known_blank(command.form_number, marketplace)
    must_lie_between_the_gongs(command, marketplace)
    form = _straight(command, marketplace.plan, participations)
    captured = CapturedFromPaper(occurred_at=command.occurred_at, in_series=in_series)
    written: tuple[Fact, ...] = (ContractDrafted(form=form), *labelled(form.terms, marketplace), captured)
    return (*written, *_signed_on_paper(command.signatures, form))


def _straight(
    command: DraftFromForm | CapturePaper, plan: Plan, participations: Sequence[Participation | None]
) -> Form:
    """The form of parties on the floor who agreed without a recorded negotiation; raises a `Refusal` for bad terms."""
    must_be_terms(command.terms, command.parties, plan)
    return Form(
        marketplace=command.marketplace,
        negotiation=None,
        form_number=command.form_number,
        parties=seated(command.parties, participations, command.marketplace),
        terms=command.terms,
        terms_hash=terms_hash(command.terms),
        counted=plan.counted,
        broker=command.broker,
        rehearsal=plan.rehearsal,
    )


def _signed_on_paper(signatures: Sequence[PaperSignature], form: Form) -> tuple[ContractSigned, ...]:
    held: Contract = Draft(form=form, signatures=())
    facts: list[ContractSigned] = []
    for told in signatures:
        signature = Signature(
            party=told.party,
            person=told.person,
            manner=Manner.ON_PAPER,
            witness=told.witness,
            terms_hash=form.terms_hash,
            publicity=told.publicity,
        )
        for fact in sign(Sign(signature=signature), held):
            held = evolve(held, fact)
            facts.append(fact)
    return tuple(facts)


def correct(command: CorrectForm, contract: Contract | None, marketplace: Marketplace | None) -> tuple[Fact, ...]:
    """The facts of changing the terms on the form; raises a `Refusal` when a rule forbids it."""
    form = must_be_in_hand(contract).form
    if marketplace is None:
        raise NotThere
    plan = plan_for(form.terms, marketplace)
    must_be_terms(command.terms, (party.participation for party in form.parties), plan)
    corrected = FormCorrected(terms=command.terms, terms_hash=terms_hash(command.terms))
    return (corrected, *labelled(command.terms, marketplace))


def sign(command: Sign, contract: Contract | None) -> tuple[ContractSigned, ...]:
    """The facts of one party's signature; raises a `Refusal` when a rule forbids it."""
    signature = command.signature
    draft = must_be_in_hand(contract)
    must_be_a_party(signature.party, draft.form)
    must_not_have_signed(signature.party, draft)
    must_be_a_signature(signature, draft.form.terms_hash)
    return (ContractSigned(signature=signature),)


def repudiate(
    command: RepudiateSignature, contract: Contract | None, organisation: Organisation | None
) -> tuple[Fact, ...]:
    """The facts of a party's word that its signer had no mandate; `organisation` is the party's."""
    held = must_not_be_over(contract)
    must_be_a_party(command.party, held.form)
    must_be_signed_without_mandate(command.party, held, organisation)
    return (SignatureRepudiated(party=command.party),)


def approve(command: ApproveSignature, contract: Contract | None) -> tuple[Fact, ...]:
    """The facts of letting a repudiated signature stand; raises a `Refusal` when a rule forbids it."""
    certified = must_be_certified(contract)
    must_be_a_party(command.party, certified.form)
    if command.party not in certified.repudiated:
        raise NotRepudiated
    return (SignatureApproved(party=command.party),)


def must_be_unwritten(contract: Contract | None) -> None:
    """A form is written once."""
    if contract is not None:
        raise AlreadyDrafted


def must_be_agreed(negotiation: Negotiation | None) -> Agreed:
    """A contract writes down what everyone agreed to."""
    if negotiation is None:
        raise NotThere
    if not isinstance(negotiation, Agreed):
        raise NotAgreedYet
    return negotiation


def must_not_have_signed(party: ParticipationId, contract: InHand) -> None:
    """One signature of a party under the same terms."""
    if any(party == signature.party for signature in contract.signatures):
        raise SignedAlready


def must_be_a_known_blank(form_number: str, marketplace: Marketplace) -> bool:
    """After the gong only blanks count that were recorded before the opening gong; answers whether this one was."""
    recorded = marketplace.rules.holds_form_number(form_number)
    if not recorded and not isinstance(marketplace, Trading):
        raise FormNumberUnknown if isinstance(marketplace, TradingOver | InFollowUp) else TradingNotOpen
    return recorded


def must_lie_between_the_gongs(command: CapturePaper, marketplace: Marketplace) -> None:
    """A form was filled between the gongs, as far as the records tell when the closing one rang, and not after now."""
    match marketplace:
        case Trading(opened_at=opened):
            latest = command.at
        case TradingOver(opened_at=opened, latest_end=end) | InFollowUp(opened_at=opened, latest_end=end):
            latest = min(end, command.at)
        case _:
            raise TradingNotOpen
    if not opened <= command.occurred_at <= latest:
        raise OutsideTrading


def must_be_signed_without_mandate(party: ParticipationId, held: Written, organisation: Organisation | None) -> None:
    """A signature that is repudiated was given, and by nobody whom the organisation had given a mandate."""
    gone = held.repudiated if isinstance(held, Certified) else frozenset()
    given = [signature for signature in held.signatures if signature.party == party]
    if not given or party in gone:
        raise NotSignedYet
    person = given[0].person
    if organisation is not None and person is not None and organisation.may_sign(person):
        raise SignedWithMandate
