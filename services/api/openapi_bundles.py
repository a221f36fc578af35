"""What the description says of bundles and of the values that open them."""

from collections.abc import Callable, Iterable
from typing import Any

from services.api.paths import MAX_POSITION

Problems = Callable[[Iterable[int]], dict[str, Any]]

_HEADER = {"schema": {"type": "string"}}
_ZIP = {"application/zip": {"schema": {"type": "string", "contentEncoding": "binary"}}}
_LINES = {"application/x-ndjson": {"schema": {"type": "string"}}}
_SIZE = {"name": "size", "in": "query", "schema": {"type": "integer", "minimum": 0, "maximum": MAX_POSITION},
         "description": "Under the checkpoint of so many records; without it, under the newest."}  # fmt: skip


def bundle_paths(tenant: dict[str, Any], problems: Problems) -> dict[str, dict[str, Any]]:
    """The paths, by the document's own ways to say a tenant and problems."""
    tags = {"tags": ["log"], "security": [{"key": []}]}
    whole = {"description": "The bundle, a ZIP.", "content": _ZIP, "headers": {"ETag": _HEADER}}
    some = whole | {"description": "The part that was asked for.", "headers": {"Content-Range": _HEADER}}
    bundle = tags | {
        "operationId": "GetBundle",
        "summary": "Everything under a signed checkpoint as one file, to be verified offline.",
        "description": "For the host's administration and auditors, with keys for the whole host. While it is made,"
        " the answer is 503 with `Retry-After`, `done` and `of`; the same request then gets what it waited for. One"
        " range of bytes can be asked for, with the ETag as `If-Range`. It is noted who is given it.",
        "parameters": [tenant, _SIZE, _in_header("Range"), _in_header("If-Range")],
        "responses": {"200": whole, "206": some, **problems([400, 401, 403, 404, 416, 503])},
    }
    disclosures = tags | {
        "operationId": "GetDisclosures",
        "summary": "Personal values with their salts, which open what the records commit to, as lines of JSON.",
        "description": "All values for the host's administration, names and notes for auditors; what is erased or"
        " under a restriction is missing. It is noted who is given them.",
        "parameters": [tenant, _SIZE],
        "responses": {
            "200": {"description": "`position`, `field`, `salt`, `value` a line.", "content": _LINES},
            **problems([400, 401, 403, 404, 503]),
        },
    }
    root = "/v1/{tenant}/log/"
    return {f"{root}bundle": {"get": bundle}, f"{root}disclosures.ndjson": {"get": disclosures}}


def _in_header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": {"type": "string"}}
