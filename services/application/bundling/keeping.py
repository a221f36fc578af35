"""Bundles for whoever asks over HTTP: made once, kept for a day, and handed out as often as somebody resumes.

A bundle is written to a file first, so that its length and its SHA-256 are known before the first byte is sent, and a
download that was cut off goes on with the same bytes. Whoever asks waits for a while, and is then told how far it is;
who was told to wait gets the bundle that they waited for, also when the log has grown meanwhile.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from errno import ENOSPC

import structlog

from domain.identity import TenantId
from domain.refusal import Refusal
from infra.clock import now
from infra.shelf.shelf import Kept, Part, Shelf
from services.application.bundling.asked import asked_of
from services.application.bundling.write import Asked, write_bundle
from services.application.proofs import Proofs
from services.application.queries import Queries

PATIENCE = 20.0
"""Seconds that a request waits for its bundle."""
MOST_AT_ONCE = 2
"""Bundles that are made at a time."""
MOST_KEPT = 4
"""Bundles that are kept of a host."""
KEPT = timedelta(days=1)
"""How long a bundle is kept."""
MIN_ROOM = 512 * 1024 * 1024
"""Bytes on the disk that bundles leave free."""
MOST_WAITING = 1_000
"""Askers who were told to wait and are remembered; of more, those who were told last."""
ROUND = 3600.0
"""Seconds between sweeps."""
LONGEST = 60
"""Seconds after which an asker is told to come again, at most."""

_log = structlog.get_logger(__name__)


class BundleInTheMaking(Refusal):
    """The bundle is being made. Ask again with the same request: you get this one."""

    def __init__(self, done: int, of: int, retry_after: int) -> None:
        super().__init__(done, of)
        self.done, self.of, self.retry_after = done, of, retry_after


class BundlesBusy(Refusal):
    """Other bundles are being made. Ask again in half a minute."""

    retry_after = 30


class NoRoomForBundle(Refusal):
    """There is no room on the disk for a bundle. Tell the operator; handschlag export writes it to another disk."""

    retry_after = LONGEST


@dataclass(slots=True)
class _Making:
    """A bundle of `size` records that is being made since `begun`; `done` are written."""

    size: int
    begun: float
    done: int = 0
    task: "asyncio.Task[Kept]" = field(init=False)

    def seconds_left(self, at: float) -> int:
        """A guess, from 1 to `LONGEST`."""
        left = (at - self.begun) * (self.size - self.done) / max(self.done, 1)
        return max(1, min(LONGEST, round(left)))


@dataclass(frozen=True, slots=True)
class _Told:
    """An asker was told at this moment to wait for the bundle of `size` records."""

    size: int
    at: datetime


class Bundles:
    """Makes and keeps the bundles of all hosts; `run` sweeps. `verifier` tells what every bundle holds a copy of."""

    def __init__(
        self,
        shelf: Shelf,
        queries: Queries,
        proofs: Proofs,
        verifier: Callable[[], bytes],
        stopping: asyncio.Event,
        patience: float = PATIENCE,
    ) -> None:
        self._shelf = shelf
        self._queries = queries
        self._proofs = proofs
        self._verifier = verifier
        self._stopping = stopping
        self._patience = patience
        self._making: dict[TenantId, _Making] = {}
        self._waiting: dict[tuple[TenantId, str], _Told] = {}

    async def get(self, tenant: TenantId, asker: str, size: int | None = None) -> Kept:
        """The bundle of `size` records; without it what the asker was told to wait for, or what is made, or the newest.

        Raises `BundleInTheMaking`, `BundlesBusy`, `NoRoomForBundle`, `CheckpointPending`, and `NotThere`.
        """
        making, told = self._making.get(tenant), self._waiting.get((tenant, asker))
        wanted = told.size if size is None and told is not None else size
        if wanted is None and making is not None:
            wanted = making.size
        if wanted is None:
            wanted = (await self._proofs.head(tenant)).checkpoint.size
        kept = await self.of_size(tenant, wanted) or await self._made(tenant, asker, wanted)
        self._waiting.pop((tenant, asker), None)
        return kept

    async def of_size(self, tenant: TenantId, size: int) -> Kept | None:
        """The newest bundle of so many records, if it is there."""
        found = await asyncio.to_thread(self._shelf.all, tenant)
        return next((kept for kept in found if kept.size == size), None)

    async def tagged(self, tenant: TenantId, sha256: str) -> Kept | None:
        """The bundle of these bytes, if it is still there."""
        found = await asyncio.to_thread(self._shelf.all, tenant)
        return next((kept for kept in found if kept.sha256 == sha256), None)

    async def run(self) -> None:
        """Remove what nobody will ask for again, now and then, until cancelled; then give up what is being made."""
        try:
            while True:
                await self._sweep()
                await asyncio.sleep(ROUND)
        finally:
            tasks = [making.task for making in self._making.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _sweep(self) -> None:
        """A disk that can't be swept now is swept the next time: it takes nobody's service down.

        Who waited longer is forgotten before the bundle goes: they get the log as it is when they come.
        """
        oldest = now() - KEPT
        self._waiting = {who: told for who, told in self._waiting.items() if told.at >= oldest}
        try:
            gone = await asyncio.to_thread(self._shelf.sweep, KEPT)
        except OSError as error:
            _log.warning("bundles.not_swept", error=str(error))
        else:
            if gone:
                _log.info("bundles.swept", files=gone)

    async def _made(self, tenant: TenantId, asker: str, size: int) -> Kept:
        making = self._making.get(tenant) or self._begin(tenant, size)
        if making.size != size:
            raise BundlesBusy
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({making.task, stopping}, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
        if making.task.done():
            return making.task.result()
        self._remember(tenant, asker, size)
        raise BundleInTheMaking(making.done, size, making.seconds_left(now().timestamp()))

    def _remember(self, tenant: TenantId, asker: str, size: int) -> None:
        """They stand in the order in which they were told last, so the first of too many is the one to forget."""
        self._waiting.pop((tenant, asker), None)
        self._waiting[tenant, asker] = _Told(size, now())
        if len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]

    def _begin(self, tenant: TenantId, size: int) -> _Making:
        """Nothing is awaited here: of two who ask at once, one begins and the other finds it begun."""
        if len(self._making) >= MOST_AT_ONCE:
            raise BundlesBusy
        making = _Making(size, now().timestamp())
        making.task = asyncio.create_task(self._make(tenant, making), name=f"bundle of {tenant}")
        self._making[tenant] = making
        making.task.add_done_callback(lambda task: self._ended(tenant, task))
        return making

    async def _make(self, tenant: TenantId, making: _Making) -> Kept:
        asked = await asked_of(self._proofs, tenant, self._verifier(), making.size)
        with self._shelf.part(tenant) as part:
            try:
                kept = await self._written(part, asked, making)
            except OSError as error:
                if error.errno == ENOSPC:
                    raise NoRoomForBundle from error
                raise
        await asyncio.to_thread(self._shelf.thin, tenant, MOST_KEPT)
        _log.info("bundle.made", tenant=tenant, size=making.size, bytes=kept.length)
        return kept

    async def _written(self, part: Part, asked: Asked, making: _Making) -> Kept:
        async def note(done: int, _of: int) -> None:
            making.done = done
            if await asyncio.to_thread(self._shelf.room) < MIN_ROOM:
                raise NoRoomForBundle

        genuine = await write_bundle(part.file, self._queries.log, self._queries, asked, note)
        if not genuine:
            _log.error("bundle.differs", tenant=asked.tenant, size=asked.size)
        return await asyncio.to_thread(self._shelf.put, part, asked.tenant, asked.size)

    def _ended(self, tenant: TenantId, task: "asyncio.Task[Kept]") -> None:
        del self._making[tenant]
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, Refusal):
            _log.error("bundle.failed", tenant=tenant, exc_info=error)
