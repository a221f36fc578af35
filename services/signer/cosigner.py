"""Shows every log's newest checkpoint to the witnesses of a policy, and keeps what they say (C2SP tlog-witness).

It begins where each witness says that it is, so nothing of it has to be remembered. A witness that doesn't answer is
left alone for a while and holds up no other; one that refuses is told loudly: it has seen another history.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import httpx2
import structlog

from domain.identity import TenantId
from domain.transparency import tiles
from domain.transparency.cosignature import cosigned_by
from domain.transparency.note import Note, NoteMalformed, Signature, SignatureWrong, parse_signatures
from domain.transparency.paths import consistency
from domain.transparency.policy import Policy, Witness
from domain.transparency.witnessing import SIZE_TYPE, Request
from infra.clock import now
from infra.postgres.away import TROUBLE
from infra.signing.cosignatures import CosignatureStore
from infra.signing.keys import verify
from infra.signing.reader import SignedHead, SignedReader

POLL = 1.0
"""Seconds between two looks."""

_AT_ONCE = 16
"""Requests under way at the same time."""

_LONGEST_PAUSE = 60.0
_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\n")

_log = structlog.get_logger(__name__)


class WitnessRefused(Exception):
    """A witness answered, and didn't cosign."""


class Cosigner:
    """The collector of cosignatures. `run` until cancelled; of several one works. `url` as the signer's."""

    def __init__(self, url: str, policy: Policy) -> None:
        self._url = url
        self._witnesses: Mapping[str, Witness] = {
            f"{witness.key.name}+{witness.key.key_id.hex()}": witness
            for witness in policy.witnesses.values()
            if witness.url is not None
        }
        self._paused: dict[tuple[str, TenantId | None], tuple[float, float]] = {}
        self._at_once = asyncio.Semaphore(_AT_ONCE)

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
        try:
            async with store.pool.acquire() as turn, httpx2.AsyncClient(timeout=10) as http:
                while True:
                    if await store.claim(turn):
                        break
                    await asyncio.sleep(POLL)
                while True:
                    await self._round(store, http)
                    await asyncio.sleep(POLL)
        finally:
            await store.close()

    async def _round(self, store: CosignatureStore, http: httpx2.AsyncClient) -> None:
        """Look once: every log with something new, every witness that hasn't seen it, side by side."""
        clock = asyncio.get_running_loop().time()
        asked: dict[TenantId, list[tuple[str, int]]] = defaultdict(list)
        for due in await store.due(list(self._witnesses)):
            if not any(self._paused.get((due.key, of), (0.0, 0.0))[0] > clock for of in (None, due.tenant)):
                asked[due.tenant].append((due.key, due.size))
        shown = (self._show(store, http, tenant, witnesses) for tenant, witnesses in asked.items())
        for trouble in await asyncio.gather(*shown, return_exceptions=True):
            if isinstance(trouble, BaseException):
                raise trouble

    async def _show(
        self, store: CosignatureStore, http: httpx2.AsyncClient, tenant: TenantId, witnesses: Sequence[tuple[str, int]]
    ) -> None:
        """One log's newest checkpoint to some witnesses: all of them the same one, so that a quorum can meet on it."""
        async with self._at_once:
            reader = SignedReader(store.pool)
            head = await reader.head(tenant)
            if head is None:
                return
            answers = (self._ask(reader, http, tenant, head, key, old) for key, old in witnesses)
            for lines in await asyncio.gather(*answers):
                for line in lines:
                    await store.keep(tenant, head.checkpoint.size, line, now())

    async def _ask(
        self, reader: SignedReader, http: httpx2.AsyncClient, tenant: TenantId, head: SignedHead, key: str, old: int
    ) -> list[Signature]:
        """What one witness says; nothing when it is away or refuses."""
        witness = self._witnesses[key]
        try:
            lines = await self._hand_in(reader, http, tenant, head, witness, old)
        except (httpx2.HTTPError, NoteMalformed, SignatureWrong) as error:
            self._pause(key, None, f"{type(error).__name__}: {error}")
            return []
        except WitnessRefused as refused:
            _log.error("cosigner.refused", tenant=tenant, witness=witness.name, sentence=str(refused))
            self._pause(key, tenant, str(refused))
            return []
        self._paused.pop((key, None), None)
        self._paused.pop((key, tenant), None)
        return lines

    async def _hand_in(
        self,
        reader: SignedReader,
        http: httpx2.AsyncClient,
        tenant: TenantId,
        head: SignedHead,
        witness: Witness,
        old: int,
    ) -> list[Signature]:
        """One request, and a second one from where the witness says that it is. Raises `WitnessRefused`."""
        size = head.checkpoint.size
        for _ in range(2):
            body = await self._request(reader, tenant, head, min(old, size))
            answer = await http.post(f"{(witness.url or '').rstrip('/')}/add-checkpoint", content=body)
            if answer.status_code == httpx2.codes.OK:
                return self._believed(head, witness, answer.text)
            known = _SIZE.fullmatch(answer.text) if answer.headers.get("content-type") == SIZE_TYPE else None
            if answer.status_code != httpx2.codes.CONFLICT or known is None:
                break
            if int(known[1]) > size:
                raise WitnessRefused(f"It has cosigned {known[1]} records of this log; there are {size} now.")
            if int(known[1]) == old:
                raise WitnessRefused(f"It has cosigned {known[1]} records with another root.")
            old = int(known[1])
        raise WitnessRefused(f"It answered {answer.status_code}: {answer.text[:200]}")

    async def _request(self, reader: SignedReader, tenant: TenantId, head: SignedHead, old: int) -> bytes:
        spans = consistency(old, head.checkpoint.size)
        proof = tiles.told(spans, await reader.tiles(tenant, tiles.needed(spans)))
        own = [line for line in head.note.signatures if line.name == head.checkpoint.origin]
        return Request(old, tuple(proof), str(Note(head.note.text, own)).encode()).text()

    def _believed(self, head: SignedHead, witness: Witness, answer: str) -> list[Signature]:
        """The witness's own lines, if they are over this checkpoint; others' are ignored (tlog-witness)."""
        note = Note(head.note.text, parse_signatures(answer))
        if not cosigned_by(note, [witness.key], verify):
            raise SignatureWrong("the answer holds no cosignature of this witness")
        mine = (witness.key.name, witness.key.key_id)
        return [line for line in note.signatures if (line.name, line.key_id) == mine]

    def _pause(self, key: str, tenant: TenantId | None, why: str) -> None:
        """Leave a witness alone for a while, altogether or with one log."""
        _, before = self._paused.get((key, tenant), (0.0, 0.0))
        pause = min(_LONGEST_PAUSE, 2 * before + 1.0)
        self._paused[key, tenant] = (asyncio.get_running_loop().time() + pause, pause)
        _log.warning("cosigner.witness_away", witness=key, tenant=tenant, pause=pause, error=why)
