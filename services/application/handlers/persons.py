"""What is asked about what is held on a person. The target is the person's stream, not the pseudonym."""

from domain.access import members
from domain.aggregates import ACCESS, ORGANISATION, PERSON
from domain.identity import StreamId, access_of, person_stream
from domain.organisation import decisions as organisations
from domain.person import commands as person
from domain.person.decisions import decide, must_be_held
from infra.vault.leaving import Destruction
from services.application.reading.deadlines import local_day
from services.application.work import Work


async def erase(work: Work, target: StreamId, command: person.ErasePerson) -> None:
    """A person is erased, no longer belongs to the host, and speaks for nobody; a successor does in their place."""
    await _decide(work, target, command)
    if command.successor is not None:
        must_be_held(await work.see(PERSON, person_stream(command.successor)))
    for organisation in command.organisations:
        facts = organisations.let_go(await work.see(ORGANISATION, organisation), command.person, command.successor)
        if facts:
            work.record(organisation, facts)
    host = access_of(work.wish.caller.tenant)
    facts_of_access = members.let_go(await work.see(ACCESS, host), command.person)
    if facts_of_access:
        work.record(host, facts_of_access)
    work.destroys = Destruction.of_person(command.person)


async def erase_note(work: Work, target: StreamId, command: person.EraseNote) -> None:
    """A note is erased."""
    await _decide(work, target, command)
    work.destroys = Destruction.of_note(command.person, command.event)


async def correct(work: Work, target: StreamId, command: person.CorrectPerson) -> None:
    """A value is corrected: the right one is kept, the wrong one destroyed."""
    await _decide(work, target, command)
    work.personal = command.personal
    work.destroys = Destruction.of_replaced(command.person, command.field.value)


async def restrict(work: Work, target: StreamId, command: person.RestrictPerson | person.LiftRestriction) -> None:
    """What is held has to be kept for now, or no longer."""
    await _decide(work, target, command)


async def _decide(work: Work, target: StreamId, command: person.Command) -> None:
    work.record(target, decide(await work.see(PERSON, target), command, local_day(work.at, work.zone)))
