"""What the parties talk about and later sign: pledges in both directions (METHOD.md, The form)."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from hashlib import sha256

from domain.codec import canonical, to_data
from domain.frozen import dataclass
from domain.identity import AreaId, ListingId, OrganisationId, ParticipationId
from domain.money import Value
from domain.organisation.events import Side
from domain.shapes import shared

MAX_PARTIES = 5
MAX_PLEDGES = 20
"""With both limits and the text limits of the form, terms fit an entry (65,535 bytes) with room to spare."""


class PledgeKind(StrEnum):
    """What is given. No kind of pledge holds money."""

    GOODS = "goods"
    SERVICE = "service"
    USE = "use"


@shared
@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who takes part in a negotiation or contract, and on which side of the hall."""

    participation: ParticipationId
    organisation: OrganisationId
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """One party's promise to another (Leistung): `quantity` `unit` of `title`, between two days or by one.

    `value` is None where nobody has estimated it: unknown, never zero. `listing` is the listing it takes from.
    """

    giver: ParticipationId
    receiver: ParticipationId
    area: AreaId
    title: str
    kind: PledgeKind
    quantity: int
    unit: str
    due_from: date | None
    due_until: date | None
    value: Value | None
    listing: ListingId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All pledges of one proposal, and who makes the first contact within how many days."""

    pledges: tuple[Pledge, ...]
    first_contact_by: ParticipationId | None
    first_contact_days: int | None


def is_one_sided(terms: Terms, table: Iterable[ParticipationId]) -> bool:
    """Whether a party at the table gives nothing."""
    return not set(table) <= {pledge.giver for pledge in terms.pledges}


def terms_hash(terms: Terms) -> str:
    """The SHA-256 (lower-case hex) of the canonical bytes of `terms`: what a party signs."""
    return sha256(canonical(to_data(terms))).hexdigest()
