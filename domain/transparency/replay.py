"""Replaying a history from its raw entries: what an auditor checks with nothing but the bytes (DESIGN §2, journey 3).

Bytes are hashed before they are parsed. Each entry must be canonical, of this log, the next of its stream, and able to
follow what came before; the ledger is folded from them as the service folds it, so that rows can be compared.
"""

from collections.abc import Iterator, Mapping, Sequence

from domain.identity import MarketplaceId
from domain.names import CLASSES
from domain.transparency.merkle import Edge, leaf_hash
from domain.transparency.streams import Counted, Finding, Streams
from domain.transparency.tiles import Tile
from domain.transparency.tiling import Tiling

__all__ = ["Counted", "Finding", "Replay"]


class Replay(Streams):
    """Takes the entries of one log in their order and tells what is wrong with each.

    It keeps the state of every stream, the ledger's rows and the tree.
    """

    def __init__(self, origin: str, classes: Mapping[str, type] = CLASSES) -> None:
        super().__init__(origin, classes)
        self.size = 0
        self.tree = Tiling()
        """Over the entries' leaf hashes."""
        self.filled: Sequence[tuple[Tile, bytes]] = ()
        """The tiles that the last entry filled."""

    def take(self, raw: bytes) -> Sequence[Finding]:
        """Take the entry at the next position; what is wrong with it."""
        self.pass_by(raw)
        return self.judge(self.size, raw)

    def pass_by(self, raw: bytes) -> None:
        """Put the entry at the next position into the tree, and leave its stream to somebody else."""
        self.filled = self.tree.add(leaf_hash(raw))
        self.size += 1

    @property
    def edge(self) -> Edge:
        """The right edge of the tree over the entries that were taken."""
        return self.tree.edge

    def counted(self, marketplace: MarketplaceId, at: int) -> Counted:
        """What the ledger counted of an edition as of position `at`."""
        return self.across.counted(marketplace, at)

    def numbers(self) -> Iterator[Finding]:
        """After the last entry: every certified contract has the register's number, and no number goes elsewhere."""
        return self.across.numbers()
