"""What is asked about an organisation."""

from dataclasses import dataclass

from domain.identity import PersonId
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


Command = RegisterOrganisation | NameRepresentative | GiveMandate | WithdrawMandate
