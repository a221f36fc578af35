"""One manner of logging for all processes: events with fields, JSON lines to stderr, readable lines at a terminal.

What people wrote never gets into a log: no bodies, no values of statements, no secrets. Callers log ids, counts and
types; the processors here are the net below, not the rule.
"""

import logging
import re
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

WITHHELD = "(withheld)"
"""Stands where a value was that must not be logged."""

_BODIES = frozenset({"body", "content", "data", "form", "json", "parameters", "payload", "request_body", "values"})
_SECRETS = re.compile(r"authorization|cookie|password|secret|token|(?:^|_)url$|api_key|private_key", re.IGNORECASE)

# asyncpg puts the offending row into DETAIL, SQLAlchemy the bound values behind [parameters: and the statement [SQL:
_ROWS = re.compile(
    r"^(DETAIL: |\[parameters: |\[SQL: ).*(?:\n(?!HINT: |\[|\(|\s*$|  File |Traceback|\S+: ).*)*", re.MULTILINE
)
_CHATTY = dict.fromkeys(("uvicorn.access", "httpx2", "sqlalchemy", "alembic"), logging.WARNING)


def configure(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Log to `stream` (None: stderr), structlog's events and the standard library's alike; may be called again.

    Called once by the process's composer before anything else. Libraries that would log requests or statements are
    held to warnings.
    """
    target = sys.stderr if stream is None else stream
    rendering = _rendering(at_terminal=target.isatty())
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
            foreign_pre_chain=_fields(),
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in _CHATTY.items():
        logging.getLogger(name).setLevel(max(least, level))
    # Our own events don't go by way of the standard library: every request is one, and its records cost the most.
    structlog.configure(
        processors=[*_fields(), *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *names: _Lines(target, *names),
        cache_logger_on_first_use=False,
    )


class _Lines(structlog.WriteLogger):
    """Writes whole lines, also from several threads at a time; `name` is whose they are."""

    def __init__(self, stream: TextIO, name: str = "root") -> None:
        super().__init__(stream)
        self.name = name


def without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A processor: bodies and secrets are withheld by their fields' names, rows are cut out of exceptions' texts."""
    for field in event:
        if _is_withheld(field):
            event[field] = WITHHELD
    if isinstance(trace := event.get("exception"), str):
        event["exception"] = _ROWS.sub(rf"\1{WITHHELD}", trace)
    return event


@lru_cache(1024)
def _is_withheld(field: str) -> bool:
    return field in _BODIES or _SECRETS.search(field) is not None


def _fields() -> list[Processor]:
    """What every event carries: the context's fields, its logger, level and time (RFC 3339, UTC)."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _rendering(*, at_terminal: bool) -> list[Processor]:
    """From an event to its line, readable for a person, JSON for a machine."""
    plain = structlog.processors.format_exc_info  # a richer one would show local variables
    if at_terminal:
        return [plain, without_values, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [plain, without_values, structlog.processors.JSONRenderer(serializer=_json)]


def _json(event: Mapping[str, Any], default: Callable[[Any], Any]) -> str:
    """An event in JSON; what JSON doesn't know is told as `default` tells it."""
    return msgspec.json.encode(event, enc_hook=default).decode()
