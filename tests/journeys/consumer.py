"""An integrator's program with a book of its own: `python -m tests.journeys.consumer WAY`, until it is killed.

It keeps a ledger in SQLite: the place, that a record was seen, and the contract's row move in one transaction. What it
follows stands in the environment: HANDSCHLAG_URL, _TENANT, _KEY, _BOOK, and what its way needs.
"""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import aclosing
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx2
import msgspec

from domain.codec import from_data, read_entry
from domain.envelope import Actor, Envelope, Recorded
from domain.identity import EventId, StreamId
from domain.instant import instant
from domain.ledger.digest import row_line
from domain.ledger.fold import PREFIX, evolve
from domain.ledger.row import LedgerRow
from domain.names import CLASSES
from services.client import Event, Handschlag, SqliteCursor, WebhookUntrusted, verify_webhook

TABLES = """
pragma journal_mode = wal;
create table if not exists seen (position integer primary key, event text not null unique);
create table if not exists ledger (contract text primary key, row text not null);
create table if not exists told_again (position integer not null);
"""

ACK_WAIT = 1.0
"""Seconds after which JetStream gives a message again that isn't acknowledged; short for one that is killed often."""


_row = msgspec.json.Decoder(LedgerRow).decode


class Book:
    """The consumer's own database."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        self.connection.executescript(TABLES)
        self.cursor = SqliteCursor(self.connection, "ledger")

    def take(self, event: Event) -> None:
        """One transaction: the place, the record's mark, the ledger. `seen` refuses whatever would come twice."""
        with self.connection:
            if not self.cursor.advance(event.position):
                self.connection.execute("insert into told_again values (?)", (event.position,))
                return
            self.connection.execute("insert into seen values (?, ?)", (event.position, event.id))
            if event.type.startswith(PREFIX):
                self._keep(_recorded(event))

    def _keep(self, recorded: Recorded) -> None:
        stream = recorded.envelope.stream
        kept = self.connection.execute("select row from ledger where contract = ?", (stream,)).fetchone()
        before = None if kept is None else _row(kept[0])
        after = row_line(evolve(before, recorded)).decode()
        self.connection.execute("insert or replace into ledger values (?, ?)", (stream, after))


def _recorded(event: Event) -> Recorded:
    """The record as our folds take it: from the entry's bytes, or from what a CloudEvent tells of it."""
    if event.raw is not None:
        return Recorded(event.position, read_entry(event.raw, CLASSES))
    actor = event.actor
    if actor is None:
        raise ValueError("a ledger is folded from whole records")
    envelope = Envelope(
        origin=event.origin,
        id=EventId(event.id),
        stream=StreamId(event.stream),
        version=event.version,
        type=event.type,
        time=instant(event.time),
        actor=Actor(id=actor.id, role=actor.role),
        cause=None,
        correlation=event.correlation,
        rehearsal=event.rehearsal,
        data=from_data(CLASSES[event.type], dict(event.data)),
    )
    return Recorded(event.position, envelope)


def pull(book: Book) -> None:
    """Pages, again and again."""
    with Handschlag(
        os.environ["HANDSCHLAG_URL"], os.environ["HANDSCHLAG_TENANT"], os.environ["HANDSCHLAG_KEY"]
    ) as ours:
        _at_work()
        while True:
            for event in ours.events(after=book.cursor.position(), wait=20):
                book.take(event)


def stream(book: Book) -> None:
    """Server-sent events."""

    async def follow() -> None:
        handschlag = Handschlag(
            os.environ["HANDSCHLAG_URL"], os.environ["HANDSCHLAG_TENANT"], os.environ["HANDSCHLAG_KEY"]
        )
        _at_work()
        async with aclosing(handschlag.follow(after=book.cursor.position())) as events:
            async for event in events:
                book.take(event)

    asyncio.run(follow())


def webhook(book: Book) -> None:
    """A server that is sent to. Back again, it asks for what it missed, rather than wait until it is tried again."""

    class Receiver(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            try:
                delivery = verify_webhook(dict(self.headers.items()), body, [os.environ["HANDSCHLAG_SECRET"]])
                if delivery.event is not None:
                    book.take(delivery.event)
            except WebhookUntrusted:
                self.send_response(400)
            else:
                self.send_response(204)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *told: Any) -> None:  # noqa: A002 - the base class calls it so
            pass

    server = HTTPServer(("127.0.0.1", int(os.environ["HANDSCHLAG_PORT"])), Receiver)
    headers = {"Authorization": f"Bearer {os.environ['HANDSCHLAG_KEY']}", "If-Match": "*"}
    httpx2.post(f"{os.environ['HANDSCHLAG_WEBHOOK']}/resume", headers=headers).raise_for_status()
    _at_work()
    server.serve_forever()


def jetstream(book: Book) -> None:
    """A durable consumer. A fold needs order, so no message is given before the one before it is acknowledged."""
    import nats  # noqa: PLC0415 - the other ways are started faster without
    from nats.errors import TimeoutError as NothingNew  # noqa: PLC0415
    from nats.js.api import ConsumerConfig  # noqa: PLC0415

    async def follow() -> None:
        client = await nats.connect(os.environ["HANDSCHLAG_NATS_URL"])
        tenant = os.environ["HANDSCHLAG_TENANT"]
        messages = await client.jetstream().pull_subscribe(
            f"handschlag.{tenant}.>",
            durable="ledger",
            stream=f"handschlag-{tenant}",
            config=ConsumerConfig(ack_wait=ACK_WAIT, max_ack_pending=1),
        )
        _at_work()
        while True:
            try:
                (message,) = await messages.fetch(1, timeout=5)
            except NothingNew:
                continue
            book.take(Event.from_cloudevent(message.data))
            await message.ack()

    asyncio.run(follow())


WAYS: dict[str, Callable[[Book], None]] = {
    "pull": pull,
    "stream": stream,
    "webhook": webhook,
    "jetstream": jetstream,
}


def _at_work() -> None:
    """From here on it may be killed at any moment."""
    print("at work", flush=True)  # noqa: T201 - what the test reads


if __name__ == "__main__":
    WAYS[sys.argv[1]](Book(os.environ["HANDSCHLAG_BOOK"]))
