"""One witness as the cosigner sees it: what it is shown, within which time and bytes, and how it stands.

A witness is somebody else's machine: it may hang, trickle, or never end what it says. A request is bounded as a whole,
and what comes back is taken unpacked and up to a limit.
"""

import asyncio
import re
from collections.abc import Set as AbstractSet

import httpx2

from domain.identity import TenantId
from domain.transparency import tiles
from domain.transparency.cosignature import cosigned_by
from domain.transparency.note import Note, Signature, SignatureWrong, parse_signatures
from domain.transparency.paths import consistency
from domain.transparency.policy import Witness
from domain.transparency.witnessing import SIZE_TYPE, Request
from infra.signing.keys import verify
from infra.signing.reader import SignedHead, SignedReader

ANSWER = 10.0
"""Seconds from a request's beginning to its answer's end."""

MOST_ANSWER = 64 * 1024
"""Bytes of an answer."""

AT_ONCE = 16
"""Requests to one witness under way at the same time."""

_PROMPT = 2.0
"""Seconds after which an answer isn't prompt."""

_LONGEST_PAUSE = 60.0
_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\n")


class WitnessAway(Exception):
    """Nothing came that is an answer."""


class WitnessRefused(Exception):
    """A witness answered, and didn't cosign."""


class AskedWitness:
    """A witness that has an address. It keeps how the witness stands, altogether and with each log."""

    def __init__(self, witness: Witness) -> None:
        self.name = witness.name
        self.key = f"{witness.key.name}+{witness.key.key_id.hex()}"
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.in_trouble = False
        """It didn't answer the last time: one request at a time finds out whether it does again."""
        self.prompt = True
        """It answers soon, so that others may wait for it."""
        self.stumbled_at: TenantId | None = None
        """The log that it was asked about when it didn't answer."""
        self._witness = witness
        self._url = f"{(witness.url or '').rstrip('/')}/add-checkpoint"
        self._pauses: dict[TenantId | None, tuple[float, float]] = {}

    def is_paused(self) -> bool:
        """Whether it is left alone just now."""
        return self._pauses.get(None, (0.0, 0.0))[0] > _clock()

    def paused_logs(self) -> AbstractSet[TenantId]:
        """The logs that it isn't asked about just now."""
        clock = _clock()
        return {tenant for tenant, (until, _) in self._pauses.items() if tenant is not None and until > clock}

    def failed(self, tenant: TenantId) -> float:
        """It didn't answer, and is left alone altogether; returns for how many seconds."""
        self.in_trouble, self.prompt, self.stumbled_at = True, False, tenant
        return self._pause(None)

    def refused(self, tenant: TenantId) -> float:
        """It answered, and of no use for this log, which is then left alone."""
        self._is_there()
        return self.leave(tenant)

    def leave(self, tenant: TenantId) -> float:
        """It isn't asked about a log for some seconds, which are returned."""
        return self._pause(tenant)

    def cosigned(self, tenant: TenantId) -> None:
        """It answered as it should."""
        self._is_there()
        self._pauses.pop(tenant, None)

    async def cosignatures(
        self, http: httpx2.AsyncClient, reader: SignedReader, tenant: TenantId, head: SignedHead, old: int
    ) -> list[Signature]:
        """Its lines under a checkpoint: one request, and a second one from where the witness says that it is.

        Raises `WitnessAway`, `WitnessRefused`, and `NoteMalformed` or `SignatureWrong` for an answer that is none.
        """
        size = head.checkpoint.size
        for _ in range(2):
            status, kind, text = await self._post(http, await _request(reader, tenant, head, min(old, size)))
            if status == httpx2.codes.OK:
                return self._believed(head, text)
            known = _SIZE.fullmatch(text) if kind == SIZE_TYPE else None
            if status != httpx2.codes.CONFLICT or known is None:
                break
            if int(known[1]) > size:
                raise WitnessRefused(f"It has cosigned {known[1]} records of this log; there are {size} now.")
            if int(known[1]) == old:
                raise WitnessRefused(f"It has cosigned {known[1]} records with another root.")
            old = int(known[1])
        raise WitnessRefused(f"It answered {status}: {text[:200]}")

    async def _post(self, http: httpx2.AsyncClient, body: bytes) -> tuple[int, str | None, str]:
        """Status, media type and text of an answer. Raises `WitnessAway`."""
        begun, read = _clock(), bytearray()
        late = asyncio.get_running_loop().call_later(_PROMPT, self._is_late)
        try:
            async with (
                asyncio.timeout(ANSWER),
                http.stream("POST", self._url, content=body, headers={"Accept-Encoding": "identity"}) as answer,
            ):
                async for chunk in answer.aiter_raw():
                    read += chunk
                    if len(read) > MOST_ANSWER:
                        raise WitnessAway(f"Its answer has more than {MOST_ANSWER} bytes.")
        except TimeoutError:
            raise WitnessAway(f"No whole answer within {ANSWER:g} seconds.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise WitnessAway(f"{type(error).__name__}: {error}") from error
        finally:
            late.cancel()
        self.prompt = _clock() - begun <= _PROMPT
        return answer.status_code, answer.headers.get("content-type"), read.decode("utf-8", "replace")

    def _believed(self, head: SignedHead, answer: str) -> list[Signature]:
        """The witness's own lines, if they are over this checkpoint; others' are ignored (tlog-witness)."""
        key = self._witness.key
        note = Note(head.note.text, parse_signatures(answer))
        if not cosigned_by(note, [key], verify):
            raise SignatureWrong("the answer holds no cosignature of this witness")
        return [line for line in note.signatures if (line.name, line.key_id) == (key.name, key.key_id)]

    def _is_late(self) -> None:
        self.prompt = False

    def _is_there(self) -> None:
        self.in_trouble, self.stumbled_at = False, None
        self._pauses.pop(None, None)

    def _pause(self, what: TenantId | None) -> float:
        """Longer each time; what was under way when a pause began doesn't lengthen it."""
        until, pause = self._pauses.get(what, (0.0, 0.0))
        if until <= _clock():
            pause = min(_LONGEST_PAUSE, 2 * pause + 1.0)
            self._pauses[what] = (_clock() + pause, pause)
        return pause


async def _request(reader: SignedReader, tenant: TenantId, head: SignedHead, old: int) -> bytes:
    spans = consistency(old, head.checkpoint.size)
    proof = tiles.told(spans, await reader.tiles(tenant, tiles.needed(spans)))
    own = [line for line in head.note.signatures if line.name == head.checkpoint.origin]
    return Request(old, tuple(proof), str(Note(head.note.text, own)).encode()).text()


def _clock() -> float:
    return asyncio.get_running_loop().time()
