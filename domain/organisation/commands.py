"""What is asked about an organisation."""

from domain.frozen import dataclass
from domain.identity import OrganisationId, PersonId
from domain.organisation.events import Mandate, Side
from domain.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOrganisation:
    """Register an organisation with a host.

    A sole trader's name is a person's: `name` is then None and the name comes in `personal`.
    """

    name: str | None
    side: Side
    rehearsal: bool
    personal: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRepresentative:
    """Name a person who may speak and sign for the organisation; name and contact come in `personal`."""

    person: PersonId
    personal: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveMandate:
    """Record with whose word a representative signs for the organisation."""

    person: PersonId
    mandate: Mandate


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMandate:
    """The person speaks for the organisation no longer."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOrganisation:
    """Go on with `into` alone: `duplicate` was entered twice. Both histories stay."""

    duplicate: OrganisationId
    into: OrganisationId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellApart:
    """`organisation` and `other` look alike and are two: they aren't shown as duplicates again."""

    organisation: OrganisationId
    other: OrganisationId


Alone = RegisterOrganisation | NameRepresentative | GiveMandate | WithdrawMandate
"""What is judged by the organisation alone."""
Command = Alone | MergeOrganisation | TellApart
