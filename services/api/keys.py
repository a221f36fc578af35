"""Bearer keys: who asks, as the request's header says it."""

from collections.abc import Collection
from typing import Any

from litestar import Request

from domain.identity import TenantId
from services.api.problems import KeyMissing, KeyUnknown
from services.application.asking import Caller
from services.application.doorkeeping import Keyring
from services.application.trouble import OnlyYourEdition


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


def must_ask_about_its_edition(
    caller: Caller, path: str, parameters: Collection[str], request: Request[Any, Any, Any]
) -> None:
    """A member of one edition reads of that one, and of what the host's editions share; raises `OnlyYourEdition`.

    `path` and `parameters` are the question's: where an edition can be named, it is the caller's.
    """
    if caller.marketplace is None:
        return
    if path.startswith("marketplaces/{id}"):
        asked = request.path_params["id"]
    elif "marketplace" in parameters:
        asked = request.query_params.get("marketplace")
    else:
        return
    if asked != caller.marketplace:
        raise OnlyYourEdition


def must_be_of_its_edition(caller: Caller, view: Any) -> None:
    """What was found belongs to the caller's edition, or to none; raises `OnlyYourEdition`."""
    home = getattr(view, "marketplace", None)
    home = getattr(home, "id", home)
    if caller.marketplace is not None and home is not None and home != caller.marketplace:
        raise OnlyYourEdition
