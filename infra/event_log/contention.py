"""Who may go next: commands that get into each other's way go one after the other, in the order they came.

A command claims resources: the streams it writes and its key for itself, the streams it consults together with
other readers. All claims are made at once, in arrival order, and every resource keeps its claimants in line, so
there is no deadlock and no overtaking; each step costs the number of the command's resources, however long the
queue. Because claims last until the command is answered, batches under way at the same time never conflict.
"""

from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Claim:
    """One command's place in the lines: `alone` are resources it must have for itself, `shared` it may share."""

    alone: Sequence[Hashable]
    shared: Sequence[Hashable]
    missing: int = field(default=0, init=False)

    @property
    def granted(self) -> bool:
        """Whether every resource has been given to it."""
        return self.missing == 0


@dataclass(slots=True)
class _Line:
    """One resource: how many hold it, whether one holds it alone, and who waits for it."""

    holders: int
    exclusive: bool
    waiting: deque[tuple[Claim, bool]] | None = None
    """In the order they came; most lines never have anybody who waits."""

    def admits(self, alone: bool) -> bool:
        return self.holders == 0 or not (alone or self.exclusive)

    def admit(self, alone: bool) -> None:
        self.holders += 1
        self.exclusive = alone


class Contention:
    """The lines of one appender. Not for threads."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, _Line] = {}

    def enter(self, claim: Claim) -> bool:
        """Put `claim` into its lines; True when it holds all it wants already."""
        for resource in claim.alone:
            self._claim(resource, claim, alone=True)
        for resource in claim.shared:
            self._claim(resource, claim, alone=False)
        return claim.granted

    def leave(self, claim: Claim) -> list[Claim]:
        """Give back all that `claim` holds (it must have been granted); returns the claims this has granted."""
        granted: list[Claim] = []
        for resource in (*claim.alone, *claim.shared):
            line = self._lines[resource]
            line.holders -= 1
            waiting = line.waiting
            while waiting and line.admits(waiting[0][1]):
                next_claim, alone = waiting.popleft()
                line.admit(alone)
                next_claim.missing -= 1
                if next_claim.granted:
                    granted.append(next_claim)
            if not line.holders:
                del self._lines[resource]
        return granted

    def __len__(self) -> int:
        """How many resources are held or waited for."""
        return len(self._lines)

    def _claim(self, resource: Hashable, claim: Claim, *, alone: bool) -> None:
        line = self._lines.get(resource)
        if line is None:
            self._lines[resource] = _Line(1, alone)
        elif not line.waiting and line.admits(alone):
            line.admit(alone)
        else:
            if line.waiting is None:
                line.waiting = deque()
            line.waiting.append((claim, alone))
            claim.missing += 1
