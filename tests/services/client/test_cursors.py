"""Where a consumer keeps its place: it never moves back, and what isn't a place is never taken for one."""

import sqlite3
from pathlib import Path

import pytest

from services.client import FileCursor, SqliteCursor
from services.client.cursors import CursorUnreadable


def test_a_file_keeps_the_place(tmp_path: Path) -> None:
    """Given a file, when the cursor advances, then a new one finds the place; repeats and steps back are none."""
    path = tmp_path / "place"
    cursor = FileCursor(path)
    assert (cursor.position(), cursor.advance(7), cursor.advance(7), cursor.advance(6)) == (0, True, False, False)
    assert FileCursor(path).position() == 7
    path.with_name("place.new").write_text("half of a cra")
    assert FileCursor(path).advance(8)
    assert FileCursor(path).position() == 8


@pytest.mark.parametrize("text", ["", "seven", "-1", "1.5", "9" * 17])
def test_a_file_that_holds_no_place_is_not_guessed_at(tmp_path: Path, text: str) -> None:
    """Given a file of something else, when it is asked for the place, then it says that there is none."""
    path = tmp_path / "place"
    path.write_text(text)
    with pytest.raises(CursorUnreadable):
        FileCursor(path).position()


def test_a_place_in_the_consumers_own_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    """Given effect and place in one transaction, when it is rolled back, neither is there; committed, both are."""
    connection = sqlite3.connect(tmp_path / "own.db")
    connection.execute("create table effect (position integer primary key)")
    cursor = SqliteCursor(connection, "crm")

    class Crash(Exception):
        """The process ends here."""

    def take(position: int, *, crash: bool) -> bool:
        with connection:
            if not cursor.advance(position):
                return False
            connection.execute("insert into effect values (?)", (position,))
            if crash:
                raise Crash
        return True

    with pytest.raises(Crash):
        take(1, crash=True)
    assert (cursor.position(), connection.execute("select count(*) from effect").fetchone()) == (0, (0,))
    assert [take(1, crash=False), take(1, crash=False), take(2, crash=False)] == [True, False, True]
    other = SqliteCursor(connection, "another")
    assert (cursor.position(), other.position()) == (2, 0)
    connection.close()
