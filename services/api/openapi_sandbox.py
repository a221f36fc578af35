"""What the description says of sandboxes."""

from collections.abc import Callable, Iterable
from typing import Any

from services.api.sandbox import PlayBody, SandboxView

Problems = Callable[[Iterable[int]], dict[str, Any]]
Told = Callable[[Any], dict[str, Any]]


def sandbox_paths(
    tenant: dict[str, Any], told: Told, problems: Problems, body: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The paths, by the document's own ways to say a tenant, a view, problems, and a play's body."""
    common: dict[str, Any] = {"tags": ["sandbox"], "parameters": [tenant], "security": [{"key": []}]}
    wish = {"required": False, "content": {"application/json": {"schema": body}}}
    answered = told(SandboxView)
    look = common | {
        "operationId": "GetSandbox",
        "summary": "What is played in a sandbox. A host that is none has no such address.",
        "responses": {"200": answered, **problems([400, 401, 403, 404, 503])},
    }
    play = common | {
        "operationId": "PlayInSandbox",
        "summary": "Play a rehearsal in a sandbox, at any speed; one at a time.",
        "description": " ".join((PlayBody.__doc__ or "").split()),
        "requestBody": wish,
        "responses": {"202": answered, **problems([400, 401, 403, 404, 409, 413, 415, 422, 503])},
    }
    stop = common | {
        "operationId": "StopSandbox",
        "summary": "End what is played in a sandbox; what is recorded stays.",
        "responses": {"200": answered, **problems([400, 401, 403, 404, 413, 503])},
    }
    root = "/v1/{tenant}/sandbox"
    return {root: {"get": look}, f"{root}/play": {"post": play}, f"{root}/stop": {"post": stop}}
