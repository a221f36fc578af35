"""The projector's connections, and the statements it says over them."""

import re
from functools import cache
from pathlib import Path

import asyncpg

_NAMED = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)

_SETTINGS = {
    "application_name": "handschlag-projections",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_bitmapscan": "off",  # what a sweep has deleted is passed over from the second scan on, but by bitmaps never
    "jit": "off",
    "synchronous_commit": "off",  # rows and tracking are lost together, if ever, and told again
}


async def open_follower_pool(follower_url: str, connections: int = 4) -> asyncpg.Pool:
    """Up to `connections` connections of the follower's login; whoever opens the pool closes it."""
    return await asyncpg.create_pool(
        follower_url, min_size=1, max_size=connections, reset=_nothing_to_reset, server_settings=_SETTINGS
    )


async def _nothing_to_reset(_: asyncpg.Connection) -> None:
    """Sessions are left as they were found: settings hold for a transaction, locks are given back by name."""


def sql(name: str) -> str:
    """The statement called `name` in `writing.sql`; raises KeyError when there is none."""
    return _statements()[name]


@cache
def _statements() -> dict[str, str]:
    parts = _NAMED.split((Path(__file__).parent / "writing.sql").read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))
