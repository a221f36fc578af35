"""The player behind `/v1/{tenant}/sandbox`: rehearsals played by the service at itself, through its public API.

Which hosts are sandboxes stands in a file of the home, with the keys of their desks; `handschlag sandbox create` writes
it. A play lives in this process alone: a crash leaves an edition whose trading closes by itself, and the next play has
an edition of its own.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import structlog

from domain.identity import TenantId
from infra.clock import now
from infra.event_log.store import EventLog
from services.api.problems import BodyUnusable, SandboxBusy, SandboxFull
from services.api.sandbox import PlayBody, PlayView
from services.rehearsal.script import Script
from services.rehearsal.trouble import RehearsalTrouble, ScriptUnplayable

if TYPE_CHECKING:
    from services.rehearsal.player import Progress

MOST_RECORDS = 2_000_000
"""Records in a sandbox's log before it is full: a thousand plays and more."""

EACH = 1_000
"""EUR that a contract is worth when nothing else is wished for."""

_log = structlog.get_logger(__name__)


def sandbox_file(home: Path) -> Path:
    """Where a home's sandboxes and the keys of their desks stand, by tenant and role."""
    return home / "sandbox.json"


class Playing:
    """What is played at this service's sandboxes. Owns the tasks; `close` ends them."""

    def __init__(self, home: Path, address: str, log: EventLog, stopping: asyncio.Event) -> None:
        self._file = sandbox_file(home)
        self._address = address
        self._eventlog = log
        self._stopping = stopping
        self._tasks: dict[TenantId, asyncio.Task[None]] = {}
        self._last: dict[TenantId, PlayView] = {}

    def has(self, tenant: TenantId) -> bool:
        """Whether this host is a sandbox."""
        return bool(self._keys(tenant))

    def last(self, tenant: TenantId) -> PlayView | None:
        """What is played there, or was last."""
        return self._last.get(tenant)

    async def play(self, tenant: TenantId, wish: PlayBody) -> PlayView:
        """Begin to play. Raises `SandboxBusy`, `SandboxFull`, `BodyUnusable`."""
        size = (await self._eventlog.head(tenant)).size
        if tenant in self._tasks:
            raise SandboxBusy
        if size > MOST_RECORDS:
            raise SandboxFull
        script = _script(tenant, wish, size)
        view = PlayView(
            state="playing",
            title=script.edition_title,
            after=size,
            speed=script.speed,
            began=now(),
            ended=None,
            steps=0,
            of_steps=0,
            certified=0,
            contracts=script.contracts,
            marketplace=None,
            trouble=None,
        )
        self._last[tenant] = view
        self._tasks[tenant] = asyncio.create_task(self._run(tenant, script), name=f"sandbox {tenant}")
        return view

    async def stop(self, tenant: TenantId) -> PlayView | None:
        """End what is played there, and wait for its end."""
        task = self._tasks.get(tenant)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        return self._last.get(tenant)

    async def close(self) -> None:
        """End everything."""
        for tenant in list(self._tasks):
            await self.stop(tenant)

    async def _run(self, tenant: TenantId, script: Script) -> None:
        ends = asyncio.create_task(self._stopping.wait())
        work = asyncio.create_task(self._play(tenant, script))
        try:
            await asyncio.wait([ends, work], return_when=asyncio.FIRST_COMPLETED)
        finally:
            ends.cancel()
            work.cancel()
            await asyncio.wait([ends, work])
            if self._last[tenant].state == "playing":
                self._note(tenant, state="stopped", ended=now())
            del self._tasks[tenant]

    async def _play(self, tenant: TenantId, script: Script) -> None:
        from services.rehearsal.player import play  # noqa: PLC0415 - wanted at sandboxes alone

        try:
            outcome = await play(self._address, self._keys(tenant), script, self._watch(tenant))
        except RehearsalTrouble as trouble:
            self._note(tenant, state="failed", ended=now(), trouble=str(trouble))
        except Exception as error:
            _log.exception("sandbox.failed", tenant=tenant)
            self._note(tenant, state="failed", ended=now(), trouble=f"A fault of ours: {type(error).__name__}.")
        else:
            self._note(tenant, state="played", ended=now(), marketplace=outcome.marketplace)

    def _watch(self, tenant: TenantId) -> "Callable[[Progress], None]":
        def watch(seen: "Progress") -> None:
            self._note(tenant, steps=seen.steps, of_steps=seen.of_steps, certified=seen.certified)

        return watch

    def _note(self, tenant: TenantId, **seen: str | int | datetime) -> None:
        self._last[tenant] = msgspec.structs.replace(self._last[tenant], **seen)

    def sandboxes(self) -> frozenset[str]:
        """The hosts that are sandboxes."""
        return frozenset(self._desks())

    def _keys(self, tenant: TenantId) -> Mapping[str, str]:
        return self._desks().get(tenant, {})

    def _desks(self) -> Mapping[str, Mapping[str, str]]:
        """The keys of all sandboxes' desks, read anew each time: a sandbox may be made beside a running service."""
        try:
            told: Mapping[str, Mapping[str, str]] = json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}
        return told


def _script(tenant: TenantId, wish: PlayBody, size: int) -> Script:
    """The script of a wish; its title says behind which position it begins, so that no two are one edition."""
    today = now().date()
    minor = (wish.contracts * EACH if wish.value is None else wish.value) * 100
    try:
        return Script(
            host=tenant,
            companies=wish.companies,
            nonprofits=wish.nonprofits,
            contracts=wish.contracts,
            least_minor=minor,
            most_minor=minor,
            trading_minutes=wish.trading_minutes,
            speed=wish.speed,
            seed=wish.seed,
            title=f"Sandkasten hinter {size}",
            season=today.year,
            date=today,
        )
    except ScriptUnplayable as error:
        raise BodyUnusable(str(error)) from None
