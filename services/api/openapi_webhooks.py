"""What the description says of `/v1/{tenant}/webhooks`."""

from collections.abc import Callable, Iterable
from typing import Any

from services.api.bodies import webhooks as bodies
from services.api.outer import MAX_BODY
from services.api.paths import DEFAULT_LIMIT, MAX_LIMIT, MAX_POSITION
from services.application.webhooks import views

VIEWS = (
    views.WebhookView,
    views.WebhooksView,
    views.WebhookSecretView,
    views.WebhookWaitingView,
    views.AttemptsView,
    bodies.WebhookBody,
    bodies.NewWebhookBody,
    bodies.ReplaceSecretBody,
    bodies.ResumeWebhookBody,
    bodies.RedeliverBody,
    bodies.NothingBody,
)

Parts = Callable[..., Any]

_PLACE = {"type": "integer", "minimum": 1, "maximum": MAX_POSITION}


class Webhooks:
    """The paths, by the document's own ways to say parameters, schemas and problems."""

    def __init__(
        self,
        common: tuple[dict[str, Any], dict[str, Any]],
        headers: tuple[dict[str, Any], dict[str, Any]],
        ref: Callable[[Any], dict[str, Any]],
        problems: Callable[[Iterable[int]], dict[str, Any]],
    ) -> None:
        self._tenant, self._id = common
        self._key, self._if_match = headers
        self._ref = ref
        self._problems = problems

    def paths(self) -> dict[str, dict[str, Any]]:
        """Every path and its operations."""
        root, one = "/v1/{tenant}/webhooks", "/v1/{tenant}/webhooks/{id}"
        return {
            root: {
                "post": self._makes("MakeWebhook", "Have records sent to an address of yours.", 201,
                                    views.WebhookSecretView, bodies.NewWebhookBody, []),
                "get": self._tells("ListWebhooks", "The webhooks that you look after.", views.WebhooksView, []),
            },
            one: {
                "get": self._tells("GetWebhook", "A webhook, and how far it has come.", views.WebhookView, [self._id]),
                "put": self._changes("ChangeWebhook", "Choose anew where to send what.", bodies.WebhookBody),
                "delete": self._removes(),
            },
            f"{one}/pause": {"post": self._changes("PauseWebhook", "Send nothing until it is resumed.",
                                                   bodies.NothingBody)},
            f"{one}/resume": {"post": self._changes("ResumeWebhook", "Send again, where it stopped or elsewhere.",
                                                    bodies.ResumeWebhookBody)},
            f"{one}/give-up-redelivery": {"post": self._changes(
                "GiveUpRedelivery", "Give up all that was to be sent once more.", bodies.NothingBody)},
            f"{one}/replace-secret": {"post": self._makes(
                "ReplaceWebhookSecret", "A new secret, beside the old one for a while.", 201,
                views.WebhookSecretView, bodies.ReplaceSecretBody, [self._id])},
            f"{one}/test": {"post": self._makes("TestWebhook", "Send a test soon, whatever the state.", 202,
                                                views.WebhookWaitingView, bodies.NothingBody, [self._id])},
            f"{one}/redeliver": {"post": self._makes("Redeliver", "Send records of a range once more.", 202,
                                                     views.WebhookWaitingView, bodies.RedeliverBody, [self._id])},
            one + "/attempts/{number}/redeliver": {"post": self._makes(
                "RedeliverAttempt", "Send once more what was sent in an attempt.", 202,
                views.WebhookWaitingView, bodies.NothingBody, [self._id, _path("number")])},
            f"{one}/attempts": {"get": self._tells("ListAttempts", "What was tried, the newest first.",
                                                   views.AttemptsView, [self._id, *_paging()])},
        }  # fmt: skip

    def _described(self, operation: str, summary: str, parameters: list[Any]) -> dict[str, Any]:
        return {
            "operationId": operation,
            "summary": summary,
            "tags": ["webhooks"],
            "security": [{"key": []}],
            "parameters": [self._tenant, *parameters],
        }

    def _makes(
        self, operation: str, summary: str, status: int, view: Any, body: Any, parameters: list[Any]
    ) -> dict[str, Any]:
        answers = {str(status): self._answer(view), **self._problems([400, 401, 403, 404, 409, 413, 415, 422, 503])}
        described = self._described(operation, summary, [*parameters, self._key])
        return described | {"requestBody": self._body(body), "responses": answers}

    def _changes(self, operation: str, summary: str, body: Any) -> dict[str, Any]:
        statuses = [400, 401, 403, 404, 412, 413, 415, 422, 428, 503]
        answers = {"200": self._answer(views.WebhookView), **self._problems(statuses)}
        described = self._described(operation, summary, [self._id, self._if_match])
        return described | {"requestBody": self._body(body), "responses": answers}

    def _removes(self) -> dict[str, Any]:
        described = self._described("RemoveWebhook", "Forget a webhook.", [self._id, self._if_match])
        statuses = [400, 401, 403, 404, 412, 413, 428, 503]
        return described | {"responses": {"204": {"description": "It is forgotten."}, **self._problems(statuses)}}

    def _tells(self, operation: str, summary: str, view: Any, parameters: list[Any]) -> dict[str, Any]:
        answers = {"200": self._answer(view), **self._problems([400, 401, 403, 404, 503])}
        return self._described(operation, summary, parameters) | {"responses": answers}

    def _body(self, body: Any) -> dict[str, Any]:
        schema = self._ref(body)
        needed = body in (bodies.NewWebhookBody, bodies.WebhookBody, bodies.RedeliverBody)
        described = f"At most {MAX_BODY} bytes."
        return {"required": needed, "description": described, "content": {"application/json": {"schema": schema}}}

    def _answer(self, view: Any) -> dict[str, Any]:
        told = " ".join((view.__doc__ or "").split())
        return {"description": told, "content": {"application/json": {"schema": self._ref(view)}}}


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _PLACE}


def _paging() -> list[dict[str, Any]]:
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    outcome = {"type": "string", "enum": ["any", "failed"], "default": "any"}
    told = {"before": (_PLACE, "Attempts with smaller numbers than this."),
            "limit": (limit, "How many at most."), "outcome": (outcome, "Only those that failed, or all.")}  # fmt: skip
    return [
        {"name": name, "in": "query", "description": words, "schema": schema} for name, (schema, words) in told.items()
    ]
