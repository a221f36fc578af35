"""What people in the hall ask for: requests as the application's handlers make them of commands."""

from dataclasses import replace

from domain.contract import commands as contract
from domain.contract import decisions as forms
from domain.contract import notary as at_notary
from domain.identity import ContractId, ListingId, NegotiationId, OrganisationId, ParticipationId, PersonId, StreamId
from domain.listing import binding
from domain.listing import commands as listing
from domain.listing import decisions as lists
from domain.marketplace import commands as marketplace
from domain.marketplace import decisions as edition
from domain.negotiation import commands as negotiation
from domain.negotiation import decisions as table
from domain.negotiation.state import Agreed
from domain.negotiation.state import evolve as at_table
from domain.negotiation.terms import Terms
from domain.organisation import commands as organisation
from domain.organisation import decisions as entrance
from domain.participation import commands as participation
from domain.participation import decisions as badges
from domain.personal import Personal
from domain.refusal import NotThere
from domain.register import ContractNumbered
from tests.domain.people import ruhrdax
from tests.laws.hall import REGISTER, Attempt, Request


def listed(work: Attempt, *terms: Terms) -> binding.Listings:
    """The listings that terms name, as they stand."""
    return {known: work.see(known) for known in binding.named_in(*terms)}


def bind(work: Attempt, by_listing: binding.ByListing) -> None:
    """Record what listings hold, each on its own stream."""
    for known, facts in by_listing.items():
        work.record(known, facts)


def of_host(command: marketplace.Command) -> Request:
    """The host asks something of the edition."""

    def request(work: Attempt) -> None:
        work.record(ruhrdax, edition.decide(work.see(ruhrdax), command))

    return request


def name(who: OrganisationId, person: PersonId) -> Request:
    """An organisation names a representative."""
    command = organisation.NameRepresentative(person=person, personal=Personal(person=person, values={}))

    def request(work: Attempt) -> None:
        work.record(who, entrance.decide(work.see(who), command))

    return request


def cancel(party: ParticipationId) -> Request:
    """A party leaves the floor for good."""

    def request(work: Attempt) -> None:
        before = work.see(party)
        edition = None if before is None else work.see(before.marketplace)
        work.record(party, badges.decide(before, participation.CancelParticipation(), edition))

    return request


def sit_down(target: NegotiationId, command: negotiation.OpenNegotiation) -> Request:
    """Parties sit down and one proposes."""

    def request(work: Attempt) -> None:
        before, hall = work.see(target), work.see(ruhrdax)
        here = [work.see(who) for who in (command.by, *command.to)]
        work.record(target, table.open_negotiation(command, before, hall, here))

    return request


def step(target: NegotiationId, command: table.Step) -> Request:
    """A step at the table; the last acceptance promises the listings named."""

    def request(work: Attempt) -> None:
        before = work.see(target)
        facts = table.decide(before, work.see(ruhrdax), command)
        work.record(target, facts)
        after = before
        for fact in facts:
            after = at_table(after, fact)
        if isinstance(after, Agreed):
            bind(work, binding.promise_all(target, ruhrdax, after.terms, listed(work, after.terms)))

    return request


def lapse(target: NegotiationId) -> Request:
    """The timekeeper ends an open table after the gong."""

    def request(work: Attempt) -> None:
        work.record(target, table.lapse(work.see(target), work.see(ruhrdax)))

    return request


def revise(target: ListingId, command: listing.ReviseListing) -> Request:
    """An owner changes a listing."""

    def request(work: Attempt) -> None:
        work.record(target, lists.revise(command, work.see(target), work.see(ruhrdax)))

    return request


def take_back(target: ListingId, by: ParticipationId) -> Request:
    """An owner takes a listing back."""

    def request(work: Attempt) -> None:
        work.record(target, lists.withdraw(listing.WithdrawListing(by=by), work.see(target)))

    return request


def write_down(target: ContractId, source: NegotiationId) -> Request:
    """A form is drafted from what a table agreed."""
    command = contract.DraftFromNegotiation(negotiation=source, form_number=None)

    def request(work: Attempt) -> None:
        facts = forms.draft_from_negotiation(command, work.see(target), work.see(source), work.see(ruhrdax))
        work.record(target, facts)

    return request


def write_straight(target: ContractId, command: contract.DraftFromForm) -> Request:
    """A form is drafted without a recorded negotiation."""

    def request(work: Attempt) -> None:
        before, hall = work.see(target), work.see(ruhrdax)
        here = [work.see(who) for who in command.parties]
        work.record(target, forms.draft_from_form(command, before, hall, here))
        bind(work, binding.promise_on_form(target, ruhrdax, command.terms, listed(work, command.terms)))

    return request


def at_desk(target: ContractId, command: contract.Command) -> Request:
    """A form is signed, corrected, handed in or returned. A signature is put under what the form says now."""

    def request(work: Attempt) -> None:
        held = work.see(target)
        match command:
            case contract.Sign(signature=signature):
                if held is not None:
                    signature = replace(signature, terms_hash=held.form.terms_hash)
                work.record(target, forms.sign(contract.Sign(signature=signature), held))
            case contract.CorrectForm():
                work.record(target, forms.correct(command, held, work.see(ruhrdax)))
                said, other = held.form.terms, command.terms
                bind(work, binding.rebind(target, ruhrdax, said, other, listed(work, said, other)))
            case contract.SubmitToNotary():
                work.record(target, at_notary.submit(held, work.see(ruhrdax)))
            case contract.ReturnForCorrection():
                work.record(target, at_notary.return_for_correction(command, held))

    return request


def certify(target: ContractId, notary: PersonId) -> Request:
    """The notary certifies: seal and number in one append."""

    def request(work: Attempt) -> None:
        held = work.see(target)
        if held is None:
            raise NotThere
        parties = [work.see(StreamId(party.organisation)) for party in held.form.parties]
        number = (work.see(REGISTER) or 0) + 1
        work.record(target, at_notary.certify(contract.Certify(notary=notary), held, parties, number))
        work.record(REGISTER, (ContractNumbered(marketplace=ruhrdax, contract=target),))

    return request
