"""Pages for what isn't as it should be: in the same look and words, saying what happened and what to do."""

from collections.abc import Mapping
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from domain.refusal import NotThere, Refusal
from infra.postgres.away import LOST
from services.application.reading.trouble import (
    CursorExpired,
    CursorUnusable,
    MomentUnclear,
    Parked,
    ProjectionBehind,
)
from services.application.trouble import TooManyListeners
from services.web.rendering import Asking, page

_log = structlog.get_logger(__name__)

_ANSWERS: Mapping[type[Exception], tuple[int, str]] = {
    NotThere: (404, "404"),
    ProjectionBehind: (503, "behind"),
    Parked: (503, "parked"),
    TooManyListeners: (503, "full"),
    CursorUnusable: (400, "400"),
    CursorExpired: (400, "400"),
    MomentUnclear: (400, "400"),
}
RETRY_AFTER = "5"
"""Seconds after which somebody who got a 503 may try again."""


def error_page(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The page for an error. For whoever composes the application: also for addresses that no route knows."""
    status, words = _answer(error)
    if status >= 500:
        fault = error if status == 500 else None
        _log.warning("page.trouble", status=status, error=type(error).__name__, exc_info=fault)
    asking = Asking(request)
    answer = page("error.html", asking, status=status, words=words)
    answer.headers["Cache-Control"] = "no-store"
    if status == 503:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _answer(error: Exception) -> tuple[int, str]:
    for kind, answer in _ANSWERS.items():
        if isinstance(error, kind):
            return answer
    if isinstance(error, HTTPException) and error.status_code < 500:
        return (404, "404") if error.status_code in {404, 405} else (error.status_code, "400")
    return (503, "503") if isinstance(error, HTTPException) or _gone(error) else (500, "500")


def _gone(error: BaseException | None) -> bool:
    """Whether the error, or what it came from, means that the database can't be reached just now."""
    while error is not None:
        if isinstance(error, LOST):
            return True
        error = error.__cause__ or error.__context__
    return False


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    HTTPException: error_page,
    Refusal: error_page,
    Exception: error_page,
}
"""For our routes."""
