"""What asyncpg raises when the server is gone, and whoever follows it in the background has to wait and try again."""

import asyncpg

LOST: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what it says of a connection that broke in the middle of a call
    ConnectionError,
    TimeoutError,
)
"""Connections cut or refused, a server that starts or stops, a pool that is closing."""

TROUBLE: tuple[type[Exception], ...] = (*LOST, asyncpg.PostgresError, OSError)
"""Whatever else a server says while it goes down or comes up: for loops that try again anyway."""
