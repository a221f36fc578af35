"""What is asked at the table: negotiations, and the listings they promise."""

from domain.aggregates import MARKETPLACE, NEGOTIATION, PARTICIPATION
from domain.identity import NegotiationId, StreamId
from domain.listing.binding import promise_all
from domain.negotiation import commands as negotiation
from domain.negotiation.decisions import Step, decide, lapse, must_all_be_there, open_negotiation
from domain.negotiation.state import Agreed, Negotiation
from domain.participation.decisions import must_be_on_the_floor
from domain.refusal import NotThere
from services.application.handlers.binding import listings_in, record_on_listings
from services.application.work import Work


async def open_table(work: Work, target: StreamId, command: negotiation.OpenNegotiation) -> None:
    """Parties sit down, the first proposes."""
    await work.speak_for(command.by)
    before = await work.see(NEGOTIATION, target)
    edition = await work.see(MARKETPLACE, command.marketplace)
    here = await work.see_all(PARTICIPATION, (command.by, *command.to))
    work.record(target, open_negotiation(command, before, edition, here))
    await work.must_be_distinct([party.organisation for party in here if party is not None])


async def take_step(work: Work, target: StreamId, command: Step) -> None:
    """A party, or a broker, takes a step; with the last acceptance the listings it draws on are promised.

    Who has cancelled meanwhile can say no, but neither bids nor agrees any more, and nobody agrees with them.
    """
    table = await _table(work, target)
    if not isinstance(command, negotiation.JoinAsBroker):
        await work.speak_for(command.by)
    edition = await work.see(MARKETPLACE, table.marketplace)
    facts = decide(table, edition, command)
    if isinstance(command, negotiation.CounterTerms | negotiation.AcceptTerms):
        must_be_on_the_floor(await work.see(PARTICIPATION, command.by), table.marketplace)
    work.record(target, facts)
    if not isinstance(command, negotiation.AcceptTerms):
        return
    after = NEGOTIATION.fold(table, facts)
    if isinstance(after, Agreed):
        here = await work.see_all(PARTICIPATION, [party.participation for party in after.parties])
        must_all_be_there(here)
        listings = await listings_in(work, after.terms)
        record_on_listings(work, promise_all(NegotiationId(target), after.marketplace, after.terms, listings))


async def lapse_table(work: Work, target: StreamId, command: negotiation.LapseNegotiation) -> None:  # noqa: ARG001 - the gong says no more than that it rang
    """The gong has rung over a table."""
    table = await _table(work, target)
    edition = await work.see(MARKETPLACE, table.marketplace)
    work.record(target, lapse(table, edition))


async def _table(work: Work, target: StreamId) -> Negotiation:
    table: Negotiation | None = await work.see(NEGOTIATION, target)
    if table is None:
        raise NotThere
    return table
