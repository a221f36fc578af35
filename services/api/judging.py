"""What every request is judged by before a route reads it: who it is to, and that it says each thing once."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response

from domain.refusal import NotThere
from services.api.methods import answer_options
from services.api.paths import TENANT, Query
from services.api.problems import ContentEncodingUnusable, ContentTypeUnusable, HeaderRepeated, QueryUnusable

ONCE = frozenset(
    {
        b"authorization",
        b"content-encoding",
        b"content-type",
        b"host",
        b"idempotency-key",
        b"if-match",
        b"if-range",
        b"last-event-id",
        b"range",
    }
)
"""Headers of which we read one value; two of them would mean what whoever reads them makes of it (RFC 9110 §5.3)."""


async def judge(request: Request[Any, Any, Any]) -> Response[None] | None:
    """Before every route; what is answered here (OPTIONS) goes to none.

    Raises `NotThere` for a name that no host can have, `HeaderRepeated`, and `ContentEncodingUnusable`: nothing is
    unpacked here, so that no small body grows large.
    """
    tenant = request.path_params.get("tenant")
    if tenant is not None and not TENANT.fullmatch(tenant):
        raise NotThere
    names = [name for name, _ in request.scope["headers"]]
    if len(set(names)) < len(names):
        _each_once(names)
    if b"content-encoding" in names:
        raise ContentEncodingUnusable
    return await answer_options(request)


def _each_once(names: list[bytes]) -> None:
    """Raises `HeaderRepeated` for a header of one value; others may come in several lines."""
    twice = sorted(name.decode("latin-1") for name, count in Counter(names).items() if count > 1 and name in ONCE)
    if twice:
        raise HeaderRepeated(errors=[{"header": name, "detail": "Send it once."} for name in twice])


def must_be_json(headers: Mapping[str, str]) -> None:
    """Raises `ContentTypeUnusable` unless the body says that it is JSON, in no charset but UTF-8 (RFC 8259 §8.1)."""
    media_type, *parameters = headers.get("content-type", "").lower().split(";")
    if media_type.strip() != "application/json":
        raise ContentTypeUnusable
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise ContentTypeUnusable(
                "JSON is in UTF-8: send it in that, and name no other charset. Nothing was recorded."
            )


def must_ask_nothing(request: Request[Any, Any, Any]) -> None:
    """Raises `QueryUnusable` where something stands behind the address of what takes nothing from it."""
    if request.scope["query_string"]:
        Query(request.query_params.dict()).end()
        raise QueryUnusable("Nothing may follow this address. Nothing was recorded.")
