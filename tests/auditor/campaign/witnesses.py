"""Three witnesses of the real kind, each with its key and its memory, asked over ASGI as they are over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

from domain.identity import TenantId
from domain.transparency import tiles
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import root_of
from domain.transparency.note import Note, Signature, VerifierKey, parse_signatures
from domain.transparency.paths import consistency, span_hash
from domain.transparency.policy import Policy
from domain.transparency.witnessing import Request
from infra.clock import now
from infra.signing.keys import SigningKey, witness_key
from infra.signing.reader import SignedReader
from infra.signing.witnessed import WitnessBook
from services.witness.app import Witness


@dataclass(frozen=True, slots=True)
class Watching:
    """A witness that knows a log's key."""

    key: SigningKey
    http: httpx2.AsyncClient
    book: WitnessBook

    @classmethod
    def of(cls, number: int, home: Path, log: VerifierKey) -> "Watching":
        """Witness number `number`, its memory below `home`."""
        key = witness_key(bytes([number]) * 32, f"witness.example/w{number}")
        book = WitnessBook(home / f"w{number}")
        book.open()
        app = Witness(key, lambda origin: [log] if origin == log.name else [], book)
        http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://witness")
        return cls(key, http, book)

    async def shown(self, body: bytes) -> httpx2.Response:
        """Its answer to a checkpoint."""
        return await self.http.post("/add-checkpoint", content=body)


def two_of_three(witnesses: Sequence[Watching]) -> Policy:
    """Any two of the three are enough."""
    lines = [f"witness w{number} {each.key.verifier}" for number, each in enumerate(witnesses, 1)]
    return Policy.parse("\n".join([*lines, "group some 2 w1 w2 w3", "quorum some", ""]).encode())


async def cosigned(witness: Watching, signed: SignedReader, tenant: TenantId, old: int) -> Signature:
    """What a witness says of a log's newest checkpoint, shown as the service shows it."""
    head = await signed.head(tenant)
    assert head is not None
    spans = consistency(old, head.checkpoint.size)
    proof = tiles.told(spans, await signed.tiles(tenant, tiles.needed(spans)))
    own = [line for line in head.note.signatures if line.name == head.checkpoint.origin]
    answer = await witness.shown(Request(old, tuple(proof), str(Note(head.note.text, own)).encode()).text())
    assert answer.status_code == 200, answer.text
    (line,) = parse_signatures(answer.text)
    return line


async def refused(witness: Watching, key: SigningKey, leaves: Sequence[bytes], seen: int) -> bool:
    """Whether a witness that has cosigned `seen` records refuses another history, however it is shown."""
    size = len(leaves)
    point = Checkpoint(key.verifier.name, size, root_of(leaves)).text()
    note = str(Note(point, [key.sign(point)])).encode()
    answers = []
    for old in {0, min(seen, size)}:
        spans = consistency(old, size)
        proof = tuple(
            span_hash(span, lambda t: root_of(leaves[t.index << t.level : (t.index + 1) << t.level])) for span in spans
        )
        answers.append((await witness.shown(Request(old, proof, note).text())).status_code)
    return all(status in (409, 422) for status in answers)


def colluding(witness: Watching, checkpoint: Checkpoint) -> Signature:
    """The line of a witness whose key the operator has: it cosigns whatever it is told to."""
    return witness.key.cosign(checkpoint.text(), int(now().timestamp()))
