"""What follows from a request about a form: facts, or a refusal. Pure; the same question gives the same answer."""

from collections.abc import Sequence

from domain.contract.commands import (
    Certify,
    CorrectForm,
    DraftFromForm,
    DraftFromNegotiation,
    ReturnForCorrection,
    Sign,
)
from domain.contract.events import (
    ContractCertified,
    ContractDrafted,
    ContractSigned,
    Fact,
    FormCorrected,
    ReturnedForCorrection,
    SubmittedToNotary,
)
from domain.contract.form import Form, Manner, Signature
from domain.contract.refusals import (
    AlreadyDrafted,
    FormIsAtTheNotary,
    FormIsCertified,
    NoReasonGiven,
    NotAgreedYet,
    NotAPartyToTheForm,
    NotaryRepresentsAParty,
    NotAtTheNotary,
    OtherTerms,
    SignaturesMissing,
    SignedAlready,
    SignerMissing,
    TooLate,
    WitnessMissing,
)
from domain.contract.state import AtNotary, Certified, Contract, Draft, Returned, Signed
from domain.identity import ParticipationId, PersonId
from domain.marketplace.decisions import must_be_trading
from domain.marketplace.state import Marketplace, Trading
from domain.negotiation.decisions import seated
from domain.negotiation.rules import must_be_terms
from domain.negotiation.state import Agreed, Negotiation
from domain.negotiation.terms import terms_hash
from domain.organisation.state import Organisation
from domain.participation.state import Participation
from domain.refusal import NotThere
from domain.words import MAX_LABEL, must_be_words_if_any


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
    plan = must_be_trading(marketplace).plan
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
    return (ContractDrafted(form=form),)


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
    plan = must_be_trading(marketplace).plan
    must_be_terms(command.terms, command.parties, plan)
    form = Form(
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
    return (ContractDrafted(form=form),)


def correct(command: CorrectForm, contract: Contract | None, marketplace: Marketplace | None) -> tuple[Fact, ...]:
    """The facts of changing the terms on the form; raises a `Refusal` when a rule forbids it."""
    form = must_be_in_hand(contract).form
    if marketplace is None:
        raise NotThere
    must_be_terms(command.terms, (party.participation for party in form.parties), marketplace.plan)
    return (FormCorrected(terms=command.terms, terms_hash=terms_hash(command.terms)),)


def sign(command: Sign, contract: Contract | None) -> tuple[Fact, ...]:
    """The facts of one party's signature; raises a `Refusal` when a rule forbids it."""
    signature = command.signature
    draft = must_be_in_hand(contract)
    must_be_a_party(signature.party, draft.form)
    must_not_have_signed(signature.party, draft)
    must_mean_these_terms(signature, draft.form)
    must_be_witnessed_on_paper(signature)
    must_name_the_signer_by_badge(signature)
    return (ContractSigned(signature=signature),)


def submit(contract: Contract | None, marketplace: Marketplace | None) -> tuple[Fact, ...]:
    """The facts of handing the form in. What was handed in before the gong may come again after it."""
    signed = must_be_signed_by_all(contract)
    if isinstance(signed, Signed) and not signed.in_time:
        must_be_before_the_gong(marketplace)
    return (SubmittedToNotary(),)


def return_for_correction(command: ReturnForCorrection, contract: Contract | None) -> tuple[Fact, ...]:
    """The facts of giving a form back; raises a `Refusal` when a rule forbids it."""
    must_be_at_the_notary(contract)
    if not command.reasons or len(set(command.reasons)) < len(command.reasons):
        raise NoReasonGiven
    return (ReturnedForCorrection(reasons=command.reasons),)


def certify(
    command: Certify, contract: Contract | None, parties: Sequence[Organisation | None], number: int
) -> tuple[Fact, ...]:
    """The facts of certifying under `number`, the register's next; `parties` are the form's organisations."""
    queued = must_be_at_the_notary(contract)
    must_not_represent(command.notary, parties)
    must_not_have_signed_it(command.notary, queued)
    return (ContractCertified(notary=command.notary, number=number, terms_hash=queued.form.terms_hash),)


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


def must_be_in_hand(contract: Contract | None) -> Draft | Signed | Returned:
    """The parties have the form in hand: it is neither with the notary nor under the seal."""
    match contract:
        case None:
            raise NotThere
        case AtNotary():
            raise FormIsAtTheNotary
        case Certified():
            raise FormIsCertified
        case Draft() | Signed() | Returned():
            return contract


def must_be_a_party(party: ParticipationId, form: Form) -> None:
    """Parties sign, nobody else."""
    if all(party != known.participation for known in form.parties):
        raise NotAPartyToTheForm


def must_not_have_signed(party: ParticipationId, contract: Draft | Signed | Returned) -> None:
    """One signature of a party under the same terms."""
    if any(party == signature.party for signature in contract.signatures):
        raise SignedAlready


def must_mean_these_terms(signature: Signature, form: Form) -> None:
    """All parties sign the same terms: the hash says which."""
    if signature.terms_hash != form.terms_hash:
        raise OtherTerms


def must_be_witnessed_on_paper(signature: Signature) -> None:
    """How each signed is recorded: on paper, seen by whom (METHOD.md, The rules)."""
    if signature.manner is Manner.ON_PAPER and signature.witness is None:
        raise WitnessMissing


def must_name_the_signer_by_badge(signature: Signature) -> None:
    """A badge belongs to a person: who signed with it is recorded."""
    if signature.manner is Manner.BADGE_AND_PIN and signature.person is None:
        raise SignerMissing


def must_be_signed_by_all(contract: Contract | None) -> Signed | Returned:
    """The notary sees complete forms only."""
    held = must_be_in_hand(contract)
    if isinstance(held, Draft):
        raise SignaturesMissing
    return held


def must_be_before_the_gong(marketplace: Marketplace | None) -> None:
    """Forms handed in before the gong are certified after it; later ones are refused."""
    if not isinstance(marketplace, Trading):
        raise TooLate


def must_be_at_the_notary(contract: Contract | None) -> AtNotary:
    """A notary certifies or returns what lies in the queue, and each form once."""
    match contract:
        case None:
            raise NotThere
        case Certified():
            raise FormIsCertified
        case AtNotary():
            return contract
        case Draft() | Signed() | Returned():
            raise NotAtTheNotary


def must_not_represent(notary: PersonId, parties: Sequence[Organisation | None]) -> None:
    """A notary has no stake in what is certified. Of an organisation that isn't known, nobody can say so."""
    for party in parties:
        if party is None:
            raise NotThere
        if notary in party.representatives:
            raise NotaryRepresentsAParty


def must_not_have_signed_it(notary: PersonId, queued: AtNotary) -> None:
    """Who signed for a party represents it, named as its representative or not."""
    if any(notary == signature.person for signature in queued.signatures):
        raise NotaryRepresentsAParty
