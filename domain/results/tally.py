"""What the board shows of an edition: count and equivalent value, folded from its ledger rows alone."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from domain.frozen import dataclass, replace
from domain.identity import MarketplaceId
from domain.instant import Instant
from domain.ledger.row import LedgerRow, LedgerState, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Certified contracts of one edition: how many, worth how much (cents), and when the first and last came.

    `forms` counts all forms, `at_notary` those in the queue; `unvalued` are counted pledges nobody has valued;
    `from_paper` are certified forms typed in from paper. `revoked`, `annulled` and `repudiated` say why a count fell.
    """

    marketplace: MarketplaceId
    contracts: int = 0
    value_minor: int = 0
    unvalued: int = 0
    one_sided: int = 0
    from_paper: int = 0
    revoked: int = 0
    annulled: int = 0
    repudiated: int = 0
    forms: int = 0
    at_notary: int = 0
    first_certified_at: Instant | None = None
    last_certified_at: Instant | None = None
    position: int = 0


def evolve(tally: Tally, before: LedgerRow | None, after: LedgerRow) -> Tally:
    """The tally after a ledger row changed from `before` to `after`."""
    less = _NOTHING if before is None else _adds(before)
    more = _adds(after)
    changes: dict[str, Any] = {
        name: getattr(tally, name) + number - less[name] for name, number in more.items() if number != less[name]
    }
    if after.counts and after.certified_at is not None:
        changes["first_certified_at"] = min(tally.first_certified_at or after.certified_at, after.certified_at)
        changes["last_certified_at"] = max(tally.last_certified_at or after.certified_at, after.certified_at)
    return replace(tally, position=after.position, **changes)


def _adds(row: LedgerRow) -> Mapping[str, int]:
    """What one row adds to each of the tally's numbers."""
    counts = row.counts
    return {
        "forms": 1,
        "at_notary": row.state is LedgerState.AT_NOTARY,
        "contracts": counts,
        "value_minor": counts * row.value.minor,
        "unvalued": counts * row.value.unvalued,
        "one_sided": counts * row.one_sided,
        "from_paper": counts * (row.source is Source.PAPER),
        "revoked": row.state is LedgerState.VOID,
        "annulled": row.state is LedgerState.ANNULLED,
        "repudiated": row.state is LedgerState.REPUDIATED,
    }


_NOTHING: Mapping[str, int] = defaultdict(int)
