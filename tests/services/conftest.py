"""One running service for the tests of what runs."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.running import Host, RunningService, client, running_service
from tests.services.hall import Hall


@pytest.fixture(scope="session")
def service() -> Iterator[RunningService]:
    """A ready service that the session's tests share, each with a host of its own."""
    with running_service() as service:
        yield service


@pytest.fixture
async def host(service: RunningService) -> Host:
    """A fresh host with keys for every desk."""
    return await service.new_host()


@pytest.fixture
async def hall(service: RunningService, host: Host) -> AsyncIterator[Hall]:
    """A host's desk, ready to ask."""
    async with client(service) as http:
        yield Hall(http, host)
