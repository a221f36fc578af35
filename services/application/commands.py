"""The only writer of the log: from a wish to records and a receipt, or to a refusal with nothing done (DESIGN §3)."""

from typing import Any

from msgspec.structs import replace

from domain.access.roles import MAY
from domain.contract.commands import Certify
from domain.identity import EventId, StreamId, TenantId
from domain.person.commands import Command as PersonCommand
from domain.person.commands import ErasePerson
from domain.person.reach import NOT_REACHED
from domain.person.refusals import PersonIsErased
from domain.refusal import NotThere, Refusal
from domain.transparency.merkle import leaf_hash
from infra.clock import fresh_id, present
from infra.event_log.mapper import event_id_of
from infra.event_log.outcomes import (
    Append,
    Appended,
    Busy,
    ClockSkewed,
    GuardFailed,
    KeyReused,
    KnownKey,
    Outcome,
    Read,
    Replayed,
    Stale,
    TenantUnknown,
)
from infra.event_log.store import EventLog
from infra.postgres.tenancy import Tenant, find_tenant
from infra.vault.fingerprints import Fingerprints
from infra.vault.leaving import Leaving
from infra.vault.trouble import KeyInMotion, PersonLeaving
from infra.vault.vault import Vault
from services.application import trouble
from services.application.asking import Receipt, RecordView, Wish
from services.application.handlers.by_command import HANDLERS
from services.application.seen import SeenStreams
from services.application.turns import Turns
from services.application.work import Work

ATTEMPTS = 5
"""By what is held, by what is read, and where a guard fails on fresh states, up to three times."""

UNREAD = Read(None, {})
"""Nothing was read: of the key and of the thing asked about the append will tell."""


class Application:
    """Carries out wishes. One per process; owns the cache of consulted streams and the turns that requests take."""

    def __init__(self, log: EventLog, vault: Vault) -> None:
        self.log = log
        self.vault = vault
        self.fingerprints = Fingerprints(vault)
        self.leaving = Leaving(vault)
        self._held = SeenStreams()
        self._hosts: dict[TenantId, Tenant] = {}
        self._turns = Turns()

    async def carry_out(self, wish: Wish, target: StreamId, command: Any, *, creates: bool) -> Receipt:
        """Judge `command` on stream `target` and record what follows.

        `creates` says that the command makes the thing, so that no version needs to be named. Raises a `Refusal`,
        after which nothing was recorded, or what the log and vault raise when they can't be reached: then asking
        again with the same key tells.
        """
        if wish.caller.role not in MAY.get(type(command), ()):
            raise trouble.RoleNotAllowed
        tenant = wish.caller.tenant
        async with self._turns.turn(tenant, f"key {wish.key}", trouble.KeyInFlight):
            if isinstance(command, ErasePerson):
                receipt = await self._answer(wish, target, command, creates=creates)
                return replace(receipt, beyond_reach=NOT_REACHED)
            if not isinstance(command, Certify):
                return await self._answer(wish, target, command, creates=creates)
            # All certifications of a host write registers: in turn they don't fail each other's version.
            async with self._turns.turn(tenant, "register", trouble.TooBusy):
                return await self._answer(wish, target, command, creates=creates)

    async def _answer(self, wish: Wish, target: StreamId, command: Any, *, creates: bool) -> Receipt:
        """What comes of a judgement; of a refusal, whether another process recorded the request meanwhile.

        Streams and vault are read after the key: what they forbid may be what the request itself has brought about.
        """
        try:
            return await self._judge(wish, target, command, creates=creates)
        except trouble.KeyReused:
            raise
        except Refusal:
            known = (await self.log.read(wish.caller.tenant, wish.key, ())).known
            if known is None:
                raise
            return await self._again(wish, command, known)

    async def _judge(self, wish: Wish, target: StreamId, command: Any, *, creates: bool) -> Receipt:
        """Judge by what is held of the thing first, or a new thing as new: the append knows keys and versions better.

        Whatever doesn't come out of that as recorded is judged by what is read, and so is what reaches beyond the log.
        """
        fresh, host = False, await self._host(wish.caller.tenant)
        for attempt in range(ATTEMPTS):
            unread = (
                attempt == 0
                and (creates or self._held.holds(wish.caller.tenant, target))
                and not _tells_of_somebody(command)
            )
            read = UNREAD if unread else await self.log.read(wish.caller.tenant, wish.key, [target])
            if read.known is not None:
                return await self._again(wish, command, read.known)
            work = Work(
                wish, target, present(), host.time_zone, self.log, self._held, read, creates=creates, fresh=fresh
            )
            try:
                await HANDLERS[type(command)](work, target, command)
                work.must_stay_in_its_edition()
                await work.must_keep_of_nobody_erased()
            except Refusal:
                if not (unread or work.judged_from_cache):
                    raise
                fresh = True
                continue
            if unread and work.reaches_beyond_the_log:
                continue
            outcome, append = await self._append(host, work)
            match outcome:
                case Appended():
                    work.remember_outcome()
                    return _receipt(append, outcome)
                case Replayed() | KeyReused():
                    # Recorded since it was looked up: told by what stands with the key, as at the beginning.
                    fresh = True
                case TenantUnknown():
                    raise NotThere
                case Busy():
                    raise trouble.TooBusy
                case Stale() | GuardFailed() | ClockSkewed():
                    fresh = True
        raise trouble.TooBusy

    async def _append(self, host: Tenant, work: Work) -> tuple[Outcome, Append]:
        """Vault first, then log, then what is destroyed by it.

        A crash between leaves values that no record names, and notes of what a record was to destroy: the vault's
        sweep removes the first, and `Leaving.settle` does what is recorded.
        """
        tenant, first = host.tenant, EventId(fresh_id())
        sealed: dict[str, str] = {}
        if work.personal is not None:
            try:
                sealed = dict(await self.vault.keep(tenant, work.personal.person, first, dict(work.personal.values)))
            except PersonLeaving:
                raise PersonIsErased from None
            except KeyInMotion:
                raise trouble.TooBusy from None
        if work.destroys is not None:
            await self.leaving.begin(tenant, first, work.destroys)
        append = work.append(host.origin, sealed, first, await self.fingerprints.of(tenant, work.wish.fingerprint))
        outcome = await self.log.append(append)
        if isinstance(outcome, Appended):
            if work.destroys is not None:
                await self.leaving.finish(tenant, first, work.destroys)
        elif not isinstance(outcome, Replayed):  # which may be this very append, before its connection was lost
            if work.personal is not None:
                await self.vault.forget(tenant, first)
            if work.destroys is not None:
                await self.leaving.cancel(tenant, first)
        return outcome, append

    async def _again(self, wish: Wish, command: Any, known: KnownKey) -> Receipt:
        """The first answer to this key, from what it recorded."""
        if isinstance(command, PersonCommand):  # answered only when it is done, whatever broke off the first
            await self.leaving.settle(wish.caller.tenant)
        if not await self.fingerprints.are_alike(wish.caller.tenant, known.request, wish.fingerprint):
            raise trouble.KeyReused
        count = known.last - known.first + 1
        page = await self.log.page(wish.caller.tenant, known.first - 1, count)
        records = [
            _record(
                entry.position,
                event_id_of(entry.bytes),
                entry.type,
                entry.stream,
                entry.version,
                leaf_hash(entry.bytes).hex(),
            )
            for entry in page
        ]
        return _told(records, replayed=True)

    async def _host(self, tenant: TenantId) -> Tenant:
        """The host; what is known of one never changes."""
        if tenant not in self._hosts:
            host = await find_tenant(self.log.pool, tenant)
            if host is None:
                raise NotThere
            self._hosts[tenant] = host
        return self._hosts[tenant]


def _tells_of_somebody(command: Any) -> bool:
    """Whether the vault will have something to keep."""
    return (getattr(command, "personal", None) or getattr(command, "note", None)) is not None


def _receipt(append: Append, appended: Appended) -> Receipt:
    records = [
        _record(appended.first + place, entry.id, entry.type, entry.stream, entry.version, leaf.hex())
        for place, (entry, leaf) in enumerate(zip(append.entries, appended.hashes, strict=True))
    ]
    return _told(records, replayed=False)


def _record(position: int, event: str, type_name: str, stream: StreamId, version: int, leaf: str) -> RecordView:
    return RecordView(position=position, id=event, type=type_name, stream=stream, version=version, leaf_hash=leaf)


def _told(records: list[RecordView], *, replayed: bool) -> Receipt:
    """The thing asked about is that of the first record; its version is the last one written of it."""
    thing = records[0].stream
    version = max(record.version for record in records if record.stream == thing)
    last = records[-1]
    return Receipt(
        id=thing,
        version=version,
        position=last.position,
        leaf_hash=last.leaf_hash,
        replayed=replayed,
        records=records,
    )
