"""From a GET to views: who asks, as of when, and not before their own writes are told."""

from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from domain.frozen import dataclass
from domain.identity import StreamId, TenantId
from domain.refusal import NotThere
from services.api.keys import Doorkeeper
from services.api.lists import QUERIES, QueryRoute
from services.api.one_edition import must_be_of_its_edition
from services.api.paths import Query, stream_id
from services.application.queries import Queries
from services.application.reading.together import Together
from services.application.trouble import RoleNotAllowed
from services.application.views import LedgerRowView


@dataclass(frozen=True, slots=True)
class Shown:
    """A view as it goes over the line."""

    body: bytes
    headers: dict[str, str]

    def response(self) -> Response[bytes]:
        """The answer to one of those who asked."""
        return Response(self.body, media_type="application/json", headers=self.headers)


def query_routes(queries: Queries, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    """A route handler for everything that can be read of one host."""
    together: Together[Shown] = Together()
    return [_handler(route, queries, doorkeeper, together) for route in QUERIES]


def _handler(
    route: QueryRoute, queries: Queries, doorkeeper: Doorkeeper, together: Together[Shown]
) -> HTTPRouteHandler:
    """Who may ask, and whether it is time, is judged for each; what is answered depends on the address alone."""

    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        tenant = TenantId(request.path_params["tenant"])
        caller = await doorkeeper.caller(tenant, request.headers.get("authorization"))
        if route.roles and caller.role not in route.roles:
            raise RoleNotAllowed
        query = Query(request.query_params.dict())
        position = query.whole("wait_for")
        if position is not None:
            await queries.wait_for(tenant, position)
        await must_be_of_its_edition(caller, route.path, route.parameters, request, queries)

        async def read() -> Shown:
            view = await route.ask(queries, tenant, _id(request), query)
            query.end()
            return encoded(view, request)

        address = (request.scope["path"], request.scope["query_string"])
        return (await together.ask(address, read)).response()

    handle.__name__ = route.operation
    path = "/v1/{tenant:str}/" + route.path.replace("{id}", "{id:str}")
    return get(path, name=route.operation)(handle)


def _id(request: Request[Any, Any, Any]) -> StreamId:
    told = request.path_params.get("id")
    if told is None:
        return StreamId("")
    found = stream_id(told)
    if found is None:
        raise NotThere
    return found


def shown(view: Any, request: Request[Any, Any, Any]) -> Response[bytes]:
    """The answer that is a view."""
    return encoded(view, request).response()


def encoded(view: Any, request: Request[Any, Any, Any]) -> Shown:
    """A view as JSON, with its version as ETag, or with a link to the next page (RFC 8288)."""
    headers = {"Cache-Control": "no-store"}
    version = len(view.lineage) if isinstance(view, LedgerRowView) else getattr(view, "version", None)
    if version is not None:
        headers["ETag"] = f'"{version}"'
    following = getattr(view, "next", None)
    if following is not None:
        headers["Link"] = f'<{next_address(request, "cursor", following)}>; rel="next"'
    return Shown(msgspec.json.encode(view), headers)


def next_address(request: Request[Any, Any, Any], parameter: str, value: str) -> str:
    """The address of the next page: the same question, further on."""
    asked = [(name, told) for name, told in request.query_params.multi_items() if name != parameter]
    return f"{quote(request.url.path)}?{urlencode([*asked, (parameter, value)])}"
