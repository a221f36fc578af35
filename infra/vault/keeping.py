"""Keeping a person's values in one call: they are sealed here, under a key that the database may turn down.

Order: values are sealed under a fresh key, as if the person were new, and offered. If the person has a key, nothing is
kept and that key is answered, wrapped; the values are sealed under it and offered again. What happens between two
offers is seen by the next one: a key that a rotation wrapped anew is answered as it is wrapped now, and of somebody
who leaves nothing is kept. Each offer is a transaction of its own, and all but the last one leave nothing behind.
"""

from typing import Any

import asyncpg

from domain.frozen import dataclass
from domain.identity import EventId, PersonId, TenantId
from infra.vault.keys import replaced
from infra.vault.masters import MasterKeys
from infra.vault.sealing import SEALING, fresh_key, place_of_person, place_of_value, seal, unwrap, wrap
from infra.vault.trouble import KeyInMotion, MasterKeyMissing, PersonLeaving

_OFFERS = 6
"""Two are needed for somebody who is known, one more when a master key was closed, or for each rotation meanwhile."""

_KEEP = "select outcome, master, wrapped from vault.keep($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


@dataclass(frozen=True, slots=True)
class Value:
    """A value that is to be kept, the salt of its commitment, and the commitment (32 bytes each)."""

    field: str
    text: str
    salt: bytes
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """Values of a person that the record `event` will commit to, noted when the log reached to `log_size`.

    None: the vault stands beside the log, and looks itself.
    """

    tenant: TenantId
    person: PersonId
    event: EventId
    log_size: int | None
    values: tuple[Value, ...]

    @property
    def place(self) -> bytes:
        """Whose key it is to be under."""
        return place_of_person(self.tenant, self.person)

    def boxes(self, key: bytes) -> list[bytes]:
        """The values, sealed under `key`."""
        return [
            seal(key, place_of_value(self.tenant, self.person, self.event, value.field), value.salt, value.text)
            for value in self.values
        ]


@dataclass(frozen=True, slots=True)
class _Key:
    """A person's key, as it is and as the master key of that id wraps it."""

    master: str
    wrapped: bytes
    plain: bytes


async def keep(connection: asyncpg.Connection | asyncpg.Pool, masters: MasterKeys, offer: Offer) -> None:
    """Keep all values of the offer, or none. Raises `PersonLeaving`, `MasterKeyMissing`, `KeyInMotion`.

    A master key that a rotation closed, or let go of while the answer was on its way, is no error the first time: the
    source is read again, or the person's key is asked for again.
    """
    key, no_use = _fresh(masters, offer), set[str]()
    for _ in range(_OFFERS):
        answer = await _made(connection, offer, key)
        match answer["outcome"]:
            case "kept":
                return
            case "leaving":
                raise PersonLeaving(PersonLeaving.__doc__)
            case "closed":
                if key.master in no_use:
                    raise replaced(masters)
                no_use.add(key.master)
                masters.read()
                key = _fresh(masters, offer)
            case _:
                try:
                    key = _answered(masters, offer, answer["master"], answer["wrapped"])
                except MasterKeyMissing:
                    if answer["master"] in no_use:
                        raise
                    no_use.add(answer["master"])
    raise KeyInMotion(KeyInMotion.__doc__)


async def _made(connection: asyncpg.Connection | asyncpg.Pool, offer: Offer, key: _Key) -> Any:
    return await connection.fetchrow(
        _KEEP,
        offer.tenant,
        offer.person,
        offer.event,
        offer.log_size,
        key.master,
        key.wrapped,
        SEALING,
        [value.field for value in offer.values],
        offer.boxes(key.plain),
        [value.commitment for value in offer.values],
    )


def _fresh(masters: MasterKeys, offer: Offer) -> _Key:
    master, plain = masters.current, fresh_key()
    return _Key(master, wrap(masters[master], offer.place, plain), plain)


def _answered(masters: MasterKeys, offer: Offer, master: str, wrapped: bytes) -> _Key:
    return _Key(master, wrapped, unwrap(masters[master], offer.place, wrapped))
