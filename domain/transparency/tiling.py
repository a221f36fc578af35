"""Tiles while leaves come one after the other: of every level at most one tile is held (C2SP tlog-tiles)."""

from collections.abc import Iterator, Sequence

from domain.transparency.merkle import Edge, grow, perfect_root
from domain.transparency.tiles import HEIGHT, WIDTH, Tile


class Tiling:
    """Makes the tiles of a growing tree, each as soon as it is full; `rest` tells those at the right edge."""

    def __init__(self) -> None:
        self._open: list[list[bytes]] = []
        self._full: list[int] = []

    def add(self, leaf: bytes) -> Sequence[tuple[Tile, bytes]]:
        """The tiles that this leaf hash fills, from the lowest level up."""
        if not self._open:
            self._begin_level()
        leaves = self._open[0]
        leaves.append(leaf)
        return () if len(leaves) < WIDTH else self._filled()

    @property
    def edge(self) -> Edge:
        """The right edge of the tree as it is, from which it can grow on and its root follows."""
        edge: list[bytes | None] = []
        for held in self._open:
            grown = grow(0, (), held)[1]
            edge += [*grown, *[None] * (HEIGHT - len(grown))]
        while edge and edge[-1] is None:
            edge.pop()
        return edge

    def _filled(self) -> list[tuple[Tile, bytes]]:
        tiles: list[tuple[Tile, bytes]] = []
        level = 0
        while len(held := self._open[level]) == WIDTH:
            tiles.append((Tile(level, self._full[level]), b"".join(held)))
            node = perfect_root(held)
            held.clear()
            self._full[level] += 1
            level += 1
            if level == len(self._open):
                self._begin_level()
            self._open[level].append(node)
        return tiles

    def _begin_level(self) -> None:
        self._open.append([])
        self._full.append(0)

    def rest(self) -> Iterator[tuple[Tile, bytes]]:
        """The partial tiles at the right edge of the tree as it is."""
        for level, held in enumerate(self._open):
            if held:
                yield Tile(level, self._full[level], len(held)), b"".join(held)
