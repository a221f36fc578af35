"""What is asked at the desks: forms, signatures, the notary's queue and register."""

from collections.abc import Sequence
from dataclasses import replace

from domain.access.roles import Role
from domain.contract import commands as contract
from domain.contract import decisions
from domain.contract.state import Contract
from domain.identity import ContractId, OrganisationId, StreamId, register_of
from domain.listing.binding import promise_on_form, rebind
from domain.negotiation.terms import Party
from domain.refusal import NotThere
from domain.register import ContractNumbered
from services.application.aggregates import CONTRACT, MARKETPLACE, NEGOTIATION, PARTICIPATION, REGISTER
from services.application.handlers.binding import listings_in, record_on_listings
from services.application.work import Work


async def draft_from_negotiation(work: Work, target: StreamId, command: contract.DraftFromNegotiation) -> None:
    """What was agreed is written down."""
    before = await work.see(CONTRACT, target)
    agreed = await work.see(NEGOTIATION, command.negotiation)
    if agreed is None:
        raise NotThere
    await work.speak_for_one_of(_organisations(agreed.parties))
    edition = await work.see(MARKETPLACE, agreed.marketplace)
    work.record(target, decisions.draft_from_negotiation(command, before, agreed, edition))


async def draft_from_form(work: Work, target: StreamId, command: contract.DraftFromForm) -> None:
    """A form is written straight at the table; what it takes from listings is promised."""
    before = await work.see(CONTRACT, target)
    edition = await work.see(MARKETPLACE, command.marketplace)
    here = await work.see_all(PARTICIPATION, command.parties)
    await work.speak_for_one_of([party.organisation for party in here if party is not None])
    work.record(target, decisions.draft_from_form(command, before, edition, here))
    listings = await listings_in(work, command.terms)
    record_on_listings(work, promise_on_form(ContractId(target), command.marketplace, command.terms, listings))


async def correct_form(work: Work, target: StreamId, command: contract.CorrectForm) -> None:
    """Other terms are written on the form; listings are bound and let go accordingly."""
    held = await _form(work, target)
    await work.speak_for_one_of(_organisations(held.form.parties))
    form = held.form
    edition = await work.see(MARKETPLACE, form.marketplace)
    work.record(target, decisions.correct(command, held, edition))
    listings = await listings_in(work, form.terms, command.terms)
    record_on_listings(work, rebind(ContractId(target), form.marketplace, form.terms, command.terms, listings))


async def sign(work: Work, target: StreamId, command: contract.Sign) -> None:
    """A party signs. A representative signs in person, whatever the request says."""
    held = await _form(work, target)
    await work.speak_for(command.signature.party)
    if work.wish.caller.role is Role.REPRESENTATIVE:
        command = contract.Sign(signature=replace(command.signature, person=work.member))
    work.record(target, decisions.sign(command, held))


async def submit(work: Work, target: StreamId, command: contract.SubmitToNotary) -> None:  # noqa: ARG001 - handing in says no more
    """The form is handed in."""
    held = await _form(work, target)
    await work.speak_for_one_of(_organisations(held.form.parties))
    edition = await work.see(MARKETPLACE, held.form.marketplace)
    work.record(target, decisions.submit(held, edition))


async def return_form(work: Work, target: StreamId, command: contract.ReturnForCorrection) -> None:
    """The notary gives the form back."""
    work.record(target, decisions.return_for_correction(command, await _form(work, target)))


async def certify(work: Work, target: StreamId, command: contract.Certify) -> None:
    """The notary certifies: seal and number are recorded together, or not at all."""
    held = await _form(work, target)
    marketplace = held.form.marketplace
    parties = await work.see_standing(_organisations(held.form.parties))
    register = register_of(marketplace)
    number = await work.see(REGISTER, register) + 1
    work.record(target, decisions.certify(command, held, parties, number))
    work.record(register, (ContractNumbered(marketplace=marketplace, contract=ContractId(target)),))


async def _form(work: Work, target: StreamId) -> Contract:
    held: Contract | None = await work.see(CONTRACT, target)
    if held is None:
        raise NotThere
    return held


def _organisations(parties: Sequence[Party]) -> list[OrganisationId]:
    return [party.organisation for party in parties]
