"""Whether a log's head is what has grown from the last signed one: recomputed from the entries' bytes, or refused.

This is what a signature means. Nothing here reads or writes; the signer hands in what it has read.
"""

from collections.abc import Iterable

from domain.transparency.merkle import Edge, grow_telling, leaf_hash, root
from domain.transparency.tiles import HEIGHT, WIDTH
from infra.signing.memory import Promise
from infra.signing.store import Hashes, Signed

_LEVELS = range(0, 64, HEIGHT)


class HeadRefused(Exception):
    """Something in the log isn't as it was signed. `kind` lasts; the message is for the operator and the auditor."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


class Growing:
    """A log from its last signed state on, entry by entry. It keeps `promise`, if it reaches so far."""

    def __init__(self, signed: Signed | None, promise: Promise | None) -> None:
        self.size = 0 if signed is None else signed.size
        self.edge: Edge = () if signed is None else signed.edge
        self.hashes: list[Hashes] = []
        self._promise = promise
        if signed is not None and root(signed.edge) != signed.root:
            raise HeadRefused("state-differs", "The signer's own right edge doesn't give the root that it has signed.")
        self._keep()

    def take(self, entries: Iterable[tuple[int, bytes]]) -> None:
        """Take the next entries, with their positions. Raises `HeadRefused`."""
        leaves: list[bytes] = []
        for position, raw in entries:
            if position != self.size + len(leaves) + 1:
                raise HeadRefused("entry-missing", f"The record at position {self.size + len(leaves) + 1} is missing.")
            leaves.append(leaf_hash(raw))
            if self._promise is not None and position == self._promise.size:
                self._grow(leaves)
                self._keep()
                leaves = []
        self._grow(leaves)

    def _grow(self, leaves: list[bytes]) -> None:
        (size, edge), told = grow_telling(self.size, self.edge, leaves, _LEVELS)
        for level, hashes in enumerate(told):
            self.hashes += _in_tiles(level, self.size >> HEIGHT * level, hashes)
        self.size, self.edge = size, edge

    def _keep(self) -> None:
        if self._promise is not None and self.size == self._promise.size and root(self.edge) != self._promise.root:
            raise HeadRefused(
                "history-differs",
                f"The first {self.size} records aren't those that were signed: their root is another now.",
            )

    def arrive(self, size: int, edge: Edge) -> bytes:
        """Check that this is the head, and answer its root. Raises `HeadRefused`."""
        if size < self.size or (self._promise is not None and size < self._promise.size):
            promised = max(self.size, 0 if self._promise is None else self._promise.size)
            raise HeadRefused("tail-missing", f"{promised} records were signed, and the log has {size} now.")
        if size > self.size:
            raise HeadRefused("entry-missing", f"The record at position {self.size + 1} is missing.")
        if list(edge) != list(self.edge):
            raise HeadRefused("head-differs", f"The head of {size} records isn't what their bytes come to.")
        return root(self.edge)


def _in_tiles(level: int, first: int, hashes: list[bytes]) -> list[Hashes]:
    """The new hashes of a level, cut at the borders of tiles."""
    found: list[Hashes] = []
    at = 0
    while at < len(hashes):
        until = at + WIDTH - (first + at) % WIDTH
        found.append(Hashes(level, first + at, b"".join(hashes[at:until])))
        at = until
    return found
