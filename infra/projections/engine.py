"""Connections for reading views: every transaction is one snapshot, and writes nothing."""

from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def open_reading_engine(url: str, connections: int = 8) -> AsyncEngine:
    """An engine over up to `connections` connections of the login that `url` names; `dispose` it when done.

    Repeatable read: the pointer to the live generation and the rows behind it are of one moment, so a rebuild that
    switches and sweeps meanwhile is never seen. `url` is handed to asyncpg as it is (it may hold `?role=`).
    """

    async def connect() -> Any:
        return await asyncpg.connect(
            url, server_settings={"application_name": "handschlag-queries", "enable_seqscan": "off", "jit": "off"}
        )

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=connections,
        max_overflow=0,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
        json_deserializer=_as_text,
    )


def _as_text(document: str) -> str:
    """Documents are decoded once, by `infra.projections.docs`."""
    return document
