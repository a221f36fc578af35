"""What the board shows of an edition: count and equivalent value, folded from its ledger rows alone."""

from dataclasses import dataclass

from domain.frozen import replace
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
    counted = _less(tally, before) if before is not None else tally
    counted = _more(counted, after)
    return replace(counted, position=after.position)


def _less(tally: Tally, row: LedgerRow) -> Tally:
    return _moved(tally, row, -1)


def _more(tally: Tally, row: LedgerRow) -> Tally:
    moved = _moved(tally, row, +1)
    if not row.counts or row.certified_at is None:
        return moved
    first = min(filter(None, (tally.first_certified_at, row.certified_at)))
    last = max(filter(None, (tally.last_certified_at, row.certified_at)))
    return replace(moved, first_certified_at=first, last_certified_at=last)


def _moved(tally: Tally, row: LedgerRow, by: int) -> Tally:
    counts = by if row.counts else 0
    return replace(
        tally,
        forms=tally.forms + by,
        at_notary=tally.at_notary + by * (row.state is LedgerState.AT_NOTARY),
        contracts=tally.contracts + counts,
        value_minor=tally.value_minor + counts * row.value.minor,
        unvalued=tally.unvalued + counts * row.value.unvalued,
        one_sided=tally.one_sided + counts * row.one_sided,
        from_paper=tally.from_paper + counts * (row.source is Source.PAPER),
        revoked=tally.revoked + by * (row.state is LedgerState.VOID),
        annulled=tally.annulled + by * (row.state is LedgerState.ANNULLED),
        repudiated=tally.repudiated + by * (row.state is LedgerState.REPUDIATED),
    )
