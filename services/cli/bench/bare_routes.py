"""The rival of our routes: `python -m services.cli.bench.bare_routes PORT TABLE`. Litestar and asyncpg, nothing else.

The same server settings as ours. `POST /rows` INSERTs one row, `GET /rows` SELECTs fifty and encodes them;
`POST /told` INSERTs one and tells everybody who listens at `GET /stream`.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import msgspec
import uvicorn
from litestar import Litestar, Request, get, post
from litestar.response import Stream

from infra.clock import present
from services.cli.bench import plain

URL = "HANDSCHLAG_BENCH_DATABASE_URL"
PAGE = 50


def routes(table: str) -> Litestar:
    """The application over `table`."""
    insert = f"{plain.insert(table)} returning id"
    listeners: set[asyncio.Queue[bytes]] = set()
    select = f"select id, bytes from {table} where id > $1 order by id limit {PAGE}"  # noqa: S608 - a name of our own making

    @get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @post("/rows")
    async def add(request: Request[Any, Any, Any]) -> dict[str, Any]:
        await request.json()
        number = await request.app.state.pool.fetchval(insert, *plain.values(await request.body()))
        return {"id": number}

    @get("/rows")
    async def rows(request: Request[Any, Any, Any]) -> dict[str, Any]:
        found = await request.app.state.pool.fetch(select, int(request.query_params.get("after", "0")))
        return {"items": [{"id": row["id"], "body": row["bytes"].decode()} for row in found]}

    @post("/told")
    async def told(request: Request[Any, Any, Any]) -> dict[str, Any]:
        body = msgspec.json.encode({"time": present()} | await request.json())
        number = await request.app.state.pool.fetchval(insert, *plain.values(body))
        for listener in listeners:
            listener.put_nowait(b"data: " + body + b"\n\n")
        return {"id": number}

    @get("/stream")
    async def stream() -> Stream:
        return Stream(heard(), media_type="text/event-stream")

    async def heard() -> AsyncIterator[bytes]:
        mine: asyncio.Queue[bytes] = asyncio.Queue()
        listeners.add(mine)
        try:
            while True:
                yield await mine.get()
        finally:
            listeners.discard(mine)

    async def connect(app: Litestar) -> None:
        app.state.pool = await asyncpg.create_pool(os.environ[URL], min_size=8, max_size=8)

    return Litestar(route_handlers=[ready, add, rows, told, stream], on_startup=[connect], openapi_config=None)


def main(port: str, table: str) -> None:
    """Serve until ended."""
    uvicorn.run(
        routes(table),
        port=int(port),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:3])
