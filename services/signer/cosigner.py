"""Shows every log's newest checkpoint to the witnesses of a policy, and keeps what they say (C2SP tlog-witness).

It begins where each witness says that it is, so nothing of it has to be remembered. A witness that doesn't answer is
left alone for a while and holds up no other; one that refuses is told loudly: it has seen another history.

A log is shown its witnesses in one go, and again when those that answer promptly have done so. Nobody waits for the
others: each has turns of its own, and what it says is kept whenever it comes.
"""

import asyncio
from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import TypeVar

import httpx2
import structlog

from domain.frozen import dataclass
from domain.identity import TenantId
from domain.transparency.note import NoteMalformed, SignatureWrong
from domain.transparency.policy import Policy
from infra.clock import now
from infra.postgres.away import TROUBLE
from infra.signing.cosignatures import CosignatureStore
from infra.signing.reader import SignedHead, SignedReader
from services.signer.witness import ANSWER, AskedWitness, WitnessAway, WitnessRefused

POLL = 1.0
"""Seconds between two looks."""

_MOST_DUE = 5000
"""Logs that a look finds for a witness; those that it found before are passed over while they wait for their turns."""

_TOGETHER = 30.0
"""Seconds that a log waits for prompt witnesses, who may have many logs to look at, with its next checkpoint."""

Key = TypeVar("Key", bound=Hashable)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Question:
    """Whom to show a log, of which it has cosigned `old` records; `probe`: to find out whether it answers again."""

    witness: AskedWitness
    old: int
    probe: bool


class Cosigner:
    """The collector of cosignatures. `run` until cancelled; of several one works. `url` as the signer's."""

    def __init__(self, url: str, policy: Policy) -> None:
        self._url = url
        self._witnesses = [AskedWitness(each) for each in policy.witnesses.values() if each.url is not None]
        self._shows: dict[TenantId, asyncio.Task[None]] = {}
        self._asks: dict[tuple[str, TenantId], asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Collect until cancelled; without witnesses that have an address there's nothing to do."""
        while self._witnesses:
            try:
                await self._session()
            except TROUBLE as error:
                _log.warning("cosigner.pausing", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(2.0)

    async def _session(self) -> None:
        store = await CosignatureStore.open(self._url)
        # A witness's turns bound its connections; a common bound would let those that hang take them from the others.
        endless = httpx2.Limits(max_connections=None, max_keepalive_connections=20)
        try:
            async with (
                store.pool.acquire() as turn,
                httpx2.AsyncClient(timeout=ANSWER, limits=endless) as http,
            ):
                while True:
                    if await store.claim(turn):
                        break
                    await asyncio.sleep(POLL)
                try:
                    await self._look_again_and_again(_Session(store, http))
                finally:
                    await self._end_tasks()
        finally:
            await store.close()

    async def _look_again_and_again(self, work: "_Session") -> None:
        while True:
            for tenant, questions in (await self._due(work.store)).items():
                self._shows[tenant] = asyncio.create_task(self._show(work, tenant, questions), name=f"show-{tenant}")
            await asyncio.sleep(POLL)
            _clear(self._shows)
            _clear(self._asks)

    async def _due(self, store: CosignatureStore) -> dict[TenantId, list[_Question]]:
        """What each log's witnesses are to be asked now.

        One in trouble is asked about one log, and next time about another: it may be this log's trouble.
        """
        found: dict[TenantId, list[_Question]] = defaultdict(list)
        for witness in self._witnesses:
            asked = {tenant for key, tenant in self._asks if key == witness.key}
            if witness.is_paused() or (witness.in_trouble and asked):
                continue
            busy = asked | witness.paused_logs() | self._shows.keys()
            if not witness.in_trouble:
                due = await store.due(witness.key, busy, _MOST_DUE)
            else:
                others = busy if witness.stumbled_at is None else busy | {witness.stumbled_at}
                due = await store.due(witness.key, others, 1) or await store.due(witness.key, busy, 1)
            for each in due:
                found[each.tenant].append(_Question(witness, each.size, probe=witness.in_trouble))
        return found

    async def _show(self, work: "_Session", tenant: TenantId, questions: Sequence[_Question]) -> None:
        """One log's newest checkpoint to some witnesses: all of them the same one, so that a quorum can meet on it."""
        head = await work.reader.head(tenant)
        if head is None:
            return
        waiting: dict[asyncio.Task[None], AskedWitness] = {}
        for question in questions:
            task = asyncio.create_task(self._ask(work, tenant, head, question), name=f"ask-{question.witness.name}")
            self._asks[question.witness.key, tenant] = task
            waiting[task] = question.witness
        clock = asyncio.get_running_loop().time
        end = clock() + _TOGETHER
        while clock() < end and (prompt := [task for task in waiting if waiting[task].prompt and not task.done()]):
            await asyncio.wait(prompt, timeout=POLL)

    async def _ask(self, work: "_Session", tenant: TenantId, head: SignedHead, question: _Question) -> None:
        """Keep what one witness says; nothing when it is away or refuses, or was found so while others were asked."""
        witness = question.witness
        async with witness.turns:
            if witness.in_trouble and not question.probe:
                return
            try:
                lines = await witness.cosignatures(work.http, work.reader, tenant, head, question.old)
            except WitnessAway as away:
                pause = witness.failed(tenant)
                _log.warning("cosigner.witness_away", witness=witness.key, tenant=tenant, pause=pause, error=str(away))
                return
            except (WitnessRefused, NoteMalformed, SignatureWrong) as refused:
                pause = witness.refused(tenant)
                _log.error("cosigner.refused", tenant=tenant, witness=witness.name, sentence=str(refused), pause=pause)
                return
            except TROUBLE:
                raise
            except Exception:
                pause = witness.leave(tenant)
                _log.exception("cosigner.log_in_trouble", tenant=tenant, witness=witness.name, pause=pause)
                return
            witness.cosigned(tenant)
        for line in lines:
            await work.store.keep(tenant, head.checkpoint.size, line, now())

    async def _end_tasks(self) -> None:
        tasks = [*self._shows.values(), *self._asks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._shows.clear()
        self._asks.clear()


class _Session:
    """What one session works with."""

    def __init__(self, store: CosignatureStore, http: httpx2.AsyncClient) -> None:
        self.store = store
        self.reader = SignedReader(store.pool)
        self.http = http


def _clear(tasks: dict[Key, "asyncio.Task[None]"]) -> None:
    """Forget the tasks that have ended. Raises what ended one: the database's trouble, and with it the session's."""
    for key, task in list(tasks.items()):
        if task.done():
            del tasks[key]
            if (error := task.exception()) is not None:
                raise error
