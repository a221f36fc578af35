"""Bundles as a service exports them, and as somebody with bad intentions does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.codec import Malformed, canonical, entry_bytes
from domain.identity import TenantId
from domain.ledger import document
from domain.ledger.digest import digest, in_order, row_line
from domain.ledger.sheet import CSV_HEADER, csv_row
from domain.streaming.explained import explained
from domain.transparency import bundle as members
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import leaf_hash, root_of
from domain.transparency.note import ED25519, Note, Signature, VerifierKey
from domain.transparency.replay import Replay
from domain.transparency.tiling import Tiling
from services.application.bundling.members import Archive
from tests.infra.projections.histories import History

ORIGIN = "handschlag/test"


class Signer:
    """A log's key, made from a seed."""

    def __init__(self, seed: int) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(Random(seed).randbytes(32))
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.vkey = VerifierKey(ORIGIN, ED25519, public)

    def sign(self, checkpoint: Checkpoint) -> bytes:
        """The checkpoint as a signed note."""
        text = checkpoint.text()
        signature = Signature(self.vkey.name, self.vkey.key_id, self._key.sign(text.encode()))
        return str(Note(text, [signature])).encode()


OPERATOR, STRANGER = Signer(1), Signer(2)


@dataclass
class Told:
    """Everything a bundle holds; attacks change members before `write`."""

    entries: list[bytes]
    leaves: list[bytes]
    ledger: list[bytes]
    checkpoint: bytes
    keys: list[str] = field(default_factory=lambda: [str(OPERATOR.vkey)])
    size: int = 0
    root: bytes = b""
    ledger_digest: str = ""
    document: list[bytes] = field(default_factory=list)
    sheet: list[bytes] = field(default_factory=list)
    more: dict[str, bytes] = field(default_factory=dict)
    """Members that stand beside these, or in their place."""
    unnamed: dict[str, bytes] = field(default_factory=dict)
    """Members that the manifest doesn't name."""

    def members(self) -> dict[str, bytes]:
        """Every member but the manifest."""
        head = document.opening("test", ORIGIN, self.size, self.root.hex(), self.ledger_digest)
        return {
            members.CHECKPOINT: self.checkpoint,
            members.KEYS: "".join(f"{key}\n" for key in self.keys).encode(),
            members.ENTRIES: b"".join(entry + b"\n" for entry in self.entries),
            **tiles_of(self.leaves),
            members.LEDGER: b"".join(line + b"\n" for line in self.ledger),
            members.LEDGER_JSON: head + b"".join(self.document) + document.CLOSING,
            members.LEDGER_CSV: CSV_HEADER + b"".join(self.sheet),
            members.SCHEMAS: canonical(explained()),
            **self.more,
        }

    def write(self, path: Path) -> Path:
        """Write the bundle, with a manifest that fits."""
        with path.open("wb") as out:
            archive = Archive(out)
            for name, raw in self.members().items():
                archive.put(name, raw)
            named = dict(archive.told)
            for name, raw in self.unnamed.items():
                archive.put(name, raw)
            manifest = {
                "format": members.FORMAT,
                "tenant": TenantId("test"),
                "origin": ORIGIN,
                "size": self.size,
                "root": self.root.hex(),
                "ledger_digest": self.ledger_digest,
                "members": named,
            }
            archive.put(members.MANIFEST, canonical(manifest))
            archive.close()
        return path


def tiles_of(leaves: Sequence[bytes]) -> dict[str, bytes]:
    """The tiles of a tree of these leaves, by their members' names."""
    tiling = Tiling()
    full = [told for leaf in leaves for told in tiling.add(leaf)]
    return {members.tile_member(tile): raw for tile, raw in (*full, *tiling.rest())}


def signed_over(entries: Sequence[bytes], signer: Signer = OPERATOR) -> bytes:
    """A checkpoint over these entries."""
    return signer.sign(Checkpoint(ORIGIN, len(entries), root_of([leaf_hash(entry) for entry in entries])))


def told_of(entries: list[bytes], signer: Signer = OPERATOR) -> Told:
    """The bundle that an exporter makes of these entries, whatever they are."""
    replay = Replay(ORIGIN)
    for entry in entries:
        list(replay.take(entry))
    rows = in_order(replay.rows.values())
    lines = [row_line(row) for row in rows]
    leaves = [leaf_hash(entry) for entry in entries]
    return Told(
        entries=entries,
        leaves=leaves,
        ledger=lines,
        checkpoint=signed_over(entries, signer),
        keys=[str(signer.vkey)],
        size=len(entries),
        root=root_of(leaves),
        ledger_digest=digest(lines),
        document=[document.row_in_it(line, first=place == 0) for place, line in enumerate(lines)],
        sheet=[csv_row(row) for row in rows],
    )


def history(seed: int, contracts: int = 8) -> list[bytes]:
    """A host's history of some hundred records."""
    told = History(Random(seed))
    edition = told.edition()
    told.open(edition)
    for _ in range(2):
        parties = told.pair(edition)
        for _ in range(contracts // 2):
            told.deal(edition, parties)
    return [entry_bytes(envelope) for envelope in told.told]


__all__ = [
    "OPERATOR",
    "ORIGIN",
    "STRANGER",
    "Malformed",
    "Signer",
    "Told",
    "history",
    "signed_over",
    "tiles_of",
    "told_of",
]
