"""Fingerprints of requests, that say whether two are the same and nothing of what they asked.

A request may hold names, and its fingerprint stands beside its idempotency key for good: a plain hash could be
guessed at. So it is an HMAC under a key of the host's own for a period of 30 days, and the key is destroyed when the
next period is over: from then on nobody can test a guess, nor compare. An idempotency key that is used again after
that is answered with its first answer.
"""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from domain.identity import StreamId, TenantId
from infra.clock import now
from infra.vault.keys import tenant_key
from infra.vault.vault import Vault

PERIOD = timedelta(days=30)
_PURPOSE = "fingerprints"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEAD = 4
"""Bytes in which a fingerprint names its period."""

_EXPIRE = "delete from vault.tenant_keys where tenant = $1 and purpose = $2 and period < $3"


class Fingerprints:
    """Fingerprints of all hosts' requests. One per process: holds what keys it used, until `expire` destroys them."""

    def __init__(self, vault: Vault, clock: Callable[[], datetime] = now) -> None:
        self._vault = vault
        self._clock = clock
        self._held: dict[tuple[TenantId, int], bytes | None] = {}

    async def of(self, tenant: TenantId, request: bytes) -> bytes:
        """The fingerprint of a request's hash, in this period: the period's number and an HMAC."""
        period = _period(self._clock())
        key = await self._key(tenant, period, period)
        return b"" if key is None else _told(key, period, request)

    async def are_alike(self, tenant: TenantId, known: bytes, request: bytes) -> bool:
        """Whether `known` is the fingerprint of this request; yes, too, when nobody can tell any more."""
        period = int.from_bytes(known[:_HEAD], "big")
        key = await self._key(tenant, period, _period(self._clock()))
        return key is None or hmac.compare_digest(known, _told(key, period, request))

    async def expire(self, tenant: TenantId) -> None:
        """Destroy the keys of periods before the last one: the host's in the vault, and all that are held here."""
        oldest = _period(self._clock()) - 1
        async with self._vault.transaction(tenant) as connection:
            await connection.execute(_EXPIRE, tenant, _PURPOSE, oldest)
        self._held = {which: key for which, key in self._held.items() if which[1] >= oldest}

    async def _key(self, tenant: TenantId, period: int, here: int) -> bytes | None:
        """The key of a period, made if it is the one that is `here` now; None when nobody has it any more."""
        if not here - 1 <= period <= here:
            return None
        if (tenant, period) not in self._held:
            async with self._vault.transaction(tenant) as connection:
                found = await tenant_key(connection, self._vault.masters, tenant, _PURPOSE, period, make=period == here)
            self._held[tenant, period] = found
        return self._held[tenant, period]


class ImportIds:
    """The ids of what a host's files bring: the same for the same file, and nothing to test a guess of its rows by."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    async def of(cls, vault: Vault, tenant: TenantId) -> "ImportIds":
        """The host's own."""
        async with vault.transaction(tenant) as connection:
            key = await tenant_key(connection, vault.masters, tenant, "imports", 0, make=True)
        return cls(key or b"")

    def id_of(self, digest: str, what: str) -> StreamId:
        """The id of something that comes of the file with this digest."""
        return StreamId(str(uuid5(UUID(int=0), self.word_for(digest, what))))

    def word_for(self, *parts: str) -> str:
        """64 hexadecimal digits that stand for these parts."""
        return hmac.digest(self._key, "\n".join(parts).encode(), "sha256").hex()


def _period(moment: datetime) -> int:
    return (moment - _EPOCH) // PERIOD


def _told(key: bytes, period: int, request: bytes) -> bytes:
    return period.to_bytes(_HEAD, "big") + hmac.digest(key, request, "sha256")
