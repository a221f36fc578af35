"""Sandboxes: hosts at which whoever holds a key may let a rehearsal be played, at any speed, to build against it.

What plays is handed in: this room knows only the door.
"""

from datetime import datetime
from typing import Any, Protocol

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from domain.identity import TenantId
from domain.refusal import NotThere
from services.api import problems
from services.api.keys import Doorkeeper
from services.api.paths import Query
from services.api.posting import decoded
from services.api.scopes import READERS
from services.application.trouble import OnlyYourEdition, RoleNotAllowed

MOST = 100
"""Contracts, or organisations of one side, in a sandbox: what a good marketplace has."""


class PlayBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What is to be played. `speed` is how many minutes of trading pass in a minute: 1 as people trade, 0 at once.

    The same seed and size tell the same story, each time with an edition of its own. `value` is what all contracts
    are worth together, in whole EUR; without it, 1,000 EUR each.
    """

    speed: float = 60.0
    companies: int = 12
    nonprofits: int = 16
    contracts: int = 20
    value: int | None = None
    trading_minutes: int = 120
    seed: int = 1


class PlayView(msgspec.Struct, kw_only=True, frozen=True):
    """A play: `state` is `playing`, `played`, `stopped` or `failed` (`trouble` says why).

    Follow it with the records after position `after`. `certified` of `contracts` are, after `steps` of `of_steps`;
    `marketplace` is its edition, once that is known.
    """

    state: str
    title: str
    after: int
    speed: float
    began: datetime
    ended: datetime | None
    steps: int
    of_steps: int
    certified: int
    contracts: int
    marketplace: str | None
    trouble: str | None


class SandboxView(msgspec.Struct, kw_only=True, frozen=True):
    """A sandbox, and what was played there last since the service started."""

    play: PlayView | None


class Sandboxes(Protocol):
    """Who plays. A play that ends, however it does, is told by `last`."""

    def has(self, tenant: TenantId) -> bool:
        """Whether this host is a sandbox."""
        ...

    def last(self, tenant: TenantId) -> PlayView | None:
        """What is played there, or was last."""
        ...

    async def play(self, tenant: TenantId, wish: PlayBody) -> PlayView:
        """Begin to play. Raises `SandboxBusy`, `SandboxFull`, and `BodyUnusable` for what nobody can play."""
        ...

    async def stop(self, tenant: TenantId) -> PlayView | None:
        """End what is played there; what is recorded stays."""
        ...


VIEWS = (PlayBody, SandboxView)

_decoder = msgspec.json.Decoder(PlayBody, strict=True)


def sandbox_routes(sandboxes: Sandboxes, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    """The three routes. At a host that is no sandbox there is nothing here, whoever asks."""

    @get("/v1/{tenant:str}/sandbox", name="GetSandbox")
    async def sandbox(request: Request[Any, Any, Any]) -> Response[bytes]:
        tenant = await _sandbox(request, sandboxes, doorkeeper)
        return _told(sandboxes.last(tenant), 200)

    @post("/v1/{tenant:str}/sandbox/play", name="PlayInSandbox", status_code=202)
    async def play(request: Request[Any, Any, Any]) -> Response[bytes]:
        tenant = await _sandbox(request, sandboxes, doorkeeper)
        return _told(await sandboxes.play(tenant, await _wish(request)), 202)

    @post("/v1/{tenant:str}/sandbox/stop", name="StopSandbox", status_code=200)
    async def stop(request: Request[Any, Any, Any]) -> Response[bytes]:
        tenant = await _sandbox(request, sandboxes, doorkeeper)
        return _told(await sandboxes.stop(tenant), 200)

    return [sandbox, play, stop]


async def _sandbox(request: Request[Any, Any, Any], sandboxes: Sandboxes, doorkeeper: Doorkeeper) -> TenantId:
    tenant = TenantId(request.path_params["tenant"])
    caller = await doorkeeper.listener(tenant, request.headers.get("authorization"))
    Query(request.query_params.dict()).end()
    if not sandboxes.has(tenant):
        raise NotThere
    if caller.role not in READERS:
        raise RoleNotAllowed
    if caller.marketplace is not None:
        raise OnlyYourEdition
    return tenant


async def _wish(request: Request[Any, Any, Any]) -> PlayBody:
    wish = decoded(_decoder, request.headers, await request.body(), bodiless=True)
    for name in ("companies", "nonprofits", "contracts"):
        if getattr(wish, name) > MOST:
            raise problems.BodyUnusable(errors=[{"pointer": f"/{name}", "detail": f"In a sandbox {MOST} at most."}])
    return wish


def _told(play: PlayView | None, status: int) -> Response[bytes]:
    headers = {"Cache-Control": "no-store"}
    body = msgspec.json.encode(SandboxView(play=play))
    return Response(body, status_code=status, media_type="application/json", headers=headers)
