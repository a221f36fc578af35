"""Which methods an address takes, told alike by OPTIONS and by 405 (RFC 9110 §9.3.7, §15.5.6)."""

import re
from typing import Any

from litestar import Request, Response
from litestar.routes import HTTPRoute


async def answer_options(request: Request[Any, Any, Any]) -> Response[None] | None:
    """Before a route: the answer to OPTIONS; None for whatever else is asked."""
    if request.method != "OPTIONS":
        return None
    return Response(None, status_code=204, headers={"Allow": allowed_at(request)})


def allowed_at(request: Request[Any, Any, Any]) -> str:
    """The methods that the request's address takes, as `Allow` names them; HEAD goes with GET (`outer`)."""
    path = request.scope["path"]
    routes = [route for route in request.app.routes if isinstance(route, HTTPRoute)]
    methods = {
        str(method)
        for route in routes
        if re.fullmatch(re.sub(r"\\\{([^}]+)\\\}", _any_of, re.escape(route.path_format)), path)
        for method in route.methods
    }
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _any_of(parameter: re.Match[str]) -> str:
    """What may stand in an address where a route has a parameter: a part of it, or (`path`) all of the rest."""
    return ".+" if parameter[1] == "path" else "[^/]+"
