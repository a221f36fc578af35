"""From a template and what it shows to a response that a browser may trust."""

import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Request, Response

from services.web import assets
from services.web.speech import SPEECHES, Speech, negotiated

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
"""On everything that this room sends, errors too. Nothing from elsewhere, nothing inline, in nobody's frame."""


class Asking:
    """Who asks, in which language, from which address: what every template needs besides its subject."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        self.path = request.url.path
        self.query = dict(request.query_params.items())
        chosen = self.query.get("lang")
        self.speech: Speech = SPEECHES[negotiated(chosen, request.headers.get("accept-language"))]
        self._carried = {"lang": self.speech.lang} if chosen == self.speech.lang else {}

    def link(self, path: str, **query: object) -> str:
        """An address of ours; a language that was chosen goes along."""
        wanted = {name: value for name, value in query.items() if value not in (None, "")} | self._carried
        return f"{path}?{urlencode(wanted)}" if wanted else path

    def here(self, **query: object) -> str:
        """This page with some of its questions changed; a None takes one away."""
        kept = {name: value for name, value in (self.query | query).items() if value not in (None, "")}
        kept.pop("part", None) if "part" not in query else None
        return f"{self.path}?{urlencode(kept)}" if kept else self.path


def _scallops(points: int = 20, outer: float = 48.0, inner: float = 43.0) -> str:
    """The seal's edge as the `d` of a path round (50, 50)."""
    step = math.pi / points
    corners = [
        (50 + radius * math.sin(turn * step), 50 - radius * math.cos(turn * step))
        for turn in range(2 * points)
        for radius in ((outer, inner)[turn % 2],)
    ]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"


def environment() -> Environment:
    """Our templates: everything escaped, a name that doesn't exist is an error and never silence."""
    made = Environment(
        loader=PackageLoader("services.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=assets.url, scallops=_scallops())
    return made


_ENVIRONMENT = environment()


def render(template: str, asking: Asking, **shown: object) -> str:
    """The page's HTML."""
    say = asking.speech
    page = _ENVIRONMENT.get_template(template)
    return page.render(say=say, t=say.word, asking=asking, link=asking.link, here=asking.here, **shown)


def page(template: str, asking: Asking, *, status: int = 200, **shown: object) -> Response[str]:
    """The page as a response in the asker's language, never taken from a cache unasked."""
    headers = {
        **HEADERS,
        "Content-Language": asking.speech.lang,
        "Vary": "Accept-Language",
        "Cache-Control": "no-cache",
    }
    html = render(template, asking, **shown)
    return Response(html, status_code=status, headers=headers, media_type=MediaType.HTML)
