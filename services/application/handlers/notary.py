"""What is asked at the notary's desk: queue, seal and register, mistakes, and what is given up."""

from domain.aggregates import MARKETPLACE, REGISTER
from domain.contract import commands as contract
from domain.contract import notary as decisions
from domain.contract.state import Contract
from domain.identity import ContractId, StreamId, register_of
from domain.listing.binding import release_all
from domain.register import ContractNumbered
from services.application.handlers.binding import listings_in, record_on_listings
from services.application.handlers.desk import form_of, organisations_of
from services.application.work import Work


async def submit(work: Work, target: StreamId, command: contract.SubmitToNotary) -> None:  # noqa: ARG001 - handing in says no more
    """The form is handed in."""
    held = await form_of(work, target)
    await work.speak_for_one_of(organisations_of(held.form.parties))
    edition = await work.see(MARKETPLACE, held.form.marketplace)
    work.record(target, decisions.submit(held, edition))


async def return_form(work: Work, target: StreamId, command: contract.ReturnForCorrection) -> None:
    """The notary gives the form back."""
    work.personal = command.note
    work.record(target, decisions.return_for_correction(command, await form_of(work, target)))


async def certify(work: Work, target: StreamId, command: contract.Certify) -> None:
    """The notary certifies: seal and number are recorded together, or not at all.

    The parties may have turned out to be one organisation since the form was written.
    """
    held = await form_of(work, target)
    marketplace = held.form.marketplace
    edition = await work.see(MARKETPLACE, marketplace)
    await work.must_be_distinct(organisations_of(held.form.parties))
    parties = await work.see_standing(organisations_of(held.form.parties))
    register = register_of(marketplace)
    number = await work.see(REGISTER, register) + 1
    work.record(target, decisions.certify(command, held, parties, number, edition.rules.checklist))
    work.record(register, (ContractNumbered(marketplace=marketplace, contract=ContractId(target)),))


async def revoke(work: Work, target: StreamId, command: contract.RevokeCertification) -> None:
    """The notary takes a certification back."""
    held = await form_of(work, target)
    work.personal = command.note
    parties = await work.see_standing(organisations_of(held.form.parties))
    work.record(target, decisions.revoke(command, held, parties))
    await _let_go(work, target, held)


async def annul(work: Work, target: StreamId, command: contract.Annul) -> None:
    """A contract no longer holds, or a form is given up."""
    held = await form_of(work, target)
    work.personal = command.note
    work.record(target, decisions.annul(command, held))
    await _let_go(work, target, held)


async def _let_go(work: Work, target: StreamId, held: Contract) -> None:
    """What a contract that no longer holds took from listings is free again."""
    listings = await listings_in(work, held.form.terms)
    record_on_listings(work, release_all(ContractId(target), held.form.terms, listings))
