"""What is asked at the entrance: organisations, participations, listings."""

from domain.aggregates import LISTING, MARKETPLACE, ORGANISATION, PARTICIPATION
from domain.identity import StreamId
from domain.listing import commands as listing
from domain.listing import decisions as listings
from domain.organisation import commands as organisation
from domain.organisation import decisions as organisations
from domain.participation import commands as participation
from domain.participation import decisions as participations
from domain.participation.state import Participation
from domain.refusal import NotThere
from services.application.work import Work


async def change_organisation(work: Work, target: StreamId, command: organisation.Alone) -> None:
    """An organisation registers, names a representative, gives or takes back a mandate."""
    work.personal = getattr(command, "personal", None)
    work.record(target, organisations.decide(await work.see(ORGANISATION, target), command))


async def request_participation(work: Work, target: StreamId, command: participation.RequestParticipation) -> None:
    """An organisation asks to take part."""
    before = await work.see(PARTICIPATION, target)
    edition = await work.see(MARKETPLACE, command.marketplace)
    who = await work.see(ORGANISATION, command.organisation)
    work.record(target, participations.request(command, before, edition, who))


async def change_participation(work: Work, target: StreamId, command: participation.Move) -> None:
    """The host admits, declines, checks in, misses someone; an organisation cancels or comes to a workshop."""
    before = await _participation(work, target)
    work.record(target, participations.decide(before, command, await work.see(MARKETPLACE, before.marketplace)))


async def issue_badge(work: Work, target: StreamId, command: participation.IssueBadge) -> None:
    """A badge is made for someone who speaks for the organisation."""
    before = await _participation(work, target)
    (who,) = await work.see_standing((before.organisation,))
    work.record(target, participations.issue_badge(command, before, who))


async def _participation(work: Work, target: StreamId) -> Participation:
    before: Participation | None = await work.see(PARTICIPATION, target)
    if before is None:
        raise NotThere
    return before


async def publish_listing(work: Work, target: StreamId, command: listing.PublishListing) -> None:
    """A participant puts an offer or a need on the list."""
    await work.speak_for(command.by)
    before = await work.see(LISTING, target)
    edition = await work.see(MARKETPLACE, command.marketplace)
    who = await work.see(PARTICIPATION, command.by)
    work.record(target, listings.publish(command, before, edition, who))


async def revise_listing(work: Work, target: StreamId, command: listing.ReviseListing) -> None:
    """A participant changes its listing."""
    before = await work.see(LISTING, target)
    if before is None:
        raise NotThere
    await work.speak_for(command.by)
    edition = await work.see(MARKETPLACE, before.marketplace)
    work.record(target, listings.revise(command, before, edition))


async def withdraw_listing(work: Work, target: StreamId, command: listing.WithdrawListing) -> None:
    """A participant takes its listing back."""
    await work.speak_for(command.by)
    work.record(target, listings.withdraw(command, await work.see(LISTING, target)))
