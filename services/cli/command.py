"""What every command begins with: what the environment says, and a loop to work in."""

import asyncio
import os
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

from infra import logging
from infra.settings import Settings

Result = TypeVar("Result")


def settings() -> Settings:
    """What the environment says; from here on what happens is logged. Raises `SettingsTrouble`."""
    logging.configure()
    return Settings.from_environment(os.environ)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` to its end in a loop of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
