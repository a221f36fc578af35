"""A running service of one's own, for tests that kill it or need the tenants of 2006."""

from collections.abc import Iterator

import pytest

from tests.running import RunningService, running_service


@pytest.fixture
def own_service() -> Iterator[RunningService]:
    """A ready service that nobody else uses."""
    with running_service() as service:
        yield service
