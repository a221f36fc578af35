"""From a POST to a command and its receipt."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec
from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from domain.identity import PersonId, StreamId, TenantId
from domain.refusal import NotThere
from infra.clock import fresh_id, present
from services.api import problems
from services.api.asked import Asked, Unusable
from services.api.bodies.base import Body
from services.api.commands import COMMANDS, CommandRoute
from services.api.judging import must_ask_nothing, must_be_json
from services.api.keys import Doorkeeper
from services.api.outer import whole_body
from services.api.paths import stream_id
from services.api.strictly import Decoded, read
from services.application.asking import ANY_VERSION, Receipt, Wish
from services.application.commands import Application
from services.application.queries import Queries

MAX_KEY = 200
_KEY = re.compile(rf"[!-~]{{1,{MAX_KEY}}}")


def command_routes(application: Application, queries: Queries, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    """A route handler for every command."""
    return [_handler(route, application, queries, doorkeeper) for route in COMMANDS]


def _handler(
    route: CommandRoute, application: Application, queries: Queries, doorkeeper: Doorkeeper
) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        must_ask_nothing(request)
        tenant, headers = TenantId(request.path_params["tenant"]), _headers(request)
        caller = await doorkeeper.caller(tenant, headers.get("authorization"))
        key = idempotency_key(headers)
        if_match = if_match_of(headers.get("if-match"))
        raw = await whole_body(request.receive)
        body = decoded(route.decoder, headers, raw, bodiless=route.bodiless)
        target = _target(route, request, body)
        wish = Wish(
            caller=caller,
            key=key,
            fingerprint=fingerprint(request, caller.member, raw),
            if_match=if_match,
            correlation=request.scope["state"].get("request_id"),
        )
        command = _command(body, target, caller.member)
        if route.prepare is not None:
            command = await route.prepare(queries, tenant, command)
        receipt = await application.carry_out(wish, route.aim(target), command, creates=route.creates)
        return Answer(receipt, tenant)

    handle.__name__ = route.operation
    path = "/v1/{tenant:str}/" + route.path.replace("{id}", "{id:str}")
    return post(path, name=route.operation, status_code=201)(handle)


class Answer:
    """The receipt of what was recorded: the thing's version as its ETag, and where its proof will be in a second.

    It is sent as it stands: nothing of it would be any different after a walk through Litestar's own response.
    """

    __slots__ = ("_body", "_headers")

    def __init__(self, receipt: Receipt, tenant: TenantId) -> None:
        self._body = msgspec.json.encode(receipt)
        proof = f'</v1/{tenant}/log/receipt/{receipt.position}>; rel="https://c2sp.org/tlog-proof"'
        self._headers = [
            (b"etag", b'"%d"' % receipt.version),
            (b"location", f"/v1/{tenant}/events?after={receipt.position - 1}".encode()),
            (b"link", proof.encode()),
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(self._body)),
        ]

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it (ASGI)."""
        await send({"type": "http.response.start", "status": 201, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body, "more_body": False})


def _headers(request: Request[Any, Any, Any]) -> Mapping[str, str]:
    """The headers by their names in lower case, as ASGI tells them; what we read of them is there once (`judge`)."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]}


def idempotency_key(headers: Mapping[str, str]) -> str:
    """The request's key; raises `IdempotencyKeyMissing` when it has none that can be one."""
    key = headers.get("idempotency-key", "").strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not _KEY.fullmatch(key):
        raise problems.IdempotencyKeyMissing
    return key


def if_match_of(header: str | None) -> int | None:
    """The version that `If-Match` names: None without one, `ANY_VERSION` for *. Raises `IfMatchUnusable`."""
    if header is None:
        return None
    if header.strip() == "*":
        return ANY_VERSION
    told = re.fullmatch(r'"([0-9]{1,9})"|([0-9]{1,9})', header.strip())
    if told is None:
        raise problems.IfMatchUnusable
    return int(told[1] or told[2])


def decoded(
    decoder: msgspec.json.Decoder[Decoded], headers: Mapping[str, str], raw: bytes, *, bodiless: bool
) -> Decoded:
    """A body, read strictly; an empty one is `{}` where the address can say everything (`bodiless`).

    Raises `ContentTypeUnusable`, `BodyUnreadable`, `BodyUnusable`.
    """
    if bodiless and not raw:
        raw = b"{}"
    else:
        must_be_json(headers)
    return read(decoder, raw)


def _target(route: CommandRoute, request: Request[Any, Any, Any], body: Body) -> StreamId:
    if route.creates:
        return StreamId(fresh_id()) if route.target is None else route.target(body)
    target = stream_id(request.path_params["id"])
    if target is None:
        raise NotThere
    return target


def _command(body: Body, target: StreamId, member: str) -> Any:
    asked = Asked(target=target, member=PersonId(member), at=present(), fresh=fresh_id())
    try:
        return body.command(asked)
    except Unusable as error:
        raise problems.BodyUnusable(errors=[{"pointer": error.pointer, "detail": error.sentence}]) from None


def fingerprint(request: Request[Any, Any, Any], member: str, raw: bytes) -> bytes:
    """What a key may be used for again: the same member asking the same of the same thing."""
    return sha256(b"\n".join((request.scope["path"].encode(), member.encode(), raw))).digest()
