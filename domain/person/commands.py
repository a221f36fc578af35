"""What is asked about what is held on a person."""

from datetime import date

from domain.frozen import dataclass
from domain.identity import EventId, OrganisationId, PersonId
from domain.person.events import Basis, Field
from domain.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePerson:
    """Destroy what is held on a person.

    `organisations` are those that named the person; for them `successor` speaks from here on, if somebody is named.
    """

    person: PersonId
    successor: PersonId | None
    organisations: tuple[OrganisationId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseNote:
    """Destroy a note that `person` wrote at the record `event`: it may be about somebody else."""

    person: PersonId
    event: EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPerson:
    """Put a right value, which comes in `personal`, in place of a wrong one."""

    person: PersonId
    field: Field
    personal: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictPerson:
    """Keep what is held on a person until a day, for a reason that the law gives."""

    person: PersonId
    until: date
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftRestriction:
    """What is held on a person needn't be kept any longer."""

    person: PersonId


Command = ErasePerson | EraseNote | CorrectPerson | RestrictPerson | LiftRestriction
