"""A consumer with its own book, until it is killed: `python -m tests.relay.consumer URL STREAM SUBJECT BOOK [dies]`.

One that `dies` is killed by itself where it hurts most: its book is written, its acknowledgement isn't sent.

docs/relay.md shows how it follows; a test sees to it that this is what it shows.
"""

import asyncio
import os
import signal
import sqlite3
import sys
import time

import nats
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NothingNew
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig

ACK_WAIT = 0.5
"""Seconds after which the server gives a message again that isn't acknowledged; short for one that is killed often."""


def open_book(path: str) -> sqlite3.Connection:
    """The consumer's own database: what it has seen, what it made of it, and how often it was told again."""
    book = sqlite3.connect(path, isolation_level=None, timeout=30)
    book.executescript(
        "pragma journal_mode = wal; pragma synchronous = normal;"
        "create table if not exists seen (position integer primary key);"
        "create table if not exists work (position integer, body blob);"
        "create table if not exists told_again (position integer)"
    )
    return book


async def follow(messages: JetStreamContext.PullSubscription, book: sqlite3.Connection) -> None:
    """Take each record once into the book."""
    while True:
        try:
            batch = await messages.fetch(50, timeout=5)
        except NothingNew:
            continue
        for message in batch:
            take(message, book)
            await message.ack()


def take(message: Msg, book: sqlite3.Connection) -> None:
    """One transaction: the work, and that it is done."""
    position = int((message.headers or {})["Handschlag-Position"])
    book.execute("begin immediate")
    if book.execute("insert or ignore into seen values (?)", (position,)).rowcount:
        work(book, position, message.data)
    else:
        book.execute("insert into told_again values (?)", (position,))
    book.execute("commit")


def work(book: sqlite3.Connection, position: int, data: bytes) -> None:
    """What this consumer is there for. It takes a while, so that it is often killed with acknowledgements unsent."""
    book.execute("insert into work values (?, ?)", (position, data))
    time.sleep(0.001)


async def die(_: object) -> None:
    """Instead of an acknowledgement."""
    os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, stream: str, subject: str, book: str, end: str = "") -> None:
    """Bind to the durable consumer, which is made if there is none, and follow."""
    if end == "dies":
        setattr(Msg, "ack", die)  # noqa: B010 - mypy lets nobody assign to a method
    client = await nats.connect(url)
    config = ConsumerConfig(ack_wait=ACK_WAIT)
    messages = await client.jetstream().pull_subscribe(subject, durable="register", stream=stream, config=config)
    await follow(messages, open_book(book))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:6]))
