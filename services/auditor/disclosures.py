"""Opening commitments: values that were disclosed with the bundle, compared with what their records committed to."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from domain.codec import Malformed, parse
from domain.transparency import bundle as members
from domain.transparency.commitment import opens
from domain.transparency.replay import Finding
from services.auditor.bundle import MAX_LINE, Bundle, Unreadable, told_line

_SHAPE = {"position": int, "field": str, "salt": str, "value": str}


def of_bundle(bundle: Bundle) -> "Openings":
    """What was disclosed with the bundle."""
    return Openings(bundle.lines(members.DISCLOSURES) if members.DISCLOSURES in bundle.names else iter(()))


def of_file(path: Path | None) -> "Openings":
    """What was disclosed by itself, in a file."""
    return Openings(iter(()) if path is None else _lines(path))


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE):
            if not line.endswith(b"\n"):
                raise Unreadable(path.name, "a line is too long or isn't ended")
            yield line[:-1]


class Openings:
    """Disclosures stand in the order of positions, so that they are read along with the records. `opened` counts."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.opened = 0
        self._trouble: Unreadable | None = None
        self._lines = lines
        self._next = self._read()

    @property
    def waiting(self) -> bool:
        """Whether there is anything to be opened yet."""
        return self._next is not None

    def at(self, position: int, raw: bytes) -> Iterable[Finding]:
        """Open what was disclosed of the record at `position`, whose bytes are `raw`; has to be read to the end."""
        if self._next is None or self._next["position"] > position:
            return ()
        return self._at(position, raw)

    def _at(self, position: int, raw: bytes) -> Iterator[Finding]:
        sealed = _sealed(raw)
        while self._next is not None and self._next["position"] <= position:
            told, self._next = self._next, self._read()
            yield from self._open(position, sealed, told)

    def end(self) -> Iterator[Finding]:
        """What is disclosed of no record, or can't be read."""
        if self._next is not None:
            said = "A value is disclosed of a record that isn't there."
            yield Finding("nothing-sealed", None, said)
        if self._trouble is not None:
            yield Finding("member-unreadable", None, f"{self._trouble.member}: {self._trouble}.")

    def _open(self, position: int, sealed: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Finding]:
        field = told["field"]
        committed = sealed.get(field)
        if told["position"] != position:
            yield Finding("disclosures-out-of-order", position, "Disclosures don't stand in the order of records.")
        elif not isinstance(committed, str):
            yield Finding("nothing-sealed", position, f"The record has no sealed {field}.")
        elif not _opens(committed, told):
            yield Finding("disclosure-differs", position, f"The disclosed {field} isn't what the record committed to.")
        else:
            self.opened += 1

    def _read(self) -> dict[str, Any] | None:
        """The next disclosure; None at the end, and behind a line that can't be read."""
        try:
            line = next(self._lines, None)
            return None if line is None else _told(line)
        except Unreadable as error:
            self._trouble = error
            return None


def _told(line: bytes) -> dict[str, Any]:
    told = told_line(members.DISCLOSURES, line)
    if not isinstance(told, dict) or any(not isinstance(told.get(key), kind) for key, kind in _SHAPE.items()):
        raise Unreadable(members.DISCLOSURES, "a disclosure names position, field, salt and value")
    return told


def _sealed(raw: bytes) -> Mapping[str, Any]:
    try:
        entry = parse(raw)
    except Malformed:
        return {}
    sealed = entry.get("sealed") if isinstance(entry, dict) else None
    return sealed if isinstance(sealed, dict) else {}


def _opens(committed: str, told: Mapping[str, Any]) -> bool:
    try:
        return opens(committed, bytes.fromhex(told["salt"]), told["value"], told["field"])
    except ValueError:
        return False
