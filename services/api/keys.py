"""Bearer keys: who asks, as the request's header says it."""

from domain.identity import TenantId
from services.api.problems import KeyMissing, KeyUnknown
from services.application.asking import Caller
from services.application.doorkeeping import Keyring


class Doorkeeper:
    """Tells callers by their `Authorization`."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def caller(self, tenant: TenantId, authorization: str | None) -> Caller:
        """Who asks at `tenant`.

        Raises `KeyMissing`, `KeyUnknown`, and `NotThere` for another host's key: to it this host doesn't exist.
        """
        scheme, _, key = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise KeyMissing
        caller = await self._keyring.holder(tenant, key)
        if caller is None:
            raise KeyUnknown
        return caller
