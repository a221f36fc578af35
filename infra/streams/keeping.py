"""Secrets of endpoints at rest: sealed under a key of the host's own, which a master key of the vault wraps.

So a master key that is replaced (`infra.vault.rotation`) takes them along, and a copy of the database signs nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from domain.frozen import dataclass
from domain.identity import TenantId
from infra.streams.webhook import Secret
from infra.vault.keys import tenant_key
from infra.vault.sealing import place_of_secret, seal_secret, unseal_secret
from infra.vault.trouble import VaultDamaged
from infra.vault.vault import Vault

_PURPOSE = "webhooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSecret:
    """A secret as its row says: it signs until `expires_at`, if that is set. `public` is an Ed25519 key's `whpk_…`."""

    number: int
    scheme: str
    public: str | None
    created_at: datetime
    expires_at: datetime | None


class SecretKeeper:
    """Seals and opens the secrets of all hosts' endpoints. It holds a host's key once it was used."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._held: dict[TenantId, bytes] = {}

    async def ready(self, tenant: TenantId) -> None:
        """Have the host's key at hand, so that sealing needs no other transaction."""
        await self._key(tenant, make=True)

    async def seal(self, tenant: TenantId, endpoint: str, number: int, secret: Secret) -> bytes:
        """`secret` as it may stand in a row."""
        key = await self._key(tenant, make=True)
        return seal_secret(key, place_of_secret(tenant, endpoint, number), str(secret))

    async def open(self, tenant: TenantId, endpoint: str, rows: Iterable[Mapping[str, Any]]) -> list[Secret]:
        """The secrets of rows with `number` and `sealed`, in their order. Raises `VaultDamaged`."""
        told = list(rows)
        key = await self._key(tenant, make=False) if told else b""
        return [
            Secret.parse(unseal_secret(key, place_of_secret(tenant, endpoint, row["number"]), row["sealed"]))
            for row in told
        ]

    async def _key(self, tenant: TenantId, *, make: bool) -> bytes:
        if tenant not in self._held:
            async with self._vault.transaction(tenant) as connection:
                key = await tenant_key(connection, self._vault.masters, tenant, _PURPOSE, 0, make=make)
            if key is None:
                raise VaultDamaged(VaultDamaged.__doc__)
            self._held[tenant] = key
        return self._held[tenant]
