"""Signs every log's head as soon as it has moved; of several signers one works, and another takes over when it ends.

A round is one look at all heads, then the logs whose turn it is: their new entries are read, hashed and grown from the
last signed edge, and what comes out must be the head. What was promised is remembered on disk, then stored. A crash in
between leaves nothing that anybody has seen: the next run signs the same tree again, with the same bytes.

One log's trouble is its own: nothing is signed for it, loudly, until it can be followed again. So is its backlog: a
round reads a bounded number of entries, first of the logs that have the fewest, and a log that is far behind is caught
up with over many rounds.
"""

import asyncio
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import structlog

from domain.identity import TenantId
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.note import Note, NoteUntrusted, signed_by
from infra.clock import now
from infra.event_log.wakeups import Wakeups
from infra.postgres.away import LOST, TROUBLE
from infra.signing.keys import LogKeys, verify
from infra.signing.memory import Memory, Promise
from infra.signing.seeds import SeedStore
from infra.signing.store import Behind, NewCheckpoint, Overtaken, Signed, SignerStore, edge_of
from services.signer.growing import Growing, HeadRefused

POLL = 0.5
"""Seconds after which it looks although nobody hinted."""

GAP = 0.1
"""Seconds between two looks, however many hints there are."""

PACE = 0.6
"""Seconds between two checkpoints of a log."""

PAGE = 2_000
"""Entries read at a time; a log that is further behind is caught up with by itself."""

_PAGES = 10
"""Pages read between two looks, of the logs that are near their heads, and as many of one that is far from it."""

_TOGETHER = 256
"""Logs signed in one transaction."""

_TRY_AGAIN = 10.0
"""Seconds between two tries of a log that was refused."""

_LONGEST_PAUSE = 15.0
_OVER: tuple[type[Exception], ...] = (*LOST, Overtaken)
_PASSING: tuple[type[Exception], ...] = (*TROUBLE, Overtaken)

_log = structlog.get_logger(__name__)


def log_seeds(home: Path) -> SeedStore:
    """Where an installation keeps its logs' seeds."""
    return SeedStore(home / "keys")


class Signer:
    """The signer's process, or a part of one. `run` until cancelled; the wake-ups belong to the caller.

    `url` is a login that may take on the signer's role; seeds and memory lie in `home`/keys.
    """

    def __init__(self, url: str, wakeups: Wakeups, home: Path, *, pace: float = PACE, page: int = PAGE) -> None:
        self._url = url
        self._wakeups = wakeups
        self._keys = LogKeys(log_seeds(home))
        self._memory = Memory(home / "keys" / "last-signed")
        self._pace = pace
        self._page = page
        self._not_before: dict[TenantId, float] = {}
        self._ours: set[TenantId] = set()
        self._under_way: dict[TenantId, tuple[Signed | None, Growing]] = {}
        self._seen: Sequence[int] = ()
        self._pause = 0.0

    async def run(self) -> None:
        """Sign until cancelled; an unreachable database, and keys that can't be read, are waited for."""
        while True:
            try:
                await self._session()
            except _PASSING as error:
                self._pause = min(_LONGEST_PAUSE, 2 * self._pause + 0.1)
                _log.warning("signer.pausing", error=f"{type(error).__name__}: {error}", pause=self._pause)
                await asyncio.sleep(self._pause)

    async def _session(self) -> None:
        store = await SignerStore.open(self._url)
        try:
            await self._turn(store)
            self._memory.open()
            self._begin_anew()
            async with self._wakeups.watch(None) as watch:
                first = True
                while True:
                    full = await self._round(store, first=first)
                    first = first and full
                    self._pause = 0.0
                    await asyncio.sleep(0 if full else GAP)
                    if not full:
                        await watch.wait(self._next_look())
        finally:
            self._memory.close()
            await store.close()

    async def _turn(self, store: SignerStore) -> None:
        """Wait until no other signer works."""
        while True:
            if await store.claim():
                return
            await asyncio.sleep(1.0)

    def _next_look(self) -> float:
        """Seconds until a log that moved again may be signed again, if that is sooner than the next look anyway."""
        clock = asyncio.get_running_loop().time()
        waiting = [until - clock for until in self._not_before.values() if until > clock]
        return min([POLL, *waiting])

    async def _round(self, store: SignerStore, *, first: bool = False) -> bool:
        """Look once and sign what has its turn; True when there is more to do at once.

        The `first` look is at every log: one that was put back to what it was some time ago isn't behind.
        """
        seeds = await self._seeds(store)
        clock = asyncio.get_running_loop().time()
        self._not_before = {tenant: until for tenant, until in self._not_before.items() if until > clock}
        logs = await store.behind(seeds, every=first)
        due = [log for log in logs if log.tenant not in self._not_before and not self._is_signed(log, seeds)]
        if not seeds:
            sentence = "The seed of the log's keys is missing below HANDSCHLAG_HOME/keys."
            for log in due:
                await self._refuse(store, log, HeadRefused("keys-missing", sentence))
            return False
        near = _nearest(due, self._page)
        if near:
            await self._sign(store, near, seeds)
        far = [log for log in due if _left(log) > self._page]
        caught_up = bool(far) and await self._catch_up(store, min(far, key=self._still_left), seeds)
        return len(near) + caught_up < len(due)

    def _is_signed(self, log: Behind, seeds: Sequence[int]) -> bool:
        """Whether there is nothing to do and nothing to say: the head is what was signed, and what was promised."""
        signed, promise = log.signed, self._memory.get(log.tenant)
        return (
            signed is not None
            and log.trouble is None
            and (log.size, log.edge, tuple(seeds)) == (signed.size, signed.edge, signed.seeds)
            and (promise is None or promise.size < signed.size or promise == Promise(signed.size, signed.root))
        )

    async def _seeds(self, store: SignerStore) -> Sequence[int]:
        """The seeds that are here. The first one is made on the first start, and never again: a lost one is missed."""
        seeds = self._keys.look()
        if not seeds and not await store.published():
            number = self._keys.store.add(await store.last_seed() + 1)
            _log.warning("signer.seed_made", number=number, do="back up HANDSCHLAG_HOME/keys")
            seeds = self._keys.look()
        if seeds != self._seen:
            self._seen = seeds
            self._begin_anew()
        return seeds

    def _begin_anew(self) -> None:
        """Take nothing for known that was found out in another session, or under other keys."""
        self._ours.clear()
        self._under_way.clear()

    async def _sign(self, store: SignerStore, logs: Sequence[Behind], seeds: Sequence[int]) -> None:
        """Sign logs that are at most a page behind, together."""
        entries = await store.entries([(log.tenant, _signed_size(log), log.size) for log in logs])
        signed: list[tuple[Behind, NewCheckpoint]] = []
        for log in logs:
            try:
                growing = await self._start(store, log)
                growing.take(entries[log.tenant])
                signed.append((log, self._checkpoint(log, growing, seeds)))
            except HeadRefused as refused:
                await self._refuse(store, log, refused)
        await self._store(store, signed)

    async def _catch_up(self, store: SignerStore, log: Behind, seeds: Sequence[int]) -> bool:
        """Take a log that is far behind some pages further; True when its head was reached, and signed or refused."""
        try:
            before, growing = self._under_way.pop(log.tenant, (None, None))
            if growing is None or before != log.signed or growing.size > log.size:
                growing = await self._start(store, log)
            for _ in range(_PAGES):
                after = growing.size
                until = min(after + self._page, log.size)
                growing.take((await store.entries([(log.tenant, after, until)]))[log.tenant])
                if growing.size == after:
                    break
            if after < growing.size < log.size:
                self._under_way[log.tenant] = (log.signed, growing)
                return False
            signed = self._checkpoint(log, growing, seeds)
        except HeadRefused as refused:
            await self._refuse(store, log, refused)
        else:
            await self._store(store, [(log, signed)])
        return True

    def _still_left(self, log: Behind) -> int:
        """Entries of a log that is far behind which weren't taken yet."""
        under_way = self._under_way.get(log.tenant)
        return _left(log) if under_way is None else log.size - under_way[1].size

    async def _start(self, store: SignerStore, log: Behind) -> Growing:
        """Where to go on, once it is known to be where we stopped. Raises `HeadRefused`."""
        promise = self._memory.get(log.tenant)
        if promise is not None and _signed_size(log) > promise.size:
            promise = None  # another signer of ours, with a memory of its own, has gone on
        if log.signed is not None and log.tenant not in self._ours:
            await self._must_be_ours(store, log, log.signed)
            self._ours.add(log.tenant)
        return Growing(log.signed, promise)

    async def _must_be_ours(self, store: SignerStore, log: Behind, signed: Signed) -> None:
        """What stands as signed last must be signed by a key that is here, unless all keys were given up."""
        ours = [key.verifier for key in self._keys.keys(log.origin)]
        published = await store.published(log.tenant)
        if not published:
            return
        if published.isdisjoint(str(key) for key in ours):
            raise HeadRefused("keys-unknown", "None of the keys that are told to sign for this log is here.")
        text = Checkpoint(log.origin, signed.size, signed.root).text()
        try:
            signed_by(Note(text, await store.own_signatures(log.tenant, signed.size)), ours, verify)
        except NoteUntrusted:
            raise HeadRefused("state-differs", "What stands as signed last wasn't signed by this log's key.") from None

    def _checkpoint(self, log: Behind, growing: Growing, seeds: Sequence[int]) -> NewCheckpoint:
        """The head, signed, if it is what has grown. Raises `HeadRefused`."""
        root = growing.arrive(log.size, log.edge)
        keys = self._keys.keys(log.origin)
        text = Checkpoint(log.origin, log.size, root).text()
        new_keys = log.signed is None or log.signed.seeds != tuple(seeds)
        return NewCheckpoint(
            tenant=log.tenant,
            before=log.signed,
            now=Signed(log.size, edge_of(growing.edge), root, tuple(seeds)),
            hashes=growing.hashes,
            signatures=[key.sign(text) for key in keys],
            keys=[(seed, key.verifier) for seed, key in zip(seeds, keys, strict=True)] if new_keys else [],
        )

    async def _store(self, store: SignerStore, signed: Sequence[tuple[Behind, NewCheckpoint]]) -> None:
        """Remember, then store, then wait a little with these logs. What can't be stored costs the others nothing."""
        if not signed:
            return
        self._memory.promise((log.tenant, Promise(new.now.size, new.now.root)) for log, new in signed)
        try:
            await store.store([new for _, new in signed], now())
        except _OVER:
            raise
        except TROUBLE as error:
            if len(signed) > 1:
                for each in signed:
                    await self._store(store, [each])
                return
            sentence = f"The checkpoint can't be stored: {type(error).__name__}."
            await self._refuse(store, signed[0][0], HeadRefused("cannot-store", sentence))
        else:
            until = asyncio.get_running_loop().time() + self._pace
            self._not_before |= {log.tenant: until for log, _ in signed}

    async def _refuse(self, store: SignerStore, log: Behind, refused: HeadRefused) -> None:
        """Say loudly that nothing is signed for a log, and look again later."""
        _log.error(
            "signer.refused",
            tenant=log.tenant,
            kind=refused.kind,
            sentence=refused.sentence,
            signed=_signed_size(log),
            head=log.size,
        )
        await store.trouble(log.tenant, refused.kind, refused.sentence, _signed_size(log))
        self._not_before[log.tenant] = asyncio.get_running_loop().time() + _TRY_AGAIN


def _nearest(due: Sequence[Behind], page: int) -> list[Behind]:
    """The logs that are signed together now: those with the fewest new entries, as many as may be read at once."""
    near = sorted((log for log in due if _left(log) <= page), key=_left)[:_TOGETHER]
    read = accumulate(max(0, _left(log)) for log in near)
    return [log for log, so_far in zip(near, read, strict=True) if so_far <= _PAGES * page]


def _left(log: Behind) -> int:
    """Entries since the signed head."""
    return log.size - _signed_size(log)


def _signed_size(log: Behind) -> int:
    return 0 if log.signed is None else log.signed.size
