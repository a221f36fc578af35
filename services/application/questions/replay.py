"""One negotiation step by step: what lay on the table after each record, and who had to answer."""

from msgspec import Struct

from domain.aggregates import NEGOTIATION
from domain.identity import NegotiationId, TenantId, contract_of
from domain.negotiation.state import Agreed, Ended, Negotiation, Proposed
from domain.refusal import NotThere
from services.application.queries import Queries
from services.application.reading import trails
from services.application.reading.names import Names
from services.application.reading.rows import pledge_view
from services.application.views import PledgeView, TrailStepView

MOST = 1_000
"""Steps of one negotiation that are replayed."""


class ReplayedView(Struct, kw_only=True, frozen=True):
    """The table after one step. `state` is proposed, agreed or ended; `awaited` have to answer what lies on it."""

    number: int
    step: TrailStepView
    state: str
    pledges: list[PledgeView]
    proposer: str | None
    awaited: list[str]
    broker: str | None


class ReplayView(Struct, kw_only=True, frozen=True):
    """A negotiation replayed from its records, from the first word to the last."""

    negotiation: str
    steps: list[ReplayedView]


async def replay(queries: Queries, tenant: TenantId, negotiation: NegotiationId) -> ReplayView:
    """Replay a negotiation from the log itself; the views tell only who is who."""
    recorded = (await queries.log.read(tenant, None, [negotiation])).streams[negotiation][:MOST]
    if not recorded or not recorded[0].envelope.type.startswith(NEGOTIATION.prefix):
        raise NotThere
    await queries.wait_for(tenant, recorded[-1].position)
    async with queries.at(tenant, None) as (snapshot, _):
        names = Names(snapshot, queries.vault)
        case = await snapshot.trail(contract_of(negotiation), limit=MOST)
        steps = await trails.told([step for step in case if step.stream == negotiation], names, public=False)
        told = {step.position: step for step in steps}
        await names.ask([recorded[0].envelope.data.marketplace])
        state = NEGOTIATION.nothing
        replayed: list[ReplayedView] = []
        for number, each in enumerate(recorded, 1):
            state = NEGOTIATION.evolve(state, each.envelope.data)
            replayed.append(_view(number, told[each.position], state, names))
        return ReplayView(negotiation=negotiation, steps=replayed)


def _view(number: int, step: TrailStepView, state: Negotiation, names: Names) -> ReplayedView:
    table = state if isinstance(state, Proposed) else None
    laid = state.terms.pledges if isinstance(state, Proposed | Agreed) else ()
    return ReplayedView(
        number=number,
        step=step,
        state="agreed" if isinstance(state, Agreed) else "ended" if isinstance(state, Ended) else "proposed",
        pledges=[
            pledge_view(place, pledge, names.label(state.marketplace, pledge.area)) for place, pledge in enumerate(laid)
        ],
        proposer=table.proposer if table else None,
        awaited=sorted(table.awaited) if table else [],
        broker=state.broker if isinstance(state, Proposed | Agreed) else None,
    )
