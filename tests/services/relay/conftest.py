"""A desk a test."""

import pytest

from domain.identity import TenantId
from infra.event_log.store import EventLog
from tests.conftest import DatabaseUrls
from tests.services.relay.desk import Desk
from tests.vaults import open_test_vault


@pytest.fixture
async def desk(database: DatabaseUrls, event_log: EventLog, tenant: TenantId) -> Desk:
    """A new host's webhooks."""
    return Desk(database, event_log, tenant, await open_test_vault(event_log.pool))
