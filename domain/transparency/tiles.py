"""The tree as tiles: how they are called, what they hold, and how a proof is read from them (C2SP tlog-tiles).

The tile `index` at `level` holds the hashes of 256 consecutive subtrees of 256^level leaves each; a partial one, at
the right end of the tree, holds the first `width` of them. A bundle holds the entries of a tile of level 0.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from domain.transparency.merkle import HASH_BYTES, root_of
from domain.transparency.paths import Span, Subtree, span_hash, subtrees

HEIGHT = 8
WIDTH = 256
"""Hashes in a full tile: 2^HEIGHT."""

MOST_LEVEL = 63
ENTRIES = "entries"
MOST_ENTRY = 65_535
"""Bytes that a bundle's uint16 can tell (tlog-tiles, Log entries)."""

_PATH = re.compile(r"([0-9]{1,2}|entries)/((?:x[0-9]{3}/){0,20}[0-9]{3})(?:\.p/([0-9]{1,3}))?")


class TileMalformed(ValueError):
    """No tile is called so, or these bytes are none."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of hashes, or with `level` None a bundle of entries; `width` is 256 when it is full."""

    level: int | None
    index: int
    width: int = WIDTH

    def path(self) -> str:
        """`<L>/<N>[.p/<W>]`: what stands after `tile/` (tlog-tiles, Merkle Tree and Log entries)."""
        level = ENTRIES if self.level is None else str(self.level)
        groups = [f"{self.index % 1000:03}"]
        rest = self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03}")
            rest //= 1000
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{level}/{'/'.join(reversed(groups))}{partial}"

    @classmethod
    def parse(cls, path: str) -> Self:
        """The tile of that name, in the one way that it can be written. Raises `TileMalformed`."""
        named = _PATH.fullmatch(path)
        if named is None:
            raise TileMalformed(f"no tile is called {path[:80]!r}")
        level, index, width = named.groups()
        tile = cls(
            None if level == ENTRIES else int(level),
            int(index.replace("/", "").replace("x", "")),
            WIDTH if width is None else int(width),
        )
        if tile.path() != path or (tile.level or 0) > MOST_LEVEL or not 1 <= tile.width <= WIDTH:
            raise TileMalformed(f"no tile is called {path[:80]!r}")
        return tile


def tiles(size: int) -> Iterator[Tile]:
    """Every tile of hashes of a tree of `size` leaves, level by level; none of the empty tree's (tlog-tiles)."""
    level = 0
    while size:
        full, partial = divmod(size, WIDTH)
        yield from (Tile(level, index) for index in range(full))
        if partial:
            yield Tile(level, full, partial)
        size, level = full, level + 1


def tile_levels(size: int) -> int:
    """How many levels of tiles a tree of `size` leaves has: 0 when it is empty."""
    return (max(size.bit_length(), 1) + HEIGHT - 1) // HEIGHT if size else 0


def exists(tile: Tile, size: int) -> bool:
    """Whether a tree of `size` leaves has as many hashes (or entries) as `tile` is to hold."""
    return tile.index * WIDTH + tile.width <= size >> HEIGHT * (tile.level or 0)


def holding(subtree: Subtree) -> Tile:
    """The tile, as it is called when full, that tells a perfect subtree's hash."""
    level, within = divmod(subtree.level, HEIGHT)
    return Tile(level, subtree.index >> HEIGHT - within)


def needed(spans: Iterable[Span]) -> set[Tile]:
    """The tiles (by their full names) from which the hashes of `spans` can be told."""
    return {holding(subtree) for span in spans for subtree in subtrees(span)}


def told(spans: Iterable[Span], held: Mapping[Tile, bytes]) -> list[bytes]:
    """The hashes of `spans`, put together from tiles. Raises `TileMalformed` when one tells too little."""
    return [span_hash(span, lambda subtree: _subtree_hash(subtree, held)) for span in spans]


def _subtree_hash(subtree: Subtree, held: Mapping[Tile, bytes]) -> bytes:
    tile, within = holding(subtree), subtree.level % HEIGHT
    first = (subtree.index << within) % WIDTH
    hashes = hashes_of(held[tile])[first : first + (1 << within)]
    if len(hashes) != 1 << within:
        raise TileMalformed(f"the tile {tile.path()} is too short for a subtree of level {subtree.level}")
    return root_of(hashes)


def hashes_of(tile: bytes) -> list[bytes]:
    """The hashes that stand in a tile, one after the other. Raises `TileMalformed`."""
    if len(tile) % HASH_BYTES:
        raise TileMalformed("a tile is made of hashes of 32 bytes")
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries, each after its length as a big-endian uint16 (tlog-tiles, Log entries)."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MOST_ENTRY:
            raise ValueError(f"an entry of {len(entry)} bytes doesn't fit into a bundle")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def entries_of(raw: bytes) -> Sequence[bytes]:
    """The entries of a bundle. Raises `TileMalformed` when the last one is cut off."""
    found: list[bytes] = []
    at = 0
    while at < len(raw):
        start = at + 2
        at = start + int.from_bytes(raw[at:start], "big")
        if start > len(raw) or at > len(raw):
            raise TileMalformed("the bundle ends inside an entry")
        found.append(raw[start:at])
    return found
