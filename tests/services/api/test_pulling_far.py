"""Pulling little out of a long log: an answer ends before the log does, and the next one goes on."""

import asyncio

import msgspec
import pytest

from domain.identity import TenantId
from domain.streaming.audience import Audience
from domain.streaming.choice import Filter
from infra.event_log.store import EventLog
from infra.streams.feed import LOOKED, THROUGH, Feed
from services.api.pulling import LOOKING, Pulls, lines_of
from services.api.scopes import Admitted
from services.application.asking import Scope
from tests.infra.streams.records import sprinkled
from tests.vaults import open_test_vault

LENGTH = THROUGH + LOOKED
CERTIFIED = (LENGTH - 1,)
PUBLIC = Filter(audience=Audience.PUBLIC)


@pytest.fixture
async def pulls(event_log: EventLog, tenant: TenantId) -> Pulls:
    """Pulls of a host with a long log in which the public hears of one seal, at its end."""
    await sprinkled(event_log, tenant, LENGTH, CERTIFIED)
    vault = await open_test_vault(event_log.pool)
    feed = Feed(event_log.pool, at_once=1)
    return Pulls(feed, event_log.wakeups, vault, asyncio.Event(), address="http://a")


async def test_an_empty_page_has_a_next_one_and_waits_for_nothing(pulls: Pulls, tenant: TenantId) -> None:
    """Given a page that would wait, when nothing was found so far, then it says at once where to go on."""
    first = await pulls.page(tenant, 0, PUBLIC, 1, wait=30)
    assert (first.heard, first.reached, first.more) == ([], THROUGH, True)
    second = await pulls.page(tenant, first.reached, PUBLIC, 1, wait=30)
    assert [heard.recorded.position for heard in second.heard] == list(CERTIFIED)


async def test_lines_go_on_through_what_is_not_heard(pulls: Pulls, tenant: TenantId) -> None:
    """Given an answer that is all of the records, then it ends where the log does, and for many readers at once."""
    anybody = Admitted(tenant, None, Scope(audience=Audience.PUBLIC, persons=False))

    async def told() -> list[int]:
        parts = [part async for part in lines_of(pulls, anybody, 0, LENGTH, PUBLIC)]
        return [msgspec.json.decode(line)["position"] for part in parts for line in part.splitlines()]

    assert await asyncio.gather(*(told() for _ in range(2 * LOOKING))) == [list(CERTIFIED)] * (2 * LOOKING)
