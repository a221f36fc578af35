"""What differs in the ledger between two moments: every contract that stands otherwise, as it stood at both."""

from datetime import datetime

from msgspec import Struct

from domain.identity import MarketplaceId, TenantId
from domain.ledger.row import LedgerRow
from infra.projections.reader import Snapshot
from services.application.queries import AsOf, Queries
from services.application.reading.checks import edition_of
from services.application.reading.moments import beginning_of, moment
from services.application.reading.paging import page
from services.application.views import LedgerRowView, MomentView

UNTOLD = frozenset({"position", "lineage"})
"""Members that differ whenever a record was added; the others say what became different."""


class DifferentView(Struct, kw_only=True, frozen=True):
    """A contract at both moments; `before` is None when it wasn't drafted yet.

    `differs` names the members of the row that are different, `records` the positions that made them so.
    """

    contract: str
    before: LedgerRowView | None
    after: LedgerRowView
    differs: list[str]
    records: list[int]


class DifferenceView(Struct, kw_only=True, frozen=True):
    """A page of what became different after `since` up to and with `until`, by each contract's last record."""

    since: MomentView
    until: MomentView
    items: list[DifferentView]
    next: str | None


async def difference(
    queries: Queries,
    tenant: TenantId,
    marketplace: MarketplaceId | None,
    *,
    since: int | datetime,
    until: AsOf,
    limit: int,
    cursor: str | None,
) -> DifferenceView:
    """The difference of a host's ledger, or of one edition's, between two moments; `until` None is now.

    A contract that changed and changed back is told, with nothing that `differs`.
    """
    async with queries.at(tenant, until) as (snapshot, at):
        if marketplace is not None:
            await edition_of(snapshot, marketplace)
        end = snapshot.position if at is None else at
        start = await beginning_of(queries.log, tenant, since, end)

        async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[LedgerRow]:
            return await snapshot.turned(start, end, marketplace=marketplace, limit=most, after=begin or 0)

        rows, following = await page(snapshot, f"difference-{start}-{end}", cursor, limit, fetch, _stands_at)
        earlier = await snapshot.contracts([row.id for row in rows], start)
        befores = await queries.rows(snapshot, list(earlier.values()), public=False)
        afters = await queries.rows(snapshot, rows, public=False)
        before = {view.id: view for view in befores}
        return DifferenceView(
            since=await moment(queries.log, tenant, start),
            until=await moment(queries.log, tenant, end),
            items=[_view(before.get(view.id), view) for view in afters],
            next=following,
        )


def _stands_at(row: LedgerRow) -> int:
    return row.position


def _view(before: LedgerRowView | None, after: LedgerRowView) -> DifferentView:
    told = set() if before is None else set(before.lineage)
    members = [name for name in after.__struct_fields__ if name not in UNTOLD]
    return DifferentView(
        contract=after.id,
        before=before,
        after=after,
        differs=[name for name in members if getattr(before, name, None) != getattr(after, name)],
        records=[position for position in after.lineage if position not in told],
    )
