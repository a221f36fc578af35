"""What follows at the notary's desk: handing in, return, certification, revocation, annulment."""

from collections.abc import Sequence

from domain.contract.commands import Annul, Certify, ReturnForCorrection, RevokeCertification
from domain.contract.events import (
    CertificationRevoked,
    ContractAnnulled,
    ContractCertified,
    Fact,
    FormChecked,
    ReturnedForCorrection,
    SubmittedToNotary,
)
from domain.contract.refusals import (
    ChecklistIncomplete,
    ContractIsOver,
    FormIsCertified,
    NoReasonGiven,
    NotaryRepresentsAParty,
    NotAtTheNotary,
    NotOnTheChecklist,
    SignaturesMissing,
    TooLate,
)
from domain.contract.rules import must_be_certified, must_be_in_hand, must_not_be_over
from domain.contract.state import Abandoned, Annulled, AtNotary, Certified, Contract, Draft, Returned, Signed, Void
from domain.identity import PersonId
from domain.marketplace.rules import ChecklistItem
from domain.marketplace.state import Marketplace, Trading
from domain.organisation.state import Organisation
from domain.refusal import NotThere


def submit(contract: Contract | None, marketplace: Marketplace | None) -> tuple[Fact, ...]:
    """The facts of handing the form in. What was handed in before the gong may come again after it."""
    signed = must_be_signed_by_all(contract)
    if not signed.in_time:
        must_be_before_the_gong(marketplace)
    return (SubmittedToNotary(),)


def return_for_correction(command: ReturnForCorrection, contract: Contract | None) -> tuple[Fact, ...]:
    """The facts of giving a form back; raises a `Refusal` when a rule forbids it."""
    must_be_at_the_notary(contract)
    if not command.reasons or len(set(command.reasons)) < len(command.reasons):
        raise NoReasonGiven
    return (ReturnedForCorrection(reasons=command.reasons),)


def certify(
    command: Certify,
    contract: Contract | None,
    parties: Sequence[Organisation | None],
    number: int,
    checklist: Sequence[ChecklistItem] = (),
) -> tuple[Fact, ...]:
    """The facts of certifying under `number`, the register's next; `parties` are the form's organisations."""
    queued = must_be_at_the_notary(contract)
    must_not_represent(command.notary, parties)
    must_not_have_signed_it(command.notary, queued)
    must_have_checked_all(command.checked, checklist)
    certified = ContractCertified(notary=command.notary, number=number, terms_hash=queued.form.terms_hash)
    if not command.checked:
        return (certified,)
    return (FormChecked(notary=command.notary, items=command.checked), certified)


def revoke(
    command: RevokeCertification, contract: Contract | None, parties: Sequence[Organisation | None]
) -> tuple[Fact, ...]:
    """The facts of taking a certification back; raises a `Refusal` when a rule forbids it."""
    certified = must_be_certified(contract)
    must_not_represent(command.notary, parties)
    must_not_have_signed_it(command.notary, certified)
    return (CertificationRevoked(notary=command.notary, reason=command.reason),)


def annul(command: Annul, contract: Contract | None) -> tuple[Fact, ...]:
    """The facts of annulling a contract, or of giving a form up; raises a `Refusal` when it is over already."""
    must_not_be_over(contract)
    return (ContractAnnulled(reason=command.reason),)


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
        case Void() | Annulled() | Abandoned():
            raise ContractIsOver
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


def must_not_have_signed_it(notary: PersonId, form: AtNotary | Certified) -> None:
    """Who signed for a party represents it, named as its representative or not."""
    if any(notary == signature.person for signature in form.signatures):
        raise NotaryRepresentsAParty


def must_have_checked_all(checked: Sequence[str], checklist: Sequence[ChecklistItem]) -> None:
    """The notary confirms every item of the host's checklist, and none that it doesn't have."""
    items = {item.id for item in checklist}
    if not set(checked) <= items or len(set(checked)) < len(checked):
        raise NotOnTheChecklist
    if items - set(checked):
        raise ChecklistIncomplete
