"""What has happened to what is held on a person. Stored for decades: a changed meaning is a new version."""

from datetime import date
from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import EventId, PersonId


class Field(StrEnum):
    """What the vault holds on a person that can be corrected."""

    NAME = "name"
    CONTACT = "contact"


class Basis(StrEnum):
    """Why a person's values are to be kept for now, although nobody needs them at their work."""

    TAX_RECORDS = "tax_records"
    """They stand on papers that tax law has kept (in Germany § 147 AO)."""
    COMMERCIAL_RECORDS = "commercial_records"
    """They stand on papers that commercial law has kept (§ 257 HGB)."""
    LEGAL_CLAIMS = "legal_claims"
    """They are needed for a claim (GDPR Article 17 (3) e)."""
    ACCURACY_CONTESTED = "accuracy_contested"
    """The person says that they are wrong, and that is being looked into (Article 18 (1) a)."""
    ASKED_BY_PERSON = "asked_by_person"
    """The person wants them kept (Article 18 (1) b and c)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased:
    """What was held on `person` is destroyed; what they had open is `successor`'s, if somebody was named."""

    person: PersonId
    successor: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteErased:
    """The note that `person` wrote at the record `event` is destroyed."""

    person: PersonId
    event: EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCorrected:
    """A value of `person` was wrong; the right one is sealed with this record, the old one destroyed."""

    person: PersonId
    field: Field


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRestricted:
    """What is held on `person` has to be kept up to and with the day `until`, and why."""

    person: PersonId
    until: date
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionLifted:
    """What is held on `person` needn't be kept any longer."""

    person: PersonId


Fact = PersonErased | NoteErased | ValueCorrected | PersonRestricted | RestrictionLifted
