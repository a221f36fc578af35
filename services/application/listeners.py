"""Places for those who listen: every open stream of a process has one, the API's and the pages' alike.

A stream holds a connection for as long as it lasts, so that places keep what the system lets a process open
(`services.cli.serve.make_room`) from being used up by those who only listen.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from domain.frozen import dataclass
from domain.identity import TenantId
from services.application.trouble import TooManyListeners


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What streams of a process keep to: seconds of `patience` and `lifetime`, `listeners` in all.

    A host has room for half of them, those without a key for a quarter.
    """

    patience: float
    lifetime: float
    listeners: int


class Listeners:
    """Who listens just now. A `stranger` has no key."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._strangers = 0
        self._of: Counter[TenantId] = Counter()

    def must_have_room(self, tenant: TenantId, *, stranger: bool) -> None:
        """Raise `TooManyListeners` when there is no place for one more: asked before a stream is opened."""
        most = self.limits.listeners
        full = self._of.total() >= most or 2 * self._of[tenant] >= max(most, 2)
        if full or (stranger and 4 * self._strangers >= most):
            raise TooManyListeners

    @contextmanager
    def place(self, tenant: TenantId, *, stranger: bool) -> Iterator[None]:
        """A place, for as long as the stream is open. Raises `TooManyListeners`: others may have been faster."""
        self.must_have_room(tenant, stranger=stranger)
        self._of[tenant] += 1
        self._strangers += stranger
        try:
            yield
        finally:
            self._strangers -= stranger
            self._of[tenant] -= 1
            if not self._of[tenant]:
                del self._of[tenant]
