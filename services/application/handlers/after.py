"""What is asked of a contract after the seal, and at the valuation desk: values, amendments, the follow-up."""

from collections.abc import Sequence
from dataclasses import replace

from domain.access.roles import Role
from domain.aggregates import LISTING, MARKETPLACE
from domain.contract import amending, following, valuing
from domain.contract import commands as contract
from domain.contract.events import ContractAmended, DeliveryRecorded
from domain.contract.form import Form
from domain.identity import ContractId, StreamId
from domain.listing.binding import rebind, satisfy
from domain.negotiation.terms import Terms
from services.application.handlers.binding import listings_in, record_on_listings
from services.application.handlers.desk import form_of, organisations_of
from services.application.work import Work


async def estimate(work: Work, target: StreamId, command: contract.EstimateValue) -> None:
    """A valuer estimates what nobody had valued."""
    work.personal = command.note
    work.record(target, valuing.estimate(command, await form_of(work, target)))


async def correct_value(work: Work, target: StreamId, command: contract.CorrectValue) -> None:
    """A valuer sets a value right."""
    work.personal = command.note
    work.record(target, valuing.correct_value(command, await form_of(work, target)))


async def propose_amendment(work: Work, target: StreamId, command: contract.ProposeAmendment) -> None:
    """A party wants certified terms otherwise."""
    held = await form_of(work, target)
    await work.speak_for(command.by)
    edition = await work.see(MARKETPLACE, held.form.marketplace)
    work.record(target, amending.propose(command, held, edition))


async def sign_amendment(work: Work, target: StreamId, command: contract.SignAmendment) -> None:
    """A party signs an amendment; with the last one it holds. A representative signs in person."""
    held = await form_of(work, target)
    await work.speak_for(command.signature.party)
    if work.wish.caller.role is Role.REPRESENTATIVE:
        command = contract.SignAmendment(signature=replace(command.signature, person=work.member))
    edition = await work.see(MARKETPLACE, held.form.marketplace)
    facts = amending.sign_amendment(command, held, edition)
    work.record(target, facts)
    for fact in facts:
        if isinstance(fact, ContractAmended):
            await _rebind(work, ContractId(target), held.form, fact.terms)


async def withdraw_amendment(work: Work, target: StreamId, command: contract.WithdrawAmendment) -> None:
    """A party takes an amendment off the table."""
    held = await form_of(work, target)
    await work.speak_for(command.by)
    work.record(target, amending.withdraw_amendment(command, held))


async def follow(work: Work, target: StreamId, command: contract.Following) -> None:
    """The follow-up desk, or a party, says what became of a contract."""
    held = await form_of(work, target)
    work.personal = getattr(command, "note", None)
    match command:
        case contract.ConfirmFulfilment(by=by) | contract.Dispute(by=by):
            await work.speak_for(by)
        case contract.RecordDelivery() | contract.RecordFirstContact():
            await work.speak_for_one_of(organisations_of(held.form.parties))
        case _:
            pass
    facts = following.follow(held, command)
    work.record(target, facts)
    delivered = [fact for fact in facts if isinstance(fact, DeliveryRecorded)]
    await _satisfy(work, ContractId(target), held.form.terms, delivered)


async def _rebind(work: Work, contract_id: ContractId, form: Form, terms: Terms) -> None:
    """The amended terms take more of some listings and less of others."""
    listings = await listings_in(work, form.terms, terms)
    record_on_listings(work, rebind(contract_id, form.marketplace, form.terms, terms, listings))


async def _satisfy(work: Work, contract_id: ContractId, terms: Terms, delivered: Sequence[DeliveryRecorded]) -> None:
    """What was delivered is given: of a listing it is never free again. Several pledges may take from one listing."""
    states = await listings_in(work, terms) if delivered else {}
    for fact in delivered:
        pledge = terms.pledges[fact.pledge]
        if pledge.listing is not None:
            given = satisfy(contract_id, pledge, fact.quantity, states[pledge.listing])
            record_on_listings(work, given)
            states[pledge.listing] = LISTING.fold(states[pledge.listing], given.get(pledge.listing, ()))
