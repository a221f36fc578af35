"""All ledger rows of one edition, a page at a time: the largest known marketplace had 453 contracts."""

from domain.identity import MarketplaceId
from domain.ledger.row import LedgerRow
from infra.projections.reader import Snapshot

PAGE = 500


async def every_row(snapshot: Snapshot, marketplace: MarketplaceId, at: int | None = None) -> list[LedgerRow]:
    """Every row of the edition as of position `at` (None: now), in the order in which the forms were drafted."""
    rows: list[LedgerRow] = []
    after: int | None = None
    while page := await snapshot.ledger(limit=PAGE, at=at, marketplace=marketplace, after=after):
        rows += page
        after = page[-1].lineage[0]
    return rows
