"""An edition's report as data, as of one position."""

from datetime import date

from msgspec import UNSET, Struct, UnsetType

from domain.identity import MarketplaceId, TenantId, register_of
from domain.marketplace.plan import Counted
from domain.results import report as results
from domain.results.happened import KINDS, happened
from domain.trail.step import TrailStep
from infra.projections.reader import Snapshot
from services.application.queries import AsOf, Queries
from services.application.questions.edition_rows import every_row
from services.application.reading.checks import edition_of, must_be_told
from services.application.reading.moments import stands_under
from services.application.views import MomentView

CHUNK = 1000
"""Steps read at a time."""


class AreaShareView(Struct, kw_only=True, frozen=True):
    """A trading area by its label as of now, with its share of pledges, contracts and value (cents)."""

    area: str
    label: str
    pledges: results.Share
    contracts: results.Share
    value_minor: int
    unvalued: int


class ReportView(Struct, kw_only=True, frozen=True):
    """An edition's report as of `position`. Title, day, venue and areas' labels are told as they are now.

    `value_minor` is the equivalent value in cents of `currency`, of the pledges that are `counted`: an estimate, never
    a donation receipt; `unvalued` of these pledges have none. Every share names what it is a share of. `moment` is told
    where the report was asked for as of one.
    """

    marketplace: str
    title: str
    date: date | None
    venue: str | None
    noun: str
    time_zone: str
    rehearsal: bool
    position: int
    contracts: int
    value_minor: int
    currency: str
    counted: Counted
    unvalued: int
    revoked: int
    annulled: int
    repudiated: int
    areas: list[AreaShareView]
    sides: list[results.SideShare]
    shapes: list[results.ShapeShare]
    sources: list[results.SourceShare]
    slot_minutes: int
    over_time: results.OverTime
    tables: results.AtTheTables
    with_broker: results.Share
    returned: results.Share
    returns: int
    stands_now: list[str]
    moment: MomentView | UnsetType = UNSET


async def report(queries: Queries, tenant: TenantId, marketplace: MarketplaceId, *, as_of: AsOf = None) -> ReportView:
    """The report of one edition."""
    async with queries.at(tenant, as_of) as (snapshot, at):
        edition = await edition_of(snapshot, marketplace)
        await must_be_told(snapshot, register_of(marketplace))
        end = snapshot.position if at is None else at
        plan = edition.state.plan
        told = happened(await _steps(snapshot, marketplace, end))
        found = results.report(await every_row(snapshot, marketplace, end), told, [area.id for area in plan.areas])
        return ReportView(
            marketplace=marketplace,
            title=plan.title,
            date=plan.date,
            venue=plan.venue,
            noun=plan.noun,
            time_zone=plan.time_zone,
            rehearsal=plan.rehearsal,
            position=end,
            contracts=found.contracts,
            value_minor=found.value_minor,
            currency="EUR",
            counted=plan.counted,
            unvalued=found.unvalued,
            revoked=found.revoked,
            annulled=found.annulled,
            repudiated=found.repudiated,
            areas=[_area(area, edition.state.label_of(area.area)) for area in found.areas],
            sides=list(found.sides),
            shapes=list(found.shapes),
            sources=list(found.sources),
            slot_minutes=results.SLOT_MINUTES,
            over_time=found.over_time,
            tables=found.tables,
            with_broker=found.with_broker,
            returned=found.returned,
            returns=found.returns,
            stands_now=["title", "date", "venue", "noun", "time_zone", "counted", "areas.label"],
            moment=await stands_under(queries.log, tenant, at),
        )


def _area(share: results.AreaShare, label: str) -> AreaShareView:
    return AreaShareView(
        area=share.area,
        label=label,
        pledges=share.pledges,
        contracts=share.contracts,
        value_minor=share.value_minor,
        unvalued=share.unvalued,
    )


async def _steps(snapshot: Snapshot, marketplace: MarketplaceId, at: int) -> list[TrailStep]:
    steps: list[TrailStep] = []
    while True:
        after = steps[-1].position if steps else 0
        chunk = await snapshot.steps_of_marketplace(marketplace, KINDS, at, limit=CHUNK, after=after)
        steps += chunk
        if len(chunk) < CHUNK:
            return steps
