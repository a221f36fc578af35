"""What the description says of `/v1/{tenant}/log/`: the same for every log that speaks C2SP tlog-tiles."""

from collections.abc import Callable, Iterable
from typing import Any

from services.api.paths import MAX_POSITION
from services.application.proofs import ConsistencyView, InclusionView, LogStatusView

VIEWS = (InclusionView, ConsistencyView, LogStatusView)

Problems = Callable[[Iterable[int]], dict[str, Any]]
Told = Callable[[Any], dict[str, Any]]

_NUMBER = {"type": "integer", "minimum": 0, "maximum": MAX_POSITION}
_PLACE = {"type": "integer", "minimum": 1, "maximum": MAX_POSITION}
_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "contentEncoding": "binary"}}}


def log_paths(tenant: dict[str, Any], told: Told, problems: Problems) -> dict[str, dict[str, Any]]:
    """The paths, by the document's own ways to say a tenant, a view and problems."""
    root = "/v1/{tenant}/log/"
    level = _in("path", "level", {"type": "string", "pattern": "^([0-9]|[1-5][0-9]|6[0-3]|entries)$"})
    index = _in("path", "index", {"type": "string", "pattern": "^[0-9]{3}$"})
    size, position = _in("path", "size", _NUMBER), _in("path", "position", _PLACE)
    inclusion = [_in("query", "position", _PLACE, required=True), _in("query", "size", _PLACE)]
    consistency = [_in("query", "from", _NUMBER, required=True), _in("query", "to", _NUMBER)]

    def public(operation: str, summary: str, answer: dict[str, Any], parameters: list[Any], **more: Any) -> Any:
        described = {"operationId": operation, "summary": summary, "tags": ["log"]} | more
        parameters = [tenant, *parameters]
        return {
            "get": described | {"parameters": parameters, "responses": {"200": answer, **problems([400, 404, 503])}}
        }

    tile = public(
        "GetTile",
        "A tile of hashes (level 0 to 63), or, for those who may read entries, the bundle of a tile's entries.",
        {"description": "The tile, exactly as C2SP tlog-tiles has it.", "content": _BYTES},
        [level, index],
        description="Larger indices are written `x001/067`, partial tiles end with `.p/` and their width.",
        security=[{}, {"key": []}],
    )
    receipt = public(
        "GetReceipt",
        "A record's receipt: its entry and its place under a signed checkpoint (C2SP tlog-proof), as one small file.",
        {"description": "The entry's bytes are the proof's extra data.", "content": _TEXT},
        [position],
        security=[{"key": []}],
    )
    for guarded in (tile, receipt):
        guarded["get"]["responses"] |= problems([401, 403])
    note = {"description": "A signed note.", "content": _TEXT}
    return {
        f"{root}checkpoint": public("GetCheckpoint", "The newest checkpoint (C2SP tlog-checkpoint).", note, []),
        root + "checkpoints/{size}": public("GetCheckpointOfSize", "The checkpoint of a size.", note, [size]),
        root + "tile/{level}/{index}": tile,
        f"{root}proof/inclusion": public(
            "GetInclusionProof", "That a record is in the log.", told(InclusionView), inclusion
        ),
        f"{root}proof/consistency": public(
            "GetConsistencyProof", "That one tree continues a smaller one.", told(ConsistencyView), consistency
        ),
        root + "receipt/{position}": receipt,
        f"{root}status": public("GetLogStatus", "What is signed and cosigned, and what it is worth.",
                                told(LogStatusView), []),
    } | _beside(problems)  # fmt: skip


def _beside(problems: Problems) -> dict[str, dict[str, Any]]:
    """What concerns all logs, and the service as a whole."""
    name = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 63}
    status = {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}}
    healthy = {"description": "Every log is signed.", "content": {"application/json": {"schema": status}}}
    keys = {
        "operationId": "GetLogKeys",
        "summary": "The verifier keys of every log, or of one host's: a signed-note vkey a line.",
        "tags": ["log"],
        "parameters": [_in("query", "tenant", name)],
        "responses": {"200": {"description": "Lines; those behind a # sign no more.", "content": _TEXT},
                      **problems([400, 503])},
    }  # fmt: skip
    health = {
        "operationId": "GetLogHealth",
        "summary": "Whether every log can be signed: 503 when one isn't what was signed before.",
        "tags": ["health"],
        "responses": {"200": healthy, **problems([503])},
    }
    live = {"operationId": "GetLive", "summary": "Whether the process answers.", "tags": ["health"]}
    ready = {"operationId": "GetReady", "summary": "Whether it serves, all caught up.", "tags": ["health"]}
    told = {"description": "It is so.", "content": {"application/json": {"schema": status}}}
    return {
        "/.well-known/handschlag-log-keys": {"get": keys},
        "/health/log": {"get": health},
        "/health/live": {"get": live | {"responses": {"200": told}}},
        "/health/ready": {"get": ready | {"responses": {"200": told, **problems([503])}}},
    }


def _in(place: str, name: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required or place == "path", "schema": schema}
