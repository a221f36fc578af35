"""Turns: one after the other by name, side by side otherwise, and nobody waits for ever."""

import asyncio

import pytest

from domain.identity import TenantId
from services.application import turns
from services.application.trouble import KeyInFlight
from services.application.turns import Turns

ESSEN, KOELN = TenantId("essen"), TenantId("koeln")


async def _work(waiting: Turns, tenant: TenantId, name: str, done: list[str], what: str) -> None:
    async with waiting.turn(tenant, name, KeyInFlight):
        done.append(f"{what} begins")
        await asyncio.sleep(0.01)
        done.append(f"{what} ends")


async def test_the_same_name_is_one_after_the_other() -> None:
    """Given two requests with one key, when they come at once, then the second begins when the first has ended."""
    waiting, done = Turns(), list[str]()
    await asyncio.gather(*(_work(waiting, ESSEN, "key 1", done, what) for what in ("first", "second", "third")))
    assert done == [f"{what} {step}" for what in ("first", "second", "third") for step in ("begins", "ends")]
    assert len(waiting) == 0


@pytest.mark.parametrize(("tenant", "name"), [(ESSEN, "key 2"), (KOELN, "key 1")])
async def test_other_names_and_hosts_go_side_by_side(tenant: TenantId, name: str) -> None:
    """Given a request at work, when another key's or another host's comes, then it doesn't wait."""
    waiting, done = Turns(), list[str]()
    await asyncio.gather(_work(waiting, ESSEN, "key 1", done, "first"), _work(waiting, tenant, name, done, "second"))
    assert done[:2] == ["first begins", "second begins"]


async def test_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a request that doesn't end, when a second waits its patience, then it is told, and the turn stays taken."""
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    waiting, done = Turns(), list[str]()
    async with waiting.turn(ESSEN, "key 1", KeyInFlight):
        with pytest.raises(KeyInFlight):
            await _work(waiting, ESSEN, "key 1", done, "second")
        assert (done, len(waiting)) == ([], 1)
    await _work(waiting, ESSEN, "key 1", done, "third")
    assert (done[0], len(waiting)) == ("third begins", 0)
