"""Rules that several requests about a form are held to."""

from domain.contract.form import Form, Manner, Signature
from domain.contract.refusals import (
    ContractIsOver,
    FormIsAtTheNotary,
    FormIsCertified,
    NotAPartyToTheForm,
    NotCertified,
    OtherTerms,
    PledgeUnknown,
    SignerMissing,
    WitnessIsSigner,
    WitnessMissing,
)
from domain.contract.state import (
    Abandoned,
    Annulled,
    AtNotary,
    Certified,
    Contract,
    Draft,
    InHand,
    Returned,
    Signed,
    Void,
)
from domain.identity import ParticipationId
from domain.negotiation.terms import Pledge, Terms
from domain.refusal import NotThere


def must_be_in_hand(contract: Contract | None) -> InHand:
    """The parties have the form in hand: it is neither with the notary nor under the seal, nor given up."""
    match contract:
        case None:
            raise NotThere
        case AtNotary():
            raise FormIsAtTheNotary
        case Certified():
            raise FormIsCertified
        case Void() | Annulled() | Abandoned():
            raise ContractIsOver
        case Draft() | Signed() | Returned():
            return contract


def must_be_certified(contract: Contract | None) -> Certified:
    """What is followed up, amended or revoked is under the seal."""
    match contract:
        case None:
            raise NotThere
        case Void() | Annulled() | Abandoned():
            raise ContractIsOver
        case Certified():
            return contract
        case _:
            raise NotCertified


def must_not_be_over(contract: Contract | None) -> Draft | Signed | AtNotary | Returned | Certified:
    """What is revoked, annulled or given up stays as it is."""
    match contract:
        case None:
            raise NotThere
        case Void() | Annulled() | Abandoned():
            raise ContractIsOver
        case _:
            return contract


def must_be_a_party(party: ParticipationId, form: Form) -> None:
    """Parties sign and speak for themselves, nobody else does."""
    if all(party != known.participation for known in form.parties):
        raise NotAPartyToTheForm


def must_be_a_pledge_of(terms: Terms, place: int) -> Pledge:
    """A pledge is named by its place, from 0 on; who asks is answered with the pledge."""
    if not 0 <= place < len(terms.pledges):
        raise PledgeUnknown
    return terms.pledges[place]


def must_be_a_signature(signature: Signature, terms_hash: str) -> None:
    """All parties sign the same terms, the hash says which; paper has a witness, a badge its bearer."""
    if signature.terms_hash != terms_hash:
        raise OtherTerms
    match signature.manner:
        case Manner.ON_PAPER if signature.witness is None:
            raise WitnessMissing
        case Manner.BADGE_AND_PIN if signature.person is None:
            raise SignerMissing
    if signature.person is not None and signature.person == signature.witness:
        raise WitnessIsSigner
