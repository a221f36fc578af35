"""What a log can show of itself: checkpoints, tiles, proofs, receipts, and what they are worth today.

Everything stands under what was *signed*: what has been recorded since is not shown here yet. Checkpoints, tiles of
hashes, proofs and the status are for everybody; entries are given out by whoever asks us, to whom they may.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from domain.identity import TenantId
from domain.refusal import NotThere, Refusal
from domain.transparency import tiles
from domain.transparency.cosignature import cosigned_by
from domain.transparency.note import SignatureWrong, VerifierKey
from domain.transparency.paths import Span, consistency, inclusion
from domain.transparency.policy import NONE, Policy
from domain.transparency.proof import Proof
from domain.transparency.tiles import Tile
from infra.clock import now
from infra.event_log.outcomes import RecordedBytes
from infra.event_log.store import EventLog
from infra.postgres.tenancy import find_tenant
from infra.signing.keys import verify
from infra.signing.reader import SignedHead, SignedReader, Trouble
from services.application.asking import Caller


class CheckpointPending(Refusal):
    """This is not under a signed checkpoint yet. Ask again in a second; if it stays so, the log's status says why."""


class RecordOfAnother(Refusal):
    """You took no part in what this record belongs to. Its receipt is for those who did, and for auditors."""


class InclusionView(Struct, kw_only=True, frozen=True):
    """That the record at `position` is leaf `index` of the tree of `size` records (RFC 6962 §2.1.1); hashes in hex."""

    position: int
    index: int
    size: int
    root: str
    leaf_hash: str
    hashes: Sequence[str]


class ConsistencyView(Struct, kw_only=True, frozen=True, rename={"from_": "from"}):
    """That the tree of `to` records continues that of `from` records (RFC 6962 §2.1.2); hashes in hex."""

    from_: int
    to: int
    from_root: str
    to_root: str
    hashes: Sequence[str]


class WitnessView(Struct, kw_only=True, frozen=True):
    """A witness that this service asks, and how far it has cosigned."""

    name: str
    key: str
    size: int | None
    at: datetime | None


class CosignedView(Struct, kw_only=True, frozen=True):
    """The newest checkpoint that a quorum of witnesses has cosigned."""

    size: int
    root: str
    at: datetime
    age_seconds: int


class TroubleView(Struct, kw_only=True, frozen=True):
    """Why nothing is signed any more."""

    kind: str
    sentence: str
    since: datetime


class LogStatusView(Struct, kw_only=True, frozen=True):
    """Where a log stands: what is recorded, signed and cosigned, by which keys, and what that is worth."""

    origin: str
    recorded: int
    size: int
    root: str
    signed_at: datetime
    age_seconds: int
    keys: Sequence[str]
    quorum: str
    witnesses: Sequence[WitnessView]
    cosigned: CosignedView | None
    trouble: TroubleView | None
    standing: str


class Proofs:
    """Answers for every log of this service. `policy` names the witnesses that are asked."""

    def __init__(self, log: EventLog, policy: Policy | None = None) -> None:
        self._log = log
        self._policy = policy or Policy()
        self._signed = SignedReader(log.pool)

    async def head(self, tenant: TenantId, size: int | None = None) -> SignedHead:
        """The newest checkpoint, or the one that was signed at `size`."""
        found = await self._signed.head(tenant, size)
        if found is None:
            if size is None and await find_tenant(self._log.pool, tenant) is not None:
                raise CheckpointPending
            raise NotThere
        return found

    async def cosigned(self, tenant: TenantId, up_to: int | None = None) -> SignedHead | None:
        """The newest checkpoint (of at most `up_to` records) with a quorum; None without one, or without witnesses."""
        if self._policy.quorum == NONE:
            return None
        for head in await self._signed.cosigned(tenant, up_to):
            if self._policy.met_by(self._cosigners(head)):
                return head
        return None

    async def older(self, tenant: TenantId, size: int, most: int) -> list[SignedHead]:
        """What was signed of fewer than `size` records, the oldest first: at most `most`, in even steps."""
        return await self._signed.before(tenant, size, most)

    def _cosigners(self, head: SignedHead) -> list[VerifierKey]:
        keys = [witness.key for witness in self._policy.witnesses.values()]
        try:
            return [each.key for each in cosigned_by(head.note, keys, verify)]
        except SignatureWrong:
            return []

    async def tile(self, tenant: TenantId, tile: Tile) -> bytes:
        """The hashes of a tile that the signed tree has."""
        if not tiles.exists(tile, await self._size(tenant)):
            raise NotThere
        whole = Tile(tile.level, tile.index)
        return (await self._signed.tiles(tenant, [whole]))[whole][: tile.width * 32]

    async def bundle(self, tenant: TenantId, tile: Tile) -> bytes:
        """The entries of a tile that the signed tree has."""
        if not tiles.exists(tile, await self._size(tenant)):
            raise NotThere
        entries = await self._log.page(tenant, tile.index * tiles.WIDTH, tile.width)
        return tiles.bundle(entry.bytes for entry in entries)

    async def inclusion(self, tenant: TenantId, position: int, size: int | None) -> InclusionView:
        """The proof for a position under the newest checkpoint, or under any smaller tree."""
        signed = await self._size(tenant)
        of = signed if size is None else size
        if position > of and size is None:
            await self._must_be_recorded(tenant, position)
        if not 1 <= position <= of <= signed:
            raise NotThere
        leaf = Span(position - 1, position)
        *hashes, found, root = await self._hashes(tenant, [*inclusion(position - 1, of), leaf, Span(0, of)])
        return InclusionView(
            position=position,
            index=position - 1,
            size=of,
            root=root.hex(),
            leaf_hash=found.hex(),
            hashes=[each.hex() for each in hashes],
        )

    async def consistency(self, tenant: TenantId, old: int, new: int | None) -> ConsistencyView:
        """The proof that a tree continues a smaller one; up to the newest checkpoint when `new` isn't told."""
        signed = await self._size(tenant)
        to = signed if new is None else new
        if not 0 <= old <= to <= signed:
            raise NotThere
        spans = [*consistency(old, to), Span(0, old), Span(0, to)]
        *hashes, from_root, to_root = await self._hashes(tenant, spans)
        return ConsistencyView(
            from_=old,
            to=to,
            from_root=from_root.hex(),
            to_root=to_root.hex(),
            hashes=[each.hex() for each in hashes],
        )

    async def receipt(self, tenant: TenantId, position: int, caller: Caller, *, reads_all: bool) -> bytes:
        """The record's entry and its proof, as one tlog-proof: the entry's bytes are its `extra` data.

        It stands under the newest checkpoint that a quorum has cosigned, if the record is in it, or else under the
        newest one. Raises `RecordOfAnother` unless the caller `reads_all` or took part in the record's stream.
        """
        size = await self._size(tenant)
        entries = await self._log.page(tenant, position - 1, 1) if position >= 1 else []
        if not entries:
            raise NotThere
        if not reads_all and not await self._took_part(tenant, entries[0], caller):
            raise RecordOfAnother
        if position > size:
            raise CheckpointPending
        head = await self.cosigned(tenant)
        if head is None or head.checkpoint.size < position:
            head = await self.head(tenant)
        hashes = await self._hashes(tenant, inclusion(position - 1, head.checkpoint.size))
        return Proof(position - 1, tuple(hashes), str(head.note).encode(), entries[0].bytes).text()

    async def _took_part(self, tenant: TenantId, entry: RecordedBytes, caller: Caller) -> bool:
        read = await self._log.read(tenant, None, [entry.stream])
        return any(recorded.envelope.actor.id == caller.member for recorded in read.streams[entry.stream])

    async def _hashes(self, tenant: TenantId, spans: Sequence[Span]) -> list[bytes]:
        return tiles.told(spans, await self._signed.tiles(tenant, tiles.needed(spans)))

    async def _size(self, tenant: TenantId) -> int:
        size = await self._signed.size(tenant)
        if size is None:
            await self.head(tenant)
            raise CheckpointPending
        return size

    async def _must_be_recorded(self, tenant: TenantId, position: int) -> None:
        """Tell what isn't signed yet from what isn't there."""
        if position <= (await self._log.head(tenant)).size:
            raise CheckpointPending

    async def keys(self, tenant: TenantId | None) -> str:
        """The verifier keys, a vkey a line; those that sign no more stand behind a #."""
        lines = [
            key.vkey if key.retired_at is None else f"# signs no more since {key.retired_at:%Y-%m-%d}: {key.vkey}"
            for key in await self._signed.keys(tenant)
        ]
        return "".join(f"{line}\n" for line in lines)

    async def troubles(self) -> list[Trouble]:
        """The logs for which nothing is signed any more."""
        return await self._signed.troubles()

    async def status(self, tenant: TenantId) -> LogStatusView:
        """Where a log stands, and what that is worth."""
        head = await self.head(tenant)
        cosigned = await self.cosigned(tenant)
        troubles = await self._signed.troubles(tenant)
        reached = await self._signed.witnesses(tenant)
        moment = now()
        witnesses = []
        for witness in self._policy.witnesses.values():
            size, at = reached.get(f"{witness.key.name}+{witness.key.key_id.hex()}", (None, None))
            witnesses.append(WitnessView(name=witness.name, key=str(witness.key), size=size, at=at))
        return LogStatusView(
            origin=head.checkpoint.origin,
            recorded=(await self._log.head(tenant)).size,
            size=head.checkpoint.size,
            root=head.checkpoint.root.hex(),
            signed_at=head.signed_at,
            age_seconds=_age(head.signed_at, moment),
            keys=[key.vkey for key in await self._signed.keys(tenant) if key.retired_at is None],
            quorum=self._quorum(),
            witnesses=witnesses,
            cosigned=None if cosigned is None else self._cosigned_view(cosigned, moment),
            trouble=None if not troubles else _trouble_view(troubles[0]),
            standing=self._standing(cosigned, troubles),
        )

    def _cosigned_view(self, head: SignedHead, moment: datetime) -> CosignedView:
        keys = [witness.key for witness in self._policy.witnesses.values()]
        at = datetime.fromtimestamp(max(each.time for each in cosigned_by(head.note, keys, verify)), moment.tzinfo)
        return CosignedView(
            size=head.checkpoint.size, root=head.checkpoint.root.hex(), at=at, age_seconds=_age(at, moment)
        )

    def _quorum(self) -> str:
        group = self._policy.groups.get(self._policy.quorum)
        if group is None:
            return self._policy.quorum
        return f"{group.least} of {len(group.members)}"

    def _standing(self, cosigned: SignedHead | None, troubles: Sequence[Trouble]) -> str:
        """What an operator could still rewrite, plainly."""
        refused = "Nothing is signed any more, since the log isn't what was signed. " if troubles else ""
        if self._policy.quorum == NONE:
            return refused + (
                "No witness watches this log. Whoever has both the database and the signing keys could rewrite all of"
                " it, or show different people different histories; only a checkpoint, receipt or bundle that"
                " somebody else has kept would reveal it."
            )
        if cosigned is None:
            return refused + (
                "Witnesses are named, and not enough of them have cosigned yet. Until then, whoever has both the"
                " database and the signing keys could rewrite all of it."
            )
        return refused + (
            f"Enough witnesses ({self._quorum()}) have cosigned the first {cosigned.checkpoint.size} records: they"
            " can't be rewritten without these witnesses. Later records could be, by whoever has both the database"
            " and the signing keys, unless somebody else has kept a checkpoint or receipt of them."
        )


def _age(then: datetime, moment: datetime) -> int:
    return max(0, int((moment - then).total_seconds()))


def _trouble_view(trouble: Trouble) -> TroubleView:
    return TroubleView(kind=trouble.kind, sentence=trouble.sentence, since=trouble.since)
