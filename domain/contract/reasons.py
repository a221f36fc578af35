"""Why something is done to a contract. Words beside a reason are a person's, and go to the vault."""

from enum import StrEnum


class RevocationReason(StrEnum):
    """Why a notary revokes a certification."""

    CERTIFIED_BY_MISTAKE = "certified_by_mistake"
    WRONG_TERMS = "wrong_terms"
    CERTIFIED_TWICE = "certified_twice"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    OTHER = "other"


class AnnulmentReason(StrEnum):
    """Why a contract is annulled, or a form given up."""

    BY_AGREEMENT = "by_agreement"
    NO_MANDATE = "no_mandate"
    IMPRACTICABLE = "impracticable"
    WRITTEN_TWICE = "written_twice"
    OTHER = "other"


class CorrectionReason(StrEnum):
    """Why a valuer corrects a value."""

    MISCALCULATED = "miscalculated"
    WRONG_RATE = "wrong_rate"
    WRONG_QUANTITY = "wrong_quantity"
    IMPLAUSIBLE = "implausible"
    OTHER = "other"


class DisputeReason(StrEnum):
    """What the parties don't agree on."""

    NOT_DELIVERED = "not_delivered"
    NOT_AS_AGREED = "not_as_agreed"
    NOT_ACCEPTED = "not_accepted"
    OTHER = "other"


class ReminderKind(StrEnum):
    """What somebody is asked: whether the first contact was made, or whether what was pledged happened."""

    FIRST_CONTACT = "first_contact"
    DID_IT_HAPPEN = "did_it_happen"
