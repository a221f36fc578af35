"""How the streams of a history are shared out among processes, and among how many it is worth it."""

import os
import threading
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

MOST = 4
"""Processes unless somebody asks for more: each reads every line, so that more and more of them do the same."""
PAYS = 10_000
"""Records from which it takes longer to judge half of them than to begin another process."""
_EXTRA = 6
"""What the first process does for all, tree and tables, takes a sixth of what judging all records takes."""
_PARTS = 600

_BEFORE, _BEHIND = b'"stream":"', b'","time":"'


@dataclass(frozen=True, slots=True)
class Share:
    """The streams of one process, by a checksum of their ids: those from `first` on to before `last`."""

    first: int
    last: int

    def has(self, raw: bytes) -> bool:
        """Whether an entry is of one of these streams. One that isn't in shape is of some share, and only one.

        The members of an entry in shape end with stream, time, type, v and version, so that the last such piece
        is behind its stream.
        """
        end = raw.rfind(_BEHIND)
        stream = raw[raw.rfind(_BEFORE, 0, end) + len(_BEFORE) : end]
        return self.first <= crc32(stream) % _PARTS < self.last


def shares(processes: int) -> list[Share]:
    """A share for each process; the first one's is smaller."""
    own = max(_PARTS // processes - _PARTS * (processes - 1) // (processes * _EXTRA), 1)
    bounds = [0, *(own + (_PARTS - own) * number // (processes - 1) for number in range(processes - 1)), _PARTS]
    return [Share(first, last) for first, last in pairwise(bounds)]


def can_fork() -> bool:
    """Whether this system makes processes that go on from here."""
    return hasattr(os, "fork") and hasattr(os, "pread")


def useful(records: int) -> int:
    """How many processes verify so many records sooner than one: as many as may run at once, up to four."""
    if records < PAYS or not can_fork() or threading.active_count() > 1:
        return 1
    return min(_processors(), MOST)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
