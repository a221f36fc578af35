"""What a start doesn't wait for: modules that are loaded, and work that begins, when the service is ready."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

PATIENCE = 1.0
"""Seconds that anything waits for the service to be ready: views may take long to catch up."""

Loaded = TypeVar("Loaded")


class Later:
    """Loads in one thread, one after the other: two that import the same modules may meet half of one."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        """Set it when the service is ready."""
        self._thread = ThreadPoolExecutor(1, "later")

    async def started(self) -> None:
        """Return when the service is ready, or has taken its time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ready.wait(), PATIENCE)

    async def load(self, load: Callable[[], Loaded]) -> Loaded:
        """What `load` answers, called in the thread when its turn comes. Raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, load)

    def close(self) -> None:
        """Load nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)
