"""Entries that are held decoded: what an entry's bytes say never changes, so nothing has to be held against the log."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TypeAlias

from domain.envelope import Envelope
from infra.event_log.mapper import read_entry

ReadEntry: TypeAlias = Callable[[bytes], Envelope]
"""Reads entry bytes; raises `NameUnknown` and `Malformed` as `read_entry` does."""

HELD = 8_192
"""Entries that are held: those of several minutes in a busy hall."""


class Decoded:
    """Reads entries, and keeps the envelopes of those read or written last. One per process; not for threads."""

    def __init__(self, classes: Mapping[str, type], *, most: int = HELD) -> None:
        self._classes = classes
        self._most = most
        self._held: OrderedDict[bytes, Envelope] = OrderedDict()

    def __call__(self, raw: bytes) -> Envelope:
        """The envelope of entry bytes; raises `NameUnknown` and `Malformed`."""
        held = self._held.get(raw)
        if held is None:
            held = read_entry(raw, self._classes)
            self.keep(raw, held)
        return held

    def keep(self, raw: bytes, envelope: Envelope) -> None:
        """Hold `envelope`, whose bytes are `raw`; what was held longest makes room."""
        if len(self._held) >= self._most:
            self._held.popitem(last=False)  # a plain dict would look for its first one among all that have gone
        self._held[raw] = envelope

    def __len__(self) -> int:
        """How many are held."""
        return len(self._held)
