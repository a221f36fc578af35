"""What every request's body is: strict, in Unicode NFC, and the asking of one command."""

import unicodedata
from datetime import datetime
from typing import Any

from msgspec import Struct

from domain.identity import MarketplaceId, ParticipationId, StreamId
from domain.instant import Instant, instant
from domain.personal import Personal
from services.api.asked import Asked, Unusable


class Body(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A request's body."""

    def command(self, asked: Asked) -> Any:
        """The command this body asks for; raises `Unusable` when a member can't be used."""
        raise NotImplementedError


class Nothing(Body, kw_only=True, frozen=True):
    """Everything is said by the address."""


def nfc(told: str) -> str:
    """Text as the log keeps it: Unicode NFC. People type what their keyboards give them."""
    return unicodedata.normalize("NFC", told)


def the_marketplace(told: str) -> MarketplaceId:
    """An edition's id."""
    return MarketplaceId(StreamId(told))


def the_party(told: str) -> ParticipationId:
    """A party's id: its participation's."""
    return ParticipationId(StreamId(told))


def noted(note: str | None, asked: Asked) -> Personal | None:
    """Words beside a reason: they belong to who wrote them, and are kept in the vault."""
    return None if note is None else Personal(person=asked.member, values={"note": nfc(note)})


def the_instant(pointer: str, told: datetime) -> Instant:
    """A moment of a body's member; raises `Unusable` for one that no clock reaches."""
    try:
        return instant(told)
    except (OverflowError, ValueError):
        raise Unusable(pointer, "That moment is out of reach.") from None
