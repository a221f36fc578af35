"""What is asked when partners of an earlier edition are carried over."""

from domain.aggregates import MARKETPLACE, ORGANISATION, PARTICIPATION
from domain.identity import MarketplaceId, StreamId, participation_of
from domain.participation.carrying import CarryOver, Partner, carry_over
from domain.participation.state import Participation
from services.application.work import Work


async def carry_partners_over(work: Work, target: StreamId, command: CarryOver) -> None:
    """Everybody who was welcome at the earlier edition asks to take part in this one: all at once, or nobody."""
    edition, earlier = await work.see_all(MARKETPLACE, (target, command.earlier))
    found: list[Participation | None] = await work.see_all(PARTICIPATION, command.participations)
    before = [participation for participation in found if participation is not None]
    await work.see_all(ORGANISATION, [one.organisation for one in before])
    stand = [await work.standing_for(one.organisation) for one in before]
    states = await work.see_all(ORGANISATION, stand)
    here = await work.see_all(PARTICIPATION, [participation_of(MarketplaceId(target), one) for one in stand])
    partners = [
        Partner(before=one, organisation=organisation, standing=state, here=present)
        for one, organisation, state, present in zip(before, stand, states, here, strict=True)
    ]
    carried, requested = carry_over(command, edition, earlier, partners)
    work.record(target, (carried,))
    for participation, facts in requested.items():
        work.record(participation, facts)
