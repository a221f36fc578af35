"""The log under test, with its own table of names: what is recorded here are Notes."""

from collections.abc import AsyncIterator

import pytest

from infra.event_log.store import EventLog
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import CLASSES


@pytest.fixture(scope="session")
async def log(database: DatabaseUrls) -> AsyncIterator[EventLog]:
    """The session's event log of Notes."""
    log = await EventLog.open(database.runtime, CLASSES)
    yield log
    await log.close()
