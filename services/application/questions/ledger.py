"""A page of the ledger as JSON: what programs ask for, without an object for every contract."""

from collections.abc import Sequence
from typing import Unpack

from msgspec import Raw

from domain.identity import MarketplaceId, TenantId
from domain.ledger.row import LedgerRow
from infra.projections.reader import Snapshot
from services.application.queries import LedgerAsked, Queries
from services.application.reading.rows import texts_of
from services.application.views import Page


async def ledger_text(
    queries: Queries, tenant: TenantId, marketplace: MarketplaceId | None = None, **asked: Unpack[LedgerAsked]
) -> Page[Raw]:
    """As `Queries.ledger`, for a reader with a key; each contract is the JSON of its view already."""

    async def told(snapshot: Snapshot, rows: Sequence[LedgerRow]) -> list[Raw]:
        return await texts_of(snapshot, queries.vault, rows)

    return await queries.ledger_as(told, tenant, marketplace, certified_only=False, **asked)
