"""Tiles while leaves come one after the other: of every level at most one tile is held (C2SP tlog-tiles)."""

from collections.abc import Iterator

from domain.transparency.merkle import root_of
from domain.transparency.tiles import WIDTH, Tile


class Tiling:
    """Makes the tiles of a growing tree, each as soon as it is full; `rest` tells those at the right edge."""

    def __init__(self) -> None:
        self._open: list[list[bytes]] = []
        self._full: list[int] = []

    def add(self, leaf: bytes) -> Iterator[tuple[Tile, bytes]]:
        """The tiles that this leaf hash fills, from the lowest level up; has to be read to the end."""
        level, node = 0, leaf
        while True:
            if level == len(self._open):
                self._open.append([])
                self._full.append(0)
            held = self._open[level]
            held.append(node)
            if len(held) < WIDTH:
                return
            yield Tile(level, self._full[level]), b"".join(held)
            node = root_of(held)
            held.clear()
            self._full[level] += 1
            level += 1

    def rest(self) -> Iterator[tuple[Tile, bytes]]:
        """The partial tiles at the right edge of the tree as it is."""
        for level, held in enumerate(self._open):
            if held:
                yield Tile(level, self._full[level], len(held)), b"".join(held)
