"""What is asked when an organisation was entered twice, or two look alike."""

from domain.aggregates import ORGANISATION
from domain.identity import StreamId
from domain.organisation import commands as organisation
from domain.organisation import decisions
from services.application.work import Work


async def merge_organisation(work: Work, target: StreamId, command: organisation.MergeOrganisation) -> None:
    """A duplicate is merged into the entry that is kept: both know it together, or neither does."""
    duplicate = await work.see(ORGANISATION, target)
    kept = await work.see(ORGANISATION, command.into)
    theirs, its = decisions.merge(command, duplicate, kept)
    work.record(target, theirs)
    work.record(command.into, its)


async def tell_apart(work: Work, target: StreamId, command: organisation.TellApart) -> None:
    """Two organisations look alike and are two."""
    one = await work.see(ORGANISATION, target)
    other = await work.see(ORGANISATION, command.other)
    work.record(target, decisions.tell_apart(command, one, other))
