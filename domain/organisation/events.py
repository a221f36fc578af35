"""What has happened to an organisation. Stored for decades: a changed meaning is a new version, never an edit."""

from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import OrganisationId, PersonId


class Side(StrEnum):
    """On which side of the hall it stands: companies left, non-profits right."""

    COMPANY = "company"
    NONPROFIT = "nonprofit"


class Mandate(StrEnum):
    """Why a representative's signature binds the organisation (Vollmacht)."""

    BY_OFFICE = "by_office"
    """The law or the organisation's statutes say so: a managing director, a board."""
    IN_WRITING = "in_writing"
    BY_WORD = "by_word"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRegistered:
    """An organisation is known to the host. `name` is None for a sole trader: the vault has it."""

    name: str | None
    side: Side
    rehearsal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeNamed:
    """`person` (Vertreter/in) may speak and sign for the organisation."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateGiven:
    """The representative `person` may sign for the organisation, and why; a later one takes an earlier one's place."""

    person: PersonId
    mandate: Mandate


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateWithdrawn:
    """`person` no longer speaks nor signs for the organisation."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationMerged:
    """This entry was a duplicate: from here on `into` stands for the organisation."""

    into: OrganisationId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationAbsorbed:
    """`organisation` was a duplicate of this one; its `representatives` are this one's from here on."""

    organisation: OrganisationId
    representatives: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationToldApart:
    """`other` looks like this one and is another."""

    other: OrganisationId


Fact = (
    OrganisationRegistered
    | RepresentativeNamed
    | MandateGiven
    | MandateWithdrawn
    | OrganisationMerged
    | OrganisationAbsorbed
    | OrganisationToldApart
)
