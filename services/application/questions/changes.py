"""Why an edition's count or value changed between two moments: every step that moved them, with what was recorded."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from domain.identity import MarketplaceId, TenantId, register_of
from domain.ledger.row import LedgerState
from domain.results.changes import Change, ChangeKind, change
from infra.projections.reader import Moved, Snapshot
from services.application.queries import AsOf, Queries
from services.application.reading import shapes
from services.application.reading.checks import edition_of, must_be_told
from services.application.reading.moments import beginning_of, stands_under
from services.application.reading.paging import page
from services.application.views import MomentView, TallyView


class ChangeView(Struct, kw_only=True, frozen=True):
    """A step that moved the figures. `position` is its record, of type `type`; `details` hold what it says.

    `state` is where the contract stands after it; `contracts` (+1, -1, 0), `value_minor` and `unvalued` are by how
    much the board moved.
    """

    position: int
    at: str
    type: str
    details: dict[str, Any]
    contract: str
    number: int | None
    kind: ChangeKind
    state: LedgerState
    contracts: int
    value_minor: int
    unvalued: int


class ChangesView(Struct, kw_only=True, frozen=True):
    """What the board showed at `since` and at `until`, and the changes between: all pages add up to the difference.

    Both are positions; `moment` is that of `until`.
    """

    since: int
    until: int
    before: TallyView
    after: TallyView
    changes: list[ChangeView]
    next: str | None
    moment: MomentView | UnsetType = UNSET


async def changes(
    queries: Queries,
    tenant: TenantId,
    marketplace: MarketplaceId,
    *,
    since: int | datetime,
    until: AsOf,
    limit: int,
    cursor: str | None,
) -> ChangesView:
    """The changes after `since` up to and with `until` (None: now)."""
    async with queries.at(tenant, until) as (snapshot, at):
        edition = await edition_of(snapshot, marketplace)
        await must_be_told(snapshot, register_of(marketplace))
        end = snapshot.position if at is None else at
        start = await beginning_of(queries.log, tenant, since, end)

        async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[Moved]:
            return await snapshot.moved(marketplace, start, end, limit=most, after=begin or 0)

        moved, following = await page(snapshot, "changes", cursor, limit, fetch, _position)
        return ChangesView(
            since=start,
            until=end,
            before=shapes.tally_view(await snapshot.tally(marketplace, start), edition.state.plan),
            after=shapes.tally_view(await snapshot.tally(marketplace, end), edition.state.plan),
            changes=[_view(one, told) for one in moved if (told := change(one.before, one.after)) is not None],
            next=following,
            moment=await stands_under(queries.log, tenant, end),
        )


def _position(moved: Moved) -> int:
    return moved.step.position


def _view(moved: Moved, told: Change) -> ChangeView:
    return ChangeView(
        position=told.position,
        at=moved.step.at,
        type=moved.step.type,
        details=dict(moved.step.details),
        contract=told.contract,
        number=told.number,
        kind=told.kind,
        state=told.state,
        contracts=told.contracts,
        value_minor=told.value_minor,
        unvalued=told.unvalued,
    )
