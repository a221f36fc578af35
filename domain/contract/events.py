"""What has happened to a form. Stored for decades: a changed meaning is a new version, never an edit."""

from dataclasses import dataclass

from domain.contract.form import Form, ReturnReason, Signature
from domain.identity import PersonId
from domain.negotiation.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDrafted:
    """A form was written."""

    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCorrected:
    """Other terms stand on the form; signatures under the former ones no longer hold."""

    terms: Terms
    terms_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSigned:
    """One party signed."""

    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedToNotary:
    """The signed form lies in the notary's queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedForCorrection:
    """The notary gave the form back."""

    reasons: tuple[ReturnReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractCertified:
    """The notary confirmed the terms with `terms_hash` under `number`, the next of the edition's register."""

    notary: PersonId
    number: int
    terms_hash: str


Fact = ContractDrafted | FormCorrected | ContractSigned | SubmittedToNotary | ReturnedForCorrection | ContractCertified
