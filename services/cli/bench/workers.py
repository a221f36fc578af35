"""Processes that measure in a place of their own, and are told when by their input.

A worker says `ready`; then each line that it is given is a number of seconds: it measures for so long, and answers one
figure. What may not be shown (the database's URL) stands in its environment, not in its arguments.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager


@asynccontextmanager
async def worker(module: str, arguments: Sequence[str], secrets: Mapping[str, str]) -> AsyncIterator["Worker"]:
    """`python -m MODULE ARGUMENTS…`, ready; killed at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        env=os.environ | dict(secrets),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("it was started with pipes")
        here = Worker(process.stdin, process.stdout)
        await here.line()
        yield here
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class Worker:
    """A worker as seen from outside."""

    def __init__(self, told: asyncio.StreamWriter, says: asyncio.StreamReader) -> None:
        self._told = told
        self._says = says

    async def measure(self, seconds: float) -> float:
        """The figure that it finds in so many seconds."""
        self._told.write(f"{seconds}\n".encode())
        return float(await self.line())

    async def line(self) -> bytes:
        """The next line that it says; raises `RuntimeError` when it has ended."""
        line = await self._says.readline()
        if not line:
            raise RuntimeError("A worker ended; what it said stands above.")
        return line


async def answer(measure: Callable[[float], Awaitable[float]]) -> None:
    """The worker's side: ready, then measure when told to, until there is no more to read."""
    loop = asyncio.get_running_loop()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while told := await loop.run_in_executor(None, sys.stdin.readline):
        sys.stdout.write(f"{await measure(float(told))}\n")
        sys.stdout.flush()
