"""Connections for reading views: every transaction is one snapshot, and writes nothing."""

import asyncpg

_SETTINGS = {
    "application_name": "handschlag-queries",
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
    "enable_seqscan": "off",
    "enable_sort": "off",  # of a host that statistics don't know, what has the list's order is the index that was meant
    "jit": "off",
}


async def open_reading_pool(url: str, connections: int = 8) -> asyncpg.Pool:
    """Up to `connections` connections of the login that `url` names, made when first needed; `close` it when done.

    Repeatable read: the pointer to the live generation and the rows behind it are of one moment, so a rebuild that
    switches and sweeps meanwhile is never seen. `url` is handed to asyncpg as it is (it may hold `?role=`).
    """
    return await asyncpg.create_pool(
        url, min_size=0, max_size=connections, reset=_nothing_to_reset, server_settings=_SETTINGS
    )


async def _nothing_to_reset(_: asyncpg.Connection) -> None:
    """What a snapshot sets holds for its transaction."""
