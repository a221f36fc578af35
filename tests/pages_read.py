"""How much a question makes the database look at: what shows that it is answered by a key, whatever it costs today."""

import json
from typing import Any

import asyncpg


async def pages_read(connection: asyncpg.Connection, question: str, *values: Any) -> int:
    """Pages of tables and indexes that answering it reads; asked once before, so that no catalogue is among them."""
    await connection.fetch(question, *values)
    told = await connection.fetchval(f"explain (analyze, buffers, format json) {question}", *values)
    plan = json.loads(told)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
