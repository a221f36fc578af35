"""Where a form stands.

(nothing) --drafted--> Draft --signed by the last--> Signed --submitted_to_notary--> AtNotary --certified--> Certified
                        ^  ^                            |                               |
                        |  +-------form_corrected-------+                               |
                        +--form_corrected--  Returned  <--returned_for_correction-------+
                                             Returned --submitted_to_notary--> AtNotary
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.contract.events import (
    ContractCertified,
    ContractDrafted,
    ContractSigned,
    Fact,
    FormCorrected,
    ReturnedForCorrection,
    SubmittedToNotary,
)
from domain.contract.form import Form, Signature
from domain.identity import ParticipationId, PersonId
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Written, not yet signed by all. `in_time` says that it was handed in before the gong once."""

    form: Form
    signatures: tuple[Signature, ...]
    in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Every party has signed these terms."""

    form: Form
    signatures: tuple[Signature, ...]
    in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AtNotary:
    """In the notary's queue."""

    form: Form
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Given back by the notary; its signatures hold until the terms change."""

    form: Form
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Under the seal, with its number."""

    form: Form
    signatures: tuple[Signature, ...]
    notary: PersonId
    number: int


Contract = Draft | Signed | AtNotary | Returned | Certified


def evolve(contract: Contract | None, fact: Fact) -> Contract:
    """The contract after `fact`. Facts have happened: nothing is refused here."""
    match contract, fact:
        case None, ContractDrafted(form=form):
            return Draft(form=form, signatures=(), in_time=False)
        case Draft(), ContractSigned(signature=signature):
            return _signed(contract, signature)
        case ((Draft() | Signed()), FormCorrected()):
            return Draft(form=_corrected(contract.form, fact), signatures=(), in_time=contract.in_time)
        case Returned(), FormCorrected():
            return Draft(form=_corrected(contract.form, fact), signatures=(), in_time=True)
        case ((Signed() | Returned()), SubmittedToNotary()):
            return AtNotary(form=contract.form, signatures=contract.signatures)
        case AtNotary(), ReturnedForCorrection():
            return Returned(form=contract.form, signatures=contract.signatures)
        case AtNotary(), ContractCertified(notary=notary, number=number):
            return Certified(form=contract.form, signatures=contract.signatures, notary=notary, number=number)
        case _:
            raise LogDamaged(contract, fact)


def _signed(draft: Draft, signature: Signature) -> Draft | Signed:
    signatures = (*draft.signatures, signature)
    if unsigned(draft.form, signatures):
        return replace(draft, signatures=signatures)
    return Signed(form=draft.form, signatures=signatures, in_time=draft.in_time)


def unsigned(form: Form, signatures: Iterable[Signature]) -> frozenset[ParticipationId]:
    """The parties of `form` whose signature is missing."""
    signed = {signature.party for signature in signatures}
    return frozenset(party.participation for party in form.parties) - signed


def _corrected(form: Form, fact: FormCorrected) -> Form:
    return replace(form, terms=fact.terms, terms_hash=fact.terms_hash)


def replay(facts: Iterable[Fact]) -> Contract | None:
    """The contract that `facts` tell, from its draft on."""
    contract: Contract | None = None
    for fact in facts:
        contract = evolve(contract, fact)
    return contract
