"""Where a consumer keeps its place: in a file, or in its own database together with what it does with a record."""

import os
import sqlite3
from pathlib import Path
from typing import Protocol

from services.client.trouble import ClientTrouble


class CursorUnreadable(ClientTrouble):
    """What is kept there isn't a position. Nobody guesses: move it away to begin anew, or write the position in."""


class Cursor(Protocol):
    """A consumer's place in a host's log, for a way on which records come in order (pull, SSE, one at a time)."""

    def position(self) -> int:
        """The position of the last record that was dealt with; 0 before the first."""
        ...

    def advance(self, position: int) -> bool:
        """Note that the record at `position` is dealt with; False when it was already, and nothing is to be done."""
        ...


class FileCursor:
    """A position in a file, for consumers whose effect may happen twice: a crash between effect and note repeats it.

    The file is replaced whole and synced, so that a crash leaves the old place or the new one.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)

    def position(self) -> int:
        """The noted position; 0 when there is no file yet. Raises `CursorUnreadable`."""
        try:
            told = self._path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return 0
        except UnicodeDecodeError:
            told = ""
        if not (told.isdigit() and len(told) < 17):
            raise CursorUnreadable(f"{self._path} holds no position.")
        return int(told)

    def advance(self, position: int) -> bool:
        """Order: the new file is on disk, then it takes the old one's name, then the folder says so on disk."""
        if position <= self.position():
            return False
        new = self._path.with_name(f"{self._path.name}.new")
        with new.open("w", encoding="ascii") as file:
            file.write(f"{position}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return True


_TABLE = """
create table if not exists handschlag_cursor (subscription text primary key, position integer not null)
"""
_MOVE = """
insert into handschlag_cursor (subscription, position) values (?, ?)
on conflict (subscription) do update set position = excluded.position where excluded.position > position
"""


class SqliteCursor:
    """A position in the consumer's own SQLite, moved in the consumer's own transaction: each record exactly once.

    It never commits. `with connection:` round `advance` and your own writes makes them one, all or nothing:
    a crash before the commit leaves neither, one after it both. The same two statements do in any other database.
    """

    def __init__(self, connection: sqlite3.Connection, subscription: str) -> None:
        self._connection = connection
        self._subscription = subscription
        with connection:
            connection.execute(_TABLE)

    def position(self) -> int:
        """The noted position."""
        asked = "select position from handschlag_cursor where subscription = ?"
        row = self._connection.execute(asked, (self._subscription,)).fetchone()
        return 0 if row is None else int(row[0])

    def advance(self, position: int) -> bool:
        """Move in the transaction that is open, or open one."""
        return self._connection.execute(_MOVE, (self._subscription, position)).rowcount == 1
