"""The rival of our streams: a route that INSERTs a row and tells everybody who listens, and nothing besides."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import msgspec
import uvicorn
from litestar import Litestar, Request, Response, get, post
from litestar.response import Stream

from domain.instant import instant
from infra.clock import now

LISTENERS: set[asyncio.Queue[bytes]] = set()


@get("/ready")
async def ready() -> dict[str, str]:
    """It answers."""
    return {"status": "ready"}


@post("/tell")
async def tell(request: Request[Any, Any, Any]) -> Response[Any]:
    """One row, committed; then everybody's queue."""
    body = msgspec.json.encode({"time": instant(now())} | await request.json())
    await request.app.state.pool.execute("insert into public.rival (body) values ($1)", body.decode())
    frame = b"data: " + body + b"\n\n"
    for queue in LISTENERS:
        queue.put_nowait(frame)
    return Response({}, status_code=201)


@get("/stream")
async def stream() -> Stream:
    """One queue a listener."""

    async def told() -> AsyncIterator[bytes]:
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        LISTENERS.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            LISTENERS.discard(queue)

    return Stream(told(), media_type="text/event-stream")


async def connect(app: Litestar) -> None:
    """The same number of connections as the log's pool."""
    app.state.pool = await asyncpg.create_pool(os.environ["RIVAL_DATABASE"], min_size=1, max_size=10)


def main() -> None:
    """Serve on the port that is named."""
    app = Litestar(route_handlers=[ready, tell, stream], on_startup=[connect], openapi_config=None)
    uvicorn.run(app, port=int(sys.argv[1]), loop="uvloop", http="httptools", log_config=None, access_log=False)


if __name__ == "__main__":
    main()
