"""The tiles of a bundle against those that its entries give: all of them, at every level, and no other."""

from collections.abc import Iterable, Iterator

from domain.transparency import bundle as members
from domain.transparency.merkle import HASH_BYTES
from domain.transparency.replay import Finding
from domain.transparency.tiles import WIDTH, Tile
from services.auditor.bundle import Bundle


class TileCheck:
    """Takes the tiles that the entries give. `changed` is the first position whose hash isn't the bundle's."""

    def __init__(self, bundle: Bundle) -> None:
        self.changed: int | None = None
        self._bundle = bundle
        self._seen = 0
        self._wrong: list[str] = []
        self._missing: list[str] = []

    def compare(self, tiles: Iterable[tuple[Tile, bytes]]) -> None:
        """Take the next tiles. Raises `Unreadable` for one that is damaged."""
        for tile, made in tiles:
            self._compare(tile, made)

    def end(self) -> Iterator[Finding]:
        """What is wrong with tiles above the leaves, and with their number."""
        told = sum(name.startswith(members.TILES) for name in self._bundle.names)
        needless = told - self._seen
        if self._missing:
            said = f"{self._missing[0]} and {len(self._missing) - 1} more" if self._missing[1:] else self._missing[0]
            yield Finding("tile-missing", None, f"The records give tiles that aren't in the bundle: {said}.")
        if needless:
            yield Finding("tile-needless", None, f"The bundle has {needless} tiles that its records don't give.")
        if self._wrong:
            yield Finding("tile-differs", None, f"{self._wrong[0]} doesn't hold the hashes that the records give.")

    def _compare(self, tile: Tile, made: bytes) -> None:
        name, told = members.tile_member(tile), self._bundle.tile(tile)
        if told is None:
            self._missing.append(name)
            return
        self._seen += 1
        if told == made:
            return
        place = _first_difference(told, made) if tile.level == 0 else None
        if place is None:
            self._wrong.append(name)
        elif self.changed is None:
            self.changed = tile.index * WIDTH + place + 1


def _first_difference(told: bytes, made: bytes) -> int | None:
    """The number of the first hash of a tile that isn't as it was made; None when there are only more of them."""
    places = range(0, len(made), HASH_BYTES)
    return next((at // HASH_BYTES for at in places if told[at : at + HASH_BYTES] != made[at : at + HASH_BYTES]), None)
