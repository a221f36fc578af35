"""What has happened to an organisation. Stored for decades: a changed meaning is a new version, never an edit."""

from dataclasses import dataclass
from enum import StrEnum

from domain.identity import PersonId


class Side(StrEnum):
    """On which side of the hall it stands: companies left, non-profits right."""

    COMPANY = "company"
    NONPROFIT = "nonprofit"


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


Fact = OrganisationRegistered | RepresentativeNamed
