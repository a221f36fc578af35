"""What every request's body is: strict, in Unicode NFC, and the asking of one command."""

import unicodedata
from typing import Any

from msgspec import Struct

from domain.identity import MarketplaceId, ParticipationId, StreamId
from services.api.asked import Asked


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
