"""`/v1/{tenant}/webhooks`: who gets records sent, and what became of it. `services.relay` does the sending.

What makes something (a webhook, a secret, a test, a redelivery) takes an Idempotency-Key, as commands do; what changes
one takes If-Match. Decoding is strict.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler

from domain.frozen import dataclass
from domain.identity import TenantId
from domain.refusal import NotThere
from infra.streams.urls import UrlUnusable
from infra.streams.webhook import Scheme
from services.api.bodies import webhooks as bodies
from services.api.getting import next_address
from services.api.judging import must_ask_nothing
from services.api.keys import Doorkeeper
from services.api.paths import MAX_POSITION, Query, stream_id
from services.api.posting import decoded, fingerprint, idempotency_key, if_match_of
from services.api.problems import BodyUnusable
from services.application.asking import Caller
from services.application.webhooks.desk import Once, Webhooks
from services.application.webhooks.views import WebhookView

ROOT = "/v1/{tenant:str}/webhooks"
ONE = ROOT + "/{id:str}"

Body = TypeVar("Body", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, and who makes it."""

    request: Request[Any, Any, Any]
    caller: Caller
    raw: bytes

    @property
    def id(self) -> str:
        """The webhook in the address. Raises `NotThere`."""
        found = stream_id(self.request.path_params["id"])
        if found is None:
            raise NotThere
        return found

    @property
    def once(self) -> Once:
        """The idempotency key, and what it may be used for again."""
        return Once(idempotency_key(self.request.headers), fingerprint(self.request, self.caller.member, self.raw))

    @property
    def if_match(self) -> int | None:
        """The version that the caller saw."""
        return if_match_of(self.request.headers.get("if-match"))

    def body(self, kind: type[Body]) -> Body:
        """The body, read strictly."""
        bodiless = not any(member.required for member in msgspec.structs.fields(kind))
        return decoded(msgspec.json.Decoder(kind, strict=True), self.request.headers, self.raw, bodiless=bodiless)


Answer = Callable[[Call], Awaitable[Response[bytes]]]


def webhook_routes(webhooks: Webhooks, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    """The routes of webhooks."""
    return [
        *(_route(doorkeeper, *told) for told in _configuring(webhooks)),
        *(_route(doorkeeper, *told) for told in _running(webhooks)),
        *(_route(doorkeeper, *told) for told in _asking(webhooks)),
    ]


Told = tuple[Any, str, str, int, Answer]
"""The method's decorator, the address, the operation's name, its usual status, and what answers."""


def _configuring(webhooks: Webhooks) -> list[Told]:
    async def make(call: Call) -> Response[bytes]:
        body = call.body(bodies.NewWebhookBody)
        with _pointing():
            view = await webhooks.make(call.caller, call.once, body.configured(), Scheme(body.scheme), body.after)
        place = {"Location": f"/v1/{call.caller.tenant}/webhooks/{view.webhook.id}"}
        return _shown(view, 201, view.webhook, place)

    async def change(call: Call) -> Response[bytes]:
        body = call.body(bodies.WebhookBody)
        with _pointing():
            view = await webhooks.change(call.caller, call.id, call.if_match, body.configured())
        return _shown(view, 200, view)

    async def remove(call: Call) -> Response[bytes]:
        await webhooks.remove(call.caller, call.id, call.if_match)
        return Response(b"", status_code=204)

    async def replace_secret(call: Call) -> Response[bytes]:
        body = call.body(bodies.ReplaceSecretBody)
        overlap = timedelta(hours=body.overlap_hours)
        view = await webhooks.replace_secret(call.caller, call.id, call.once, Scheme(body.scheme), overlap)
        return _shown(view, 201, view.webhook)

    return [
        (post, ROOT, "MakeWebhook", 201, make),
        (put, ONE, "ChangeWebhook", 200, change),
        (delete, ONE, "RemoveWebhook", 200, remove),
        (post, f"{ONE}/replace-secret", "ReplaceWebhookSecret", 201, replace_secret),
    ]


def _running(webhooks: Webhooks) -> list[Told]:
    async def pause(call: Call) -> Response[bytes]:
        call.body(bodies.NothingBody)
        view = await webhooks.pause(call.caller, call.id, call.if_match)
        return _shown(view, 200, view)

    async def resume(call: Call) -> Response[bytes]:
        body = call.body(bodies.ResumeWebhookBody)
        view = await webhooks.resume(call.caller, call.id, call.if_match, body.after)
        return _shown(view, 200, view)

    async def test(call: Call) -> Response[bytes]:
        call.body(bodies.NothingBody)
        view = await webhooks.test(call.caller, call.id, call.once)
        return _shown(view, 202, view.webhook)

    async def redeliver(call: Call) -> Response[bytes]:
        body = call.body(bodies.RedeliverBody)
        view = await webhooks.redeliver(call.caller, call.id, call.once, body.first, body.last)
        return _shown(view, 202, view.webhook)

    async def redeliver_attempt(call: Call) -> Response[bytes]:
        call.body(bodies.NothingBody)
        number = _number(call.request.path_params["number"])
        view = await webhooks.redeliver_attempt(call.caller, call.id, call.once, number)
        return _shown(view, 202, view.webhook)

    async def give_up(call: Call) -> Response[bytes]:
        call.body(bodies.NothingBody)
        view = await webhooks.give_up(call.caller, call.id, call.if_match)
        return _shown(view, 200, view)

    return [
        (post, f"{ONE}/pause", "PauseWebhook", 200, pause),
        (post, f"{ONE}/resume", "ResumeWebhook", 200, resume),
        (post, f"{ONE}/test", "TestWebhook", 202, test),
        (post, f"{ONE}/redeliver", "Redeliver", 202, redeliver),
        (post, ONE + "/attempts/{number:str}/redeliver", "RedeliverAttempt", 202, redeliver_attempt),
        (post, f"{ONE}/give-up-redelivery", "GiveUpRedelivery", 200, give_up),
    ]


def _asking(webhooks: Webhooks) -> list[Told]:
    async def everything(call: Call) -> Response[bytes]:
        Query(call.request.query_params.dict()).end()
        return _shown(await webhooks.all(call.caller), 200)

    async def one(call: Call) -> Response[bytes]:
        Query(call.request.query_params.dict()).end()
        view = await webhooks.one(call.caller, call.id)
        return _shown(view, 200, view)

    async def attempts(call: Call) -> Response[bytes]:
        query = Query(call.request.query_params.dict())
        before, limit = query.whole("before", 1), query.limit()
        failed = query.one_of("outcome", ("any", "failed")) == "failed"
        query.end()
        page = await webhooks.attempts(call.caller, call.id, before, limit, failed=failed)
        more = {} if page.next is None else {"Link": f'<{next_address(call.request, "before", page.next)}>; rel="next"'}
        return _shown(page, 200, None, more)

    return [
        (get, ROOT, "ListWebhooks", 200, everything),
        (get, ONE, "GetWebhook", 200, one),
        (get, f"{ONE}/attempts", "ListAttempts", 200, attempts),
    ]


def _route(
    doorkeeper: Doorkeeper, method: Any, path: str, operation: str, status: int, answer: Answer
) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        if method is not get:
            must_ask_nothing(request)
        tenant = TenantId(request.path_params["tenant"])
        caller = await doorkeeper.listener(tenant, request.headers.get("authorization"))
        return await answer(Call(request, caller, await request.body()))

    handle.__name__ = operation
    made: HTTPRouteHandler = method(path, name=operation, status_code=status)(handle)
    return made


@contextmanager
def _pointing() -> Iterator[None]:
    """A URL that can't be used is a fault of the body's `url`."""
    try:
        yield
    except UrlUnusable as error:
        raise BodyUnusable(errors=[{"pointer": "/url", "detail": str(error)}]) from None


def _number(told: str) -> int:
    """An attempt's number, written in the one way that it can be."""
    if not (told.isascii() and told.isdigit() and len(told) < 17 and str(int(told)) == told):
        raise NotThere
    return min(int(told), MAX_POSITION)


def _shown(
    view: Any, status: int, webhook: WebhookView | None = None, more: dict[str, str] | None = None
) -> Response[bytes]:
    headers = {"Cache-Control": "no-store"} | (more or {})
    if webhook is not None:
        headers["ETag"] = f'"{webhook.version}"'
    return Response(msgspec.json.encode(view), status_code=status, media_type="application/json", headers=headers)
