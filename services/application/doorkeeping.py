"""Keys of members: who holds one, for every room that people or machines come to.

A key names its host in the open (`hs.essen.…`), so a foreign one is known for what it is.
"""

import asyncio
import secrets
from time import monotonic

from domain.access.roles import Role
from domain.identity import TenantId
from domain.refusal import NotThere
from domain.streaming.audience import Audience
from infra.postgres.tenancy import AccessKeys, key_hash
from services.application.asking import Caller, Scope

REMEMBERED = 5.0
"""Seconds for which a key that was found is not looked up again; a revoked one opens nothing after that."""

_LIMIT = 10_000


def new_key(tenant: TenantId) -> str:
    """A fresh key of 256 random bits for `tenant`; only its hash is kept."""
    return f"hs.{tenant}.{secrets.token_urlsafe(32)}"


class Keyring:
    """Tells callers by their keys. Owns what it remembers; forgets all of it rather than grow without end.

    However many ask for a key at once (a thousand streams of one reader do), it is looked up once.
    """

    def __init__(self, keys: AccessKeys) -> None:
        self._keys = keys
        self._asked: dict[tuple[TenantId, str], asyncio.Future[Caller | None]] = {}
        self._remembered: dict[tuple[TenantId, str], tuple[float, Caller]] = {}

    async def holder(self, tenant: TenantId, key: str) -> Caller | None:
        """Who holds `key` at `tenant`; None when it opens nothing.

        Raises `NotThere` for another host's key: to it this host doesn't exist.
        """
        found = self._remembered.get((tenant, key))
        if found is not None and found[0] > monotonic():
            return found[1]
        asked = self._asked.get((tenant, key))
        if asked is None:
            asked = self._asked[tenant, key] = asyncio.ensure_future(self._look_up(tenant, key))
            asked.add_done_callback(lambda _: self._asked.pop((tenant, key), None))
        caller = await asyncio.shield(asked)
        if caller is None:
            return None
        if len(self._remembered) >= _LIMIT:
            self._remembered.clear()
        self._remembered[tenant, key] = (monotonic() + REMEMBERED, caller)
        return caller

    async def _look_up(self, tenant: TenantId, key: str) -> Caller | None:
        prefix, _, rest = key.partition(".")
        host, _, secret = rest.partition(".")
        if prefix != "hs" or len(secret) < 32 or not key.isascii():
            return None
        if host != tenant:
            raise NotThere
        found = await self._keys.look_up(tenant, key_hash(key.encode()))
        if found is None:
            return None
        return Caller(
            tenant=tenant,
            key=found.key_id,
            member=found.member,
            role=Role(found.role),
            marketplace=found.marketplace,
            scope=None if found.audience is None else Scope(audience=Audience(found.audience), persons=found.persons),
        )
