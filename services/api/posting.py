"""From a POST to a command and its receipt."""

import re
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from domain.identity import PersonId, StreamId, TenantId
from domain.refusal import NotThere
from infra.clock import fresh_id, present
from services.api import problems
from services.api.asked import Asked, Unusable
from services.api.bodies.base import Body
from services.api.commands import COMMANDS, CommandRoute
from services.api.keys import Doorkeeper
from services.api.paths import stream_id
from services.application.asking import ANY_VERSION, Receipt, Wish
from services.application.commands import Application
from services.application.queries import Queries

MAX_KEY = 200
_KEY = re.compile(rf"[!-~]{{1,{MAX_KEY}}}")

Decoded = TypeVar("Decoded")


def command_routes(application: Application, queries: Queries, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    """A route handler for every command."""
    return [_handler(route, application, queries, doorkeeper) for route in COMMANDS]


def _handler(
    route: CommandRoute, application: Application, queries: Queries, doorkeeper: Doorkeeper
) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        tenant = TenantId(request.path_params["tenant"])
        caller = await doorkeeper.caller(tenant, request.headers.get("authorization"))
        key = idempotency_key(request)
        if_match = if_match_of(request.headers.get("if-match"))
        raw = await request.body()
        body = _body(route, request, raw)
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
        return answer(receipt, tenant)

    handle.__name__ = route.operation
    path = "/v1/{tenant:str}/" + route.path.replace("{id}", "{id:str}")
    return post(path, name=route.operation, status_code=201)(handle)


def answer(receipt: Receipt, tenant: TenantId) -> Response[bytes]:
    """The receipt of what was recorded: the thing's version as its ETag, and where its proof will be in a second."""
    headers = {
        "ETag": f'"{receipt.version}"',
        "Location": f"/v1/{tenant}/events?after={receipt.position - 1}",
        "Link": f'</v1/{tenant}/log/receipt/{receipt.position}>; rel="https://c2sp.org/tlog-proof"',
    }
    return Response(msgspec.json.encode(receipt), status_code=201, media_type="application/json", headers=headers)


def idempotency_key(request: Request[Any, Any, Any]) -> str:
    """The request's key; raises `IdempotencyKeyMissing` when it has none that can be one."""
    key = request.headers.get("idempotency-key", "").strip()
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


def _body(route: CommandRoute, request: Request[Any, Any, Any], raw: bytes) -> Body:
    return decoded(route.decoder, request, raw, bodiless=route.bodiless)


def decoded(
    decoder: msgspec.json.Decoder[Decoded], request: Request[Any, Any, Any], raw: bytes, *, bodiless: bool
) -> Decoded:
    """A body, read strictly; an empty one is `{}` where the address can say everything (`bodiless`).

    Raises `ContentTypeUnusable`, `BodyUnreadable`, `BodyUnusable`.
    """
    if bodiless and not raw:
        raw = b"{}"
    elif request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise problems.ContentTypeUnusable
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise problems.pointed(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise problems.BodyUnreadable from None


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
