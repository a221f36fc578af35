"""A receiver of webhooks by the recipe of docs/webhooks.md, in a process of its own: `consumer.py PORT SECRET BOOK`.

Its book is an SQLite file. What came in is counted apart from what was worked on, to see that messages do come twice.
It dwells a little on both sides of its commit, where a kill hurts most.
"""

import random
import sqlite3
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

PORT, SECRET, BOOK = int(sys.argv[1]), sys.argv[2], sys.argv[3]

TABLES = """
create table if not exists taken (source text primary key, position integer not null);
create table if not exists worked (position integer not null);
create table if not exists came (position integer not null);
"""


def dwell() -> None:
    """Up to four milliseconds."""
    time.sleep(random.random() * 0.004)


def handle(body: bytes, headers: dict[str, str]) -> int:
    """The recipe."""
    try:
        event = Webhook(SECRET).verify(body, headers)
    except WebhookVerificationError:
        return 400
    position = int(event["sequence"])
    book = sqlite3.connect(BOOK, timeout=30)
    try:
        with book:
            book.execute("insert into came values (?)", (position,))
        with book:
            moved = book.execute(
                "insert into taken (source, position) values (?, ?) on conflict (source)"
                " do update set position = excluded.position where taken.position < excluded.position",
                (event["source"], position),
            )
            if moved.rowcount == 1:
                book.execute("insert into worked values (?)", (position,))
            dwell()
        dwell()
    finally:
        book.close()
    return 200


class Handler(BaseHTTPRequestHandler):
    """One request after the other over a connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a message."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(handle(body, dict(self.headers.items())))
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


if __name__ == "__main__":
    with sqlite3.connect(BOOK) as making:
        making.executescript(TABLES)
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
