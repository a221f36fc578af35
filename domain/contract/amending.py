"""What follows when the parties want certified terms otherwise: all of them sign, and nothing is overwritten."""

from domain.contract.commands import ProposeAmendment, SignAmendment, WithdrawAmendment
from domain.contract.events import AmendmentProposed, AmendmentSigned, AmendmentWithdrawn, ContractAmended, Fact
from domain.contract.labels import labelled, plan_for
from domain.contract.refusals import (
    AmendmentOpen,
    NoAmendment,
    NothingAmended,
    SignatureInDoubt,
    SignedAlready,
    TouchesWhatHappened,
)
from domain.contract.rules import must_be_a_party, must_be_a_signature, must_be_certified
from domain.contract.state import Amendment, Certified, Contract, unsigned
from domain.marketplace.state import Marketplace
from domain.negotiation.rules import must_be_terms
from domain.negotiation.terms import Terms, terms_hash
from domain.refusal import NotThere


def propose(command: ProposeAmendment, contract: Contract | None, marketplace: Marketplace | None) -> tuple[Fact, ...]:
    """The facts of proposing other terms; raises a `Refusal` when a rule forbids it."""
    certified = must_be_certified(contract)
    if marketplace is None:
        raise NotThere
    must_be_a_party(command.by, certified.form)
    must_be_beyond_doubt(certified)
    if certified.amendment is not None:
        raise AmendmentOpen
    plan = plan_for(certified.form.terms, marketplace)
    must_be_terms(command.terms, (party.participation for party in certified.form.parties), plan)
    must_be_other_terms(command.terms, certified)
    must_leave_what_happened(command.terms, certified)
    return (AmendmentProposed(by=command.by, terms=command.terms, terms_hash=terms_hash(command.terms)),)


def sign_amendment(
    command: SignAmendment, contract: Contract | None, marketplace: Marketplace | None
) -> tuple[Fact, ...]:
    """The facts of a signature under an amendment; with the last one it holds."""
    certified = must_be_certified(contract)
    if marketplace is None:
        raise NotThere
    amendment, signature = must_be_proposed(certified), command.signature
    must_be_beyond_doubt(certified)
    must_be_a_party(signature.party, certified.form)
    if any(signature.party == known.party for known in amendment.signatures):
        raise SignedAlready
    must_be_a_signature(signature, amendment.terms_hash)
    must_leave_what_happened(amendment.terms, certified)
    signed = AmendmentSigned(signature=signature)
    if unsigned(certified.form, (*amendment.signatures, signature)):
        return (signed,)
    amended = ContractAmended(terms=amendment.terms, terms_hash=amendment.terms_hash)
    return (signed, amended, *labelled(amendment.terms, marketplace))


def withdraw_amendment(command: WithdrawAmendment, contract: Contract | None) -> tuple[Fact, ...]:
    """The facts of taking an amendment off the table: any party can, since all would have to sign."""
    certified = must_be_certified(contract)
    must_be_proposed(certified)
    must_be_a_party(command.by, certified.form)
    return (AmendmentWithdrawn(by=command.by),)


def must_be_proposed(certified: Certified) -> Amendment:
    """What is signed or withdrawn lies on the table."""
    if certified.amendment is None:
        raise NoAmendment
    return certified.amendment


def must_be_beyond_doubt(certified: Certified) -> None:
    """First it is settled whether the contract holds at all."""
    if certified.repudiated:
        raise SignatureInDoubt


def must_be_other_terms(terms: Terms, certified: Certified) -> None:
    """An amendment changes something."""
    if terms == certified.form.terms:
        raise NothingAmended


def must_leave_what_happened(terms: Terms, certified: Certified) -> None:
    """What was delivered, or won't be, keeps its words and its place."""
    for place, (pledge, known) in enumerate(zip(certified.form.terms.pledges, certified.progress, strict=True)):
        if known.touched and terms.pledges[place : place + 1] != (pledge,):
            raise TouchesWhatHappened
