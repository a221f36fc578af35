"""The follow-up desk: whom to call about which contract, how old it is, and how far the edition has come."""

from datetime import date

from msgspec import UNSET, Struct, UnsetType

from domain.identity import MarketplaceId, TenantId
from domain.instant import Instant
from domain.ledger.row import LedgerRow, LedgerState
from domain.marketplace.plan import Plan
from domain.results.follow_up import partition
from services.application.queries import AsOf, Queries
from services.application.questions.edition_rows import every_row
from services.application.reading.checks import edition_of
from services.application.reading.deadlines import first_contact_due, local_day, overdue
from services.application.reading.moments import moment_of, stands_under
from services.application.views import LedgerRowView, MomentView

OPEN = frozenset({LedgerState.CERTIFIED, LedgerState.RUNNING, LedgerState.DISPUTED, LedgerState.REPUDIATED})
"""The states in which something is still to be learned of a contract."""


class FollowUpView(Struct, kw_only=True, frozen=True):
    """The partition of an edition's contracts that count; `contracts` is the denominator of the rate.

    `done_percent` has one decimal and is None where no contract counts. It is so as of `position`, on `day` in the
    edition's zone; `moment` where it was asked for as of one.
    """

    marketplace: str
    day: date
    contracts: int
    done: int
    partly_done: int
    running: int
    never_in_contact: int
    not_feasible: int
    disputed: int
    not_asked: int
    done_percent: str | None
    position: int
    moment: MomentView | UnsetType = UNSET


class ToCallView(Struct, kw_only=True, frozen=True):
    """A contract to be followed up. `age_days` counts calendar days since it was certified.

    `first_contact_due` is the last day for the first contact, `first_contact_overdue` that it passed unrecorded.
    Of pledges: `due` are those whose last day has come, `not_due_yet` those whose first is still to come.
    """

    age_days: int
    first_contact_due: date | None
    first_contact_overdue: bool
    due: list[int]
    not_due_yet: list[int]
    contract: LedgerRowView


class ToCallPage(Struct, kw_only=True, frozen=True):
    """Whom to call, the oldest contract first."""

    marketplace: str
    day: date
    items: list[ToCallView]
    position: int


async def follow_up(
    queries: Queries, tenant: TenantId, marketplace: MarketplaceId, *, as_of: AsOf = None
) -> FollowUpView:
    """How far the edition has come, as of a position or time."""
    moment = await moment_of(queries.log, tenant, as_of)
    async with queries.at(tenant, as_of) as (snapshot, at):
        plan = (await edition_of(snapshot, marketplace)).state.plan
        told = partition(await every_row(snapshot, marketplace, at))
        rate = told.done_per_mille
        return FollowUpView(
            marketplace=marketplace,
            day=local_day(moment, plan.time_zone),
            contracts=told.contracts,
            done=told.done,
            partly_done=told.partly_done,
            running=told.running,
            never_in_contact=told.never_in_contact,
            not_feasible=told.not_feasible,
            disputed=told.disputed,
            not_asked=told.not_asked,
            done_percent=None if rate is None else f"{rate // 10}.{rate % 10}",
            position=snapshot.position if at is None else at,
            moment=await stands_under(queries.log, tenant, at),
        )


async def to_call(
    queries: Queries, tenant: TenantId, marketplace: MarketplaceId, *, state: LedgerState | None = None
) -> ToCallPage:
    """Contracts of which something is still to be learned, the oldest first; or all those in one `state`."""
    moment = await moment_of(queries.log, tenant, None)
    async with queries.at(tenant, None) as (snapshot, _):
        plan = (await edition_of(snapshot, marketplace)).state.plan
        day = local_day(moment, plan.time_zone)
        rows = [row for row in await every_row(snapshot, marketplace) if _to_be_called(row, state)]
        rows.sort(key=lambda row: (row.certified_at or "", row.number or 0))
        views = await queries.rows(snapshot, rows, public=False)
        return ToCallPage(
            marketplace=marketplace,
            day=day,
            items=[_to_call(row, view, plan, moment) for row, view in zip(rows, views, strict=True)],
            position=snapshot.position,
        )


def _to_be_called(row: LedgerRow, state: LedgerState | None) -> bool:
    return row.state is state if state is not None else row.state in OPEN


def _to_call(row: LedgerRow, view: LedgerRowView, plan: Plan, moment: Instant) -> ToCallView:
    day, zone = local_day(moment, plan.time_zone), plan.time_zone
    certified = row.certified_at or row.drafted_at
    due = first_contact_due(certified, zone, row.first_contact_days or plan.first_contact_days)
    open_ones = [place for place, known in enumerate(row.progress) if not known.settled(row.pledges[place])]
    return ToCallView(
        age_days=(day - local_day(certified, zone)).days,
        first_contact_due=None if row.first_contact_made else due,
        first_contact_overdue=not row.first_contact_made and overdue(due, zone, moment),
        due=[place for place in open_ones if _on_or_before(row.pledges[place].due_until, day)],
        not_due_yet=[place for place in open_ones if _after(row.pledges[place].due_from, day)],
        contract=view,
    )


def _on_or_before(last: date | None, day: date) -> bool:
    return last is not None and last <= day


def _after(first: date | None, day: date) -> bool:
    return first is not None and first > day
