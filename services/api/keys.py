"""Bearer keys: who asks, as the request's header says it."""

from domain.identity import TenantId
from services.api.problems import KeyMissing, KeyUnknown
from services.application.asking import Caller
from services.application.doorkeeping import Keyring
from services.application.trouble import KeyIsForStreams


class Doorkeeper:
    """Tells callers by their `Authorization`."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def caller(self, tenant: TenantId, authorization: str | None) -> Caller:
        """Who asks at `tenant`, for anything but streams.

        Raises `KeyMissing`, `KeyUnknown`, `KeyIsForStreams`, and `NotThere` for another host's key: to it this host
        doesn't exist.
        """
        caller = await self.listener(tenant, authorization)
        if caller.scope is not None:
            raise KeyIsForStreams
        return caller

    async def listener(self, tenant: TenantId, authorization: str | None) -> Caller:
        """Who asks for a stream at `tenant`: a stream key's holder, or any other caller. Raises as `caller` does."""
        scheme, _, key = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise KeyMissing
        caller = await self._keyring.holder(tenant, key)
        if caller is None:
            raise KeyUnknown
        return caller
