"""Logs: one JSON object a line, and nothing in them that people wrote."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
import structlog

from infra.logging import WITHHELD, configure


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is logged during a test; afterwards logging is as it was."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    configure(stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def entries(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_a_json_line(stream: io.StringIO) -> None:
    """Given a logger, when an event is logged, then its fields, level, logger and UTC time stand on one line."""
    structlog.get_logger("infra.event_log").info("appended", tenant="essen", position=7, city="Köln")
    (entry,) = entries(stream)
    assert entry["timestamp"].endswith("Z")
    assert "Köln" in stream.getvalue()
    del entry["timestamp"]
    assert entry == {
        "event": "appended",
        "level": "info",
        "logger": "infra.event_log",
        "tenant": "essen",
        "position": 7,
        "city": "Köln",
    }


def test_the_standard_librarys_loggers_speak_alike(stream: io.StringIO) -> None:
    """Given a library that uses logging, when it warns, then that's a JSON line too; its chatter isn't."""
    logging.getLogger("asyncio").warning("slow: %s s", 2)
    logging.getLogger("sqlalchemy.engine.Engine").info("INSERT INTO person VALUES ('Erika')")
    logging.getLogger("uvicorn.access").info("GET /v1/essen?name=Erika")
    logging.getLogger("httpx2").info("HTTP Request: GET https://witness.example/?of=Erika")
    (entry,) = entries(stream)
    assert (entry["event"], entry["level"], entry["logger"]) == ("slow: 2 s", "warning", "asyncio")


@pytest.mark.parametrize("field", ["body", "data", "password", "Authorization", "database_url", "csrf_token"])
def test_bodies_and_secrets_are_withheld(stream: io.StringIO, field: str) -> None:
    """Given an event with a body or a secret among its fields, when logged, then the value is withheld."""
    structlog.get_logger().info("met", **{field: "Erika Mustermann"})
    (entry,) = entries(stream)
    assert entry[field] == WITHHELD


def test_an_exception_is_told_without_the_row(stream: io.StringIO) -> None:
    """Given PostgreSQL's refusal of a row, when logged, then place and kind are told; locals and the row aren't."""
    name = "Erika Mustermann"
    try:
        error = asyncpg.UniqueViolationError("duplicate key value violates unique constraint")
        error.detail = f"Key (name)=({name})\nSecond line of {name} already exists."
        error.hint = "Choose another."
        raise error
    except asyncpg.UniqueViolationError:
        structlog.get_logger().exception("failed")
        logging.getLogger("library").exception("failed too")
    assert "Erika" not in stream.getvalue()
    for entry in entries(stream):
        assert "test_logging.py" in entry["exception"]
        assert "violates unique constraint" in entry["exception"]
        assert f"DETAIL: {WITHHELD}" in entry["exception"]
        assert "Choose another" in entry["exception"]


def test_at_a_terminal_people_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a terminal, when an event is logged, then it's a readable line, and bodies are withheld too."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    root, terminal = logging.getLogger(), Terminal()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    configure(terminal)
    structlog.get_logger().info("started", port=8080, body="Erika")
    structlog.reset_defaults()
    assert "started" in terminal.getvalue()
    assert "8080" in terminal.getvalue()
    assert "Erika" not in terminal.getvalue()
    assert not terminal.getvalue().startswith("{")
