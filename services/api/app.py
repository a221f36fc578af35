"""The API's routes that a start makes, and what every route answers when something is wrong (others: `rooms`)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import structlog
from litestar import MediaType, Request, Response, get
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.handlers import HTTPRouteHandler

from domain.refusal import NotThere, Refusal
from services.api import problems
from services.api.exports import export_routes
from services.api.getting import query_routes, shown
from services.api.keys import Doorkeeper
from services.api.listening import listening_route
from services.api.methods import allowed_at
from services.api.persons import person_routes
from services.api.posting import command_routes
from services.api.pulling import Pulls, pulling_route
from services.api.streaming import Streams
from services.application.commands import Application
from services.application.queries import Queries
from services.application.reach import is_out_of_reach
from services.application.trouble import LogOutOfReach

_log = structlog.get_logger(__name__)

Ready = Callable[[], Awaitable[str | None]]
"""Answers None when everything is ready, or what is still missing."""


def api_routes(
    application: Application,
    queries: Queries,
    doorkeeper: Doorkeeper,
    streams: Streams,
    ready: Ready,
    pulls: Pulls,
) -> list[HTTPRouteHandler]:
    """Commands, queries, records and health: what a service answers at once when it says that it is ready."""
    return [
        *command_routes(application, queries, doorkeeper),
        *query_routes(queries, doorkeeper),
        *export_routes(queries, doorkeeper),
        *person_routes(queries, doorkeeper),
        pulling_route(pulls, doorkeeper),
        listening_route(streams, doorkeeper),
        _season(queries),
        *_health(ready),
    ]


def _season(queries: Queries) -> HTTPRouteHandler:
    @get("/v1/season/{year:str}", name="GetSeason")
    async def season(request: Request[Any, Any, Any]) -> Response[bytes]:
        year = request.path_params["year"]
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise NotThere
        found = await queries.season(int(year))
        if not found.hosts:
            raise NotThere
        return shown(found, request)

    return season


def _health(ready: Ready) -> list[HTTPRouteHandler]:
    @get("/health/live", name="GetLive")
    async def live() -> Response[bytes]:
        return _status("alive")

    @get("/health/ready", name="GetReady")
    async def is_ready() -> Response[bytes]:
        missing = await ready()
        if missing is not None:
            return problems.unusable(problems.NotReady(missing))
        return _status("ready")

    return [live, is_ready]


def _status(word: str) -> Response[bytes]:
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode({"status": word}), media_type=MediaType.JSON, headers=headers)


def answer_refusal(_: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """A rule said no."""
    return problems.refused(refusal)


def answer_problem(_: Request[Any, Any, Any], problem: problems.Problem) -> Response[Any]:
    """The request as such can't be used."""
    return problems.unusable(problem)


def answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What Litestar says itself: no route, not this method (those that are: RFC 9110 §15.5.6), too large a body."""
    if isinstance(error, MethodNotAllowedException):
        response = problems.unusable(problems.MethodNotAllowed())
        response.headers["Allow"] = allowed_at(request)
        return response
    if isinstance(error, NotFoundException):
        return problems.unusable(problems.NotFound())
    if error.status_code == problems.BodyTooLarge.status:
        return problems.unusable(problems.BodyTooLarge())
    if error.status_code < 500:
        return problems.unusable(problems.RequestUnusable())
    return answer_crash(request, error)


def answer_crash(_: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A fault of ours: told to the operator in full, to the caller not at all. A lost database is told as such."""
    if is_out_of_reach(error):
        _log.warning("request.out_of_reach", error=type(error).__name__)
        return problems.refused(LogOutOfReach())
    _log.error("request.failed", exc_info=error)
    return problems.unusable(problems.Internal())


EXCEPTION_HANDLERS: Mapping[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]] = {
    Refusal: answer_refusal,
    problems.Problem: answer_problem,
    HTTPException: answer_http,
    Exception: answer_crash,
}
"""For everything under `/v1`, `/health` and the documents; pages answer in their own words."""
