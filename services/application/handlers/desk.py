"""What is asked where forms are written and signed: drafts, paper, corrections, signatures."""

from collections.abc import Sequence
from dataclasses import replace

from domain.access.roles import Role
from domain.aggregates import CONTRACT, MARKETPLACE, NEGOTIATION, PARTICIPATION
from domain.contract import commands as contract
from domain.contract import decisions
from domain.contract.state import Contract
from domain.identity import ContractId, OrganisationId, StreamId
from domain.listing.binding import promise_on_form, rebind
from domain.negotiation.terms import Party
from domain.refusal import NotThere
from services.application.handlers.binding import listings_in, record_on_listings
from services.application.work import Work


async def draft_from_negotiation(work: Work, target: StreamId, command: contract.DraftFromNegotiation) -> None:
    """What was agreed is written down."""
    before = await work.see(CONTRACT, target)
    agreed = await work.see(NEGOTIATION, command.negotiation)
    if agreed is None:
        raise NotThere
    await work.speak_for_one_of(organisations_of(agreed.parties))
    edition = await work.see(MARKETPLACE, agreed.marketplace)
    work.record(target, decisions.draft_from_negotiation(command, before, agreed, edition))


async def draft_from_form(work: Work, target: StreamId, command: contract.DraftFromForm) -> None:
    """A form is written straight at the table; what it takes from listings is promised."""
    before = await work.see(CONTRACT, target)
    edition = await work.see(MARKETPLACE, command.marketplace)
    here = await work.see_all(PARTICIPATION, command.parties)
    await work.speak_for_one_of([party.organisation for party in here if party is not None])
    work.record(target, decisions.draft_from_form(command, before, edition, here))
    await work.must_be_distinct([party.organisation for party in here if party is not None])
    listings = await listings_in(work, command.terms)
    record_on_listings(work, promise_on_form(ContractId(target), command.marketplace, command.terms, listings))


async def capture_paper(work: Work, target: StreamId, command: contract.CapturePaper) -> None:
    """A clerk types in a form that was filled by hand."""
    before = await work.see(CONTRACT, target)
    edition = await work.see(MARKETPLACE, command.marketplace)
    here = await work.see_all(PARTICIPATION, command.parties)
    work.record(target, decisions.capture(command, before, edition, here))
    await work.must_be_distinct([party.organisation for party in here if party is not None])
    listings = await listings_in(work, command.terms)
    record_on_listings(work, promise_on_form(ContractId(target), command.marketplace, command.terms, listings))


async def correct_form(work: Work, target: StreamId, command: contract.CorrectForm) -> None:
    """Other terms are written on the form; listings are bound and let go accordingly."""
    held = await form_of(work, target)
    await work.speak_for_one_of(organisations_of(held.form.parties))
    form = held.form
    edition = await work.see(MARKETPLACE, form.marketplace)
    work.record(target, decisions.correct(command, held, edition))
    listings = await listings_in(work, form.terms, command.terms)
    record_on_listings(work, rebind(ContractId(target), form.marketplace, form.terms, command.terms, listings))


async def sign(work: Work, target: StreamId, command: contract.Sign) -> None:
    """A party signs. A representative signs in person, whatever the request says."""
    held = await form_of(work, target)
    await work.speak_for(command.signature.party)
    if work.wish.caller.role is Role.REPRESENTATIVE:
        command = contract.Sign(signature=replace(command.signature, person=work.member))
    work.record(target, decisions.sign(command, held))


async def repudiate(work: Work, target: StreamId, command: contract.RepudiateSignature) -> None:
    """A party says that its signer had no mandate."""
    held = await form_of(work, target)
    await work.speak_for(command.party)
    work.personal = command.note
    organisations = {party.participation: party.organisation for party in held.form.parties}
    whose = organisations.get(command.party)
    known = None if whose is None else (await work.see_standing([whose]))[0]
    work.record(target, decisions.repudiate(command, held, known))


async def approve(work: Work, target: StreamId, command: contract.ApproveSignature) -> None:
    """A party lets the signature stand."""
    held = await form_of(work, target)
    await work.speak_for(command.party)
    work.record(target, decisions.approve(command, held))


async def form_of(work: Work, target: StreamId) -> Contract:
    """What stands on the form; `NotThere` without one."""
    held: Contract | None = await work.see(CONTRACT, target)
    if held is None:
        raise NotThere
    return held


def organisations_of(parties: Sequence[Party]) -> list[OrganisationId]:
    """The parties' organisations."""
    return [party.organisation for party in parties]
