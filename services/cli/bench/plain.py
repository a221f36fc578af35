"""A plain row, as rivals keep one: a column for each fact that an entry of ours is found by, and its bytes.

So the design's sketches have it (`log.bare`); the required ratios seem to be set by their multiples of such rows.
"""

from datetime import datetime

from infra.clock import fresh_id, now

COLUMNS = (
    "id bigint generated always as identity primary key,"
    " tenant text, stream uuid, version int, type text, at timestamptz, bytes bytea"
)

_STREAM = fresh_id()


def insert(table: str) -> str:
    """The statement that INSERTs one row of `values` into `table`."""
    return f"insert into {table} (tenant, stream, version, type, at, bytes) values ($1, $2, $3, $4, $5, $6)"  # noqa: S608 - a name of our own making


def values(body: bytes) -> tuple[str, str, int, str, datetime, bytes]:
    """What a row of now holds whose bytes are `body`."""
    return "bench", _STREAM, 1, "negotiation.terms_countered.v1", now(), body
