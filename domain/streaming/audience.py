"""For whom a stream is: how much of the records it may tell (the visibility of types and members)."""

from enum import StrEnum


class Audience(StrEnum):
    """Who reads. Each sees all that the ones before it see, and more."""

    PUBLIC = "public"
    """Everybody: a newspaper's ticker, a board in a shop window."""
    PARTNER = "partner"
    """Those the host works with: umbrella organisations, a city's portal. No person's pseudonym."""
    INTERNAL = "internal"
    """The host's own systems: its register of contacts, its auditors. The records as they stand."""

    def includes(self, other: "Audience") -> bool:
        """Whether this audience sees whatever `other` sees."""
        return _RANK[self] >= _RANK[other]


_RANK = {audience: rank for rank, audience in enumerate(Audience)}
