"""Pages of lists: keyset by position, one more fetched than given to tell whether there is another."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from domain.ledger.row import LedgerRow
from domain.trail.step import TrailStep
from infra.projections.reader import Listed, Snapshot
from services.application.reading.cursors import after, cursor

MOST = 200
"""Items on a page at most; more are never given, however many are asked for."""

Found = TypeVar("Found")


async def page(
    snapshot: Snapshot,
    of: str,
    text: str | None,
    limit: int,
    fetch: Callable[[Snapshot, int | None, int], Awaitable[list[Found]]],
    place: Callable[[Found], int],
) -> tuple[list[Found], str | None]:
    """What `fetch` (snapshot, after, limit) finds for the page at cursor `text`, and the next page's cursor.

    `place` is the position by which the list is ordered. `limit` is brought within 1 and `MOST`.
    """
    most = min(max(limit, 1), MOST)
    found = await fetch(snapshot, after(text, of, snapshot.generation), most + 1)
    following = cursor(of, snapshot.generation, place(found[most - 1])) if len(found) > most else None
    return found[:most], following


def first(listed: Listed) -> int:
    """A thing's first record."""
    return listed.first


def drafted(row: LedgerRow) -> int:
    """A contract's first record."""
    return row.lineage[0]


def position(step: TrailStep) -> int:
    """A step's record."""
    return step.position
