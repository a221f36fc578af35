"""A bundle that takes longer than a request: who waits is told how far it is, and gets what they waited for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from domain.identity import TenantId
from infra.shelf.shelf import Kept, Shelf
from services.application.bundling import keeping
from services.application.bundling.keeping import BundleInTheMaking, Bundles, BundlesBusy, NoRoomForBundle
from services.application.proofs import Proofs
from services.auditor.pack import packed
from services.cli.house import House, open_house
from tests.running import RunningService
from tests.services.api.test_bundles import register
from tests.services.hall import Hall

PATIENCE = 30
"""Seconds until what is waited for won't come any more."""


@asynccontextmanager
async def house_of(service: RunningService) -> AsyncIterator[House]:
    """Another process's rooms at the same database, in effect."""
    async with open_house(service.urls(), service.settings()) as house:
        yield house


def impatient(house: House, folder: Path) -> Bundles:
    """Bundles for which nobody waits."""
    return Bundles(Shelf(folder), house.queries, Proofs(house.log), packed, house.stopping, patience=0.0)


def left(folder: Path) -> list[Path]:
    """What lies on the shelf."""
    return list(folder.iterdir())


async def at_last(bundles: Bundles, tenant: TenantId, asker: str) -> Kept:
    """Ask until it is there, as somebody who obeys Retry-After."""
    for _ in range(400):
        try:
            return await bundles.get(tenant, asker)
        except BundleInTheMaking:
            await asyncio.sleep(0.05)
    raise AssertionError("it is never made")


async def test_who_was_told_to_wait_gets_what_they_waited_for(
    hall: Hall, service: RunningService, tmp_path: Path
) -> None:
    """Given a log that grows meanwhile, then the first asker gets the bundle that was begun, a later one a newer."""
    size, tenant = await register(hall), hall.host.tenant
    async with house_of(service) as house:
        bundles = impatient(house, tmp_path)
        with pytest.raises(BundleInTheMaking) as pending:
            await bundles.get(tenant, "first")
        assert (pending.value.of, 1 <= pending.value.retry_after <= keeping.LONGEST) == (size, True)
        newer = await register(hall, "Meanwhile")
        assert (await at_last(bundles, tenant, "first")).size == size
        assert (await at_last(bundles, tenant, "second")).size == newer
        assert (await at_last(bundles, tenant, "first")).size == newer


async def made(tenant: TenantId) -> None:
    """Until the bundle in the making is there."""
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() == f"bundle of {tenant}"))


async def test_who_comes_back_when_it_is_swept_gets_the_log_as_it_is(
    hall: Hall, service: RunningService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given somebody who was told to wait and comes when that bundle is swept, then one of all records is made."""
    size, tenant = await register(hall), hall.host.tenant
    async with house_of(service) as house:
        bundles = impatient(house, tmp_path)
        with pytest.raises(BundleInTheMaking):
            await bundles.get(tenant, "first")
        await made(tenant)
        assert [path.name.split(".")[1] for path in left(tmp_path)] == [str(size)]
        newer = await register(hall, "Meanwhile")
        monkeypatch.setattr(keeping, "KEPT", timedelta(0))
        sweeping = asyncio.create_task(bundles.run())
        async with asyncio.timeout(PATIENCE):
            while left(tmp_path):  # noqa: ASYNC110 - another thread sweeps
                await asyncio.sleep(0.01)
        assert (await at_last(bundles, tenant, "first")).size == newer
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)


async def test_of_too_many_who_wait_the_last_ones_are_remembered(
    hall: Hall, service: RunningService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given more who wait than are remembered, then who was told last gets what they waited for, others the newest."""
    monkeypatch.setattr(keeping, "MOST_WAITING", 2)
    size, tenant = await register(hall), hall.host.tenant
    async with house_of(service) as house:
        bundles = impatient(house, tmp_path)
        for asker in ("often", "gone", "often", "last"):
            with pytest.raises(BundleInTheMaking):
                await bundles.get(tenant, asker)
        await made(tenant)
        newer = await register(hall, "Meanwhile")
        for asker in ("last", "often"):
            assert (await bundles.get(tenant, asker)).size == size
        assert (await at_last(bundles, tenant, "gone")).size == newer


async def test_another_size_is_made_when_the_first_is_done(hall: Hall, service: RunningService, tmp_path: Path) -> None:
    """Given a bundle in the making, when another size of the same host is asked for, then it has to wait its turn."""
    tenant = hall.host.tenant
    size = await register(hall)
    newer = await register(hall, "Another")
    async with house_of(service) as house:
        bundles = impatient(house, tmp_path)
        with pytest.raises(BundleInTheMaking):
            await bundles.get(tenant, "first", newer)
        with pytest.raises(BundlesBusy):
            await bundles.get(tenant, "second", size)
        assert (await at_last(bundles, tenant, "first")).size == newer


async def test_a_full_disk_is_told_and_nothing_is_left_on_it(
    hall: Hall, service: RunningService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a disk without room, then that is the answer, and no part stays."""
    monkeypatch.setattr(keeping, "MIN_ROOM", 1 << 62)
    await register(hall)
    async with house_of(service) as house:
        patient = Bundles(Shelf(tmp_path), house.queries, Proofs(house.log), packed, house.stopping)
        with pytest.raises(NoRoomForBundle):
            await patient.get(hall.host.tenant, "first")
    assert left(tmp_path) == []


async def test_a_service_that_stops_gives_up_what_it_makes(hall: Hall, service: RunningService, tmp_path: Path) -> None:
    """Given a bundle in the making, when the service stops, then the asker is told at once, and no part stays."""
    await register(hall)
    async with house_of(service) as house:
        bundles = impatient(house, tmp_path)
        sweeping = asyncio.create_task(bundles.run())
        await asyncio.sleep(0)
        with pytest.raises(BundleInTheMaking):
            await bundles.get(hall.host.tenant, "first")
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)
        assert left(tmp_path) == []
