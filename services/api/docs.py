"""Pages for those who write programs: the API's description to read and try, and what each problem means."""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler

from domain.refusal import NotThere, Refusal
from services.api import problems

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Handschlag API</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><main id="api">The description is at <a href="/openapi.json">/openapi.json</a>.</main>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>"""

_START = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null});\n'

_FILES = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)
"""Swagger UI sets styles inline; everything comes from here, nothing from elsewhere."""


def docs_routes() -> list[HTTPRouteHandler]:
    """The description's page with its files from the packaged Swagger UI, and the problems."""

    @get("/docs", name="Docs", sync_to_thread=False)
    def docs() -> Response[str]:
        return Response(_PAGE, media_type=MediaType.HTML, headers={"Content-Security-Policy": _CSP})

    @get("/docs/{name:str}", name="DocsFile", sync_to_thread=False)
    def docs_file(request: Request[Any, Any, Any]) -> Response[bytes]:
        name = request.path_params["name"]
        headers = {"Cache-Control": "public, max-age=86400"}
        if name == "start.js":
            return Response(_START.encode(), media_type="text/javascript", headers=headers)
        if name not in _FILES:
            raise NotThere
        return Response(_packaged(name), media_type=_FILES[name], headers=headers)

    @get("/problems", name="Problems", sync_to_thread=False)
    def all_problems() -> Response[bytes]:
        return Response(msgspec.json.encode({"items": list(catalogue().values())}), media_type=MediaType.JSON)

    @get("/problems/{name:str}", name="ProblemMeaning", sync_to_thread=False)
    def problem(request: Request[Any, Any, Any]) -> Response[bytes]:
        found = catalogue().get(request.path_params["name"])
        if found is None:
            raise NotThere
        return Response(msgspec.json.encode(found), media_type=MediaType.JSON)

    return [docs, docs_file, all_problems, problem]


@cache
def _packaged(name: str) -> bytes:
    return (files("swagger_ui") / "static" / name).read_bytes()


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Every problem by its name: its type, its status and its sentence."""
    known: dict[str, dict[str, Any]] = {}
    for kind in sorted(_refusals(Refusal), key=lambda refusal: refusal.__name__):
        name = problems.type_name(kind)
        status = problems.STATUS.get(kind, problems.RULE)
        known[name] = _entry(name, status, problems.sentence(kind))
    for transport in problems.TRANSPORT:
        known[transport.name()] = _entry(transport.name(), transport.status, problems.sentence(transport))
    return known


def _entry(name: str, status: int, detail: str) -> dict[str, Any]:
    return {"type": problems.TYPES + name, "status": status, "detail": detail}


def _refusals(of: type[Refusal]) -> set[type[Refusal]]:
    found = set(of.__subclasses__())
    return found | {deeper for kind in found for deeper in _refusals(kind)}
