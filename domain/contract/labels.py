"""Areas on a form: the label that was signed stays, and an area that was retired since stays where it stands."""

from domain.contract.events import AreasLabelled
from domain.frozen import replace
from domain.marketplace.plan import Area, Plan
from domain.marketplace.state import Marketplace
from domain.negotiation.terms import Terms


def labelled(terms: Terms, marketplace: Marketplace) -> tuple[AreasLabelled, ...]:
    """The fact that keeps today's labels of renamed areas that `terms` name; none where all have their first one."""
    named = dict.fromkeys(pledge.area for pledge in terms.pledges)
    areas = tuple(Area(id=area, label=marketplace.label_of(area)) for area in named if marketplace.was_renamed(area))
    return (AreasLabelled(areas=areas),) if areas else ()


def plan_for(written: Terms, marketplace: Marketplace) -> Plan:
    """The plan by which other terms than the `written` ones are judged: areas that stand there may stay."""
    named = {pledge.area for pledge in written.pledges}
    kept = tuple(area for area in marketplace.rules.retired if area.id in named)
    return replace(marketplace.plan, areas=(*marketplace.plan.areas, *kept))
