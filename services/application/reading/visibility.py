"""What those see who come without a key. This is the one place that decides it.

Rehearsals are open: their names are invented. Of a real edition the public sees what was certified alone, a party's
name only with the consent it gave when it signed, no person's name, and no person's pseudonym either, since the vault
can still resolve it.
"""

from collections.abc import Mapping
from typing import Any

from domain.directory.fold import Entry
from domain.identity import OrganisationId
from domain.ledger.row import NUMBERED, LedgerRow
from domain.marketplace.plan import Visibility
from domain.marketplace.state import AfterTrading, CalledOff, Marketplace, Trading
from domain.streaming.audience import Audience
from domain.streaming.visibility import visible

PERSONS = frozenset({"person", "successor", "representatives", "broker", "notary", "witness", "code"})
"""The members of a trail step's details that name persons, or the badge on them."""

_AMENDING = frozenset(
    {"contract.amendment_proposed.v1", "contract.amendment_signed.v1", "contract.amendment_withdrawn.v1"}
)


def visible_to_public(row: LedgerRow) -> bool:
    """Whether the public sees this contract and its trail."""
    return row.rehearsal or row.state in NUMBERED


def named_in_public(row: LedgerRow) -> frozenset[OrganisationId]:
    """The parties whose names the public may read on this contract."""
    return frozenset(party.organisation for party in row.parties if row.rehearsal or party.publicity)


def organisation_named_in_public(entry: Entry) -> bool:
    """Whether the public may read the name in lists of organisations and participations: consent is per contract."""
    return entry.rehearsal


def listings_in_public(edition: Marketplace) -> bool:
    """Whether the public may read the edition's offers and needs now: the host's choice, and none when called off."""
    if isinstance(edition, CalledOff):
        return False
    match edition.plan.visibility:
        case _ if edition.plan.rehearsal:
            return True
        case Visibility.BEFORE:
            return True
        case Visibility.AT_THE_DOOR:
            return isinstance(edition, Trading | AfterTrading)
        case Visibility.NEVER:
            return False


def step_in_public(type_name: str) -> bool:
    """Whether the public may read a step of this type on the trail of a certified contract.

    What is the host's own business isn't told, nor an amendment before it stands: all parties have to sign it.
    """
    return type_name not in _AMENDING and visible(type_name, Audience.PARTNER)


def without_persons(details: Mapping[str, Any]) -> dict[str, Any]:
    """A trail step's details without its persons."""
    return {key: value for key, value in details.items() if key not in PERSONS}
