"""What hosts ask: editions, statements, members and keys."""

from domain.access import members
from domain.aggregates import ACCESS, MARKETPLACE, STATEMENT
from domain.identity import StreamId
from domain.marketplace import commands as marketplace
from domain.marketplace.decisions import decide
from domain.results import statement
from services.application.work import Work


async def change_marketplace(work: Work, target: StreamId, command: marketplace.Command) -> None:
    """Anything about an edition."""
    work.record(target, decide(await work.see(MARKETPLACE, target), command))


async def announce(work: Work, target: StreamId, command: statement.AnnounceResults) -> None:
    """A host announces an edition's figures."""
    told = await work.see(STATEMENT, target)
    edition = await work.see(MARKETPLACE, command.marketplace)
    work.record(target, statement.announce(command, told, edition, await work.head()))


async def correct_statement(work: Work, target: StreamId, command: statement.CorrectResults) -> None:
    """A host corrects what it announced."""
    told = await work.see(STATEMENT, target)
    work.record(target, statement.correct(command, told, await work.head()))


async def change_access(work: Work, target: StreamId, command: members.Command) -> None:
    """Members, roles and keys; the target is the host's one access stream."""
    if isinstance(command, members.AddMember):
        work.personal = command.personal
    work.record(target, members.decide(await work.see(ACCESS, target), command))
