"""The log of Notes, for faults of the log itself."""

from collections.abc import AsyncIterator

import pytest

from infra.event_log.store import EventLog
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import CLASSES


@pytest.fixture
async def log(database: DatabaseUrls) -> AsyncIterator[EventLog]:
    """An event log of this test's own, so that its connections can be cut."""
    log = await EventLog.open(database.runtime, CLASSES)
    yield log
    await log.close()
