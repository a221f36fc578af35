"""What a hall in memory decides: every command by the domain's own rules, on the states of the streams it needs."""

from collections.abc import Callable, Sequence
from typing import Any, get_args

from domain.contract import amending, following, notary, valuing
from domain.contract import commands as contract
from domain.contract import decisions as contracts
from domain.contract.events import ContractAmended, DeliveryRecorded
from domain.identity import ContractId, NegotiationId, StreamId, register_of
from domain.listing import commands as listing
from domain.listing import decisions as listings
from domain.listing import state as listing_state
from domain.listing.binding import named_in, promise_all, promise_on_form, rebind, release_all, satisfy
from domain.marketplace import commands as marketplace
from domain.marketplace import decisions as marketplaces
from domain.negotiation import commands as negotiation
from domain.negotiation import decisions as negotiations
from domain.negotiation import state as negotiation_state
from domain.negotiation.state import Agreed
from domain.negotiation.terms import Terms
from domain.organisation import commands as organisation
from domain.organisation import decisions as organisations
from domain.participation import commands as participation
from domain.participation import decisions as participations
from domain.register import ContractNumbered

See = Callable[[Any], Any]
Decided = list[tuple[str, Sequence[Any]]]
"""Facts by the stream that they are recorded on, in their order."""


def judge(see: See, target: StreamId, command: Any) -> Decided:
    """What follows from `command` about `target`; a `Refusal` is raised as it comes."""
    before = see(target)
    match command:
        case _ if isinstance(command, get_args(marketplace.Command)):
            return [(target, marketplaces.decide(before, command))]
        case _ if isinstance(command, get_args(organisation.Command)):
            return _at_the_entrance(see, target, command)
        case participation.RequestParticipation(marketplace=edition, organisation=who):
            return [(target, participations.request(command, before, see(edition), see(who)))]
        case participation.IssueBadge():
            return [(target, participations.issue_badge(command, before, see(before.organisation)))]
        case _ if isinstance(command, get_args(participation.Move)):
            return [(target, participations.decide(before, command, see(before.marketplace)))]
        case listing.PublishListing() | listing.ReviseListing() | listing.WithdrawListing():
            return [(target, _on_the_list(see, before, command))]
        case negotiation.OpenNegotiation(marketplace=edition, by=by, to=others):
            here = [see(party) for party in (by, *others)]
            return [(target, negotiations.open_negotiation(command, before, see(edition), here))]
        case _ if isinstance(command, get_args(contract.Command)):
            return _at_the_desk(see, target, command)
        case _:
            return _at_the_table(see, target, command)


def _at_the_entrance(see: See, target: StreamId, command: Any) -> Decided:
    before = see(target)
    match command:
        case organisation.MergeOrganisation(into=into):
            theirs, its = organisations.merge(command, before, see(into))
            return [(target, theirs), (into, its)]
        case organisation.TellApart(other=other):
            return [(target, organisations.tell_apart(command, before, see(other)))]
        case _:
            return [(target, organisations.decide(before, command))]


def _on_the_list(see: See, before: Any, command: Any) -> Sequence[Any]:
    match command:
        case listing.PublishListing(marketplace=edition, by=by):
            return listings.publish(command, before, see(edition), see(by))
        case listing.ReviseListing():
            return listings.revise(command, before, see(before.marketplace))
        case _:
            return listings.withdraw(command, before)


def _at_the_table(see: See, target: StreamId, command: Any) -> Decided:
    table = see(target)
    facts = negotiations.decide(table, see(table.marketplace), command)
    after = table
    for fact in facts:
        after = negotiation_state.evolve(after, fact)
    if not isinstance(after, Agreed):
        return [(target, facts)]
    listed = {named: see(named) for named in named_in(after.terms)}
    return [(target, facts), *promise_all(NegotiationId(target), after.marketplace, after.terms, listed).items()]


def _at_the_desk(see: See, target: StreamId, command: Any) -> Decided:
    before, this = see(target), ContractId(target)
    match command:
        case contract.DraftFromNegotiation(negotiation=told):
            agreed = see(told)
            return [(target, contracts.draft_from_negotiation(command, before, agreed, see(agreed.marketplace)))]
        case contract.DraftFromForm() | contract.CapturePaper():
            here = [see(party) for party in command.parties]
            draft = contracts.draft_from_form if isinstance(command, contract.DraftFromForm) else contracts.capture
            facts = draft(command, before, see(command.marketplace), here)  # type: ignore[arg-type]
            promised = promise_on_form(this, command.marketplace, command.terms, _listed(see, command.terms))
            return [(target, facts), *promised.items()]
        case contract.CorrectForm(terms=terms):
            facts = contracts.correct(command, before, see(before.form.marketplace))
            return [(target, facts), *_rebound(see, this, before.form, terms)]
        case _ if isinstance(command, get_args(contract.NotarysDesk)):
            return _at_the_notarys(see, target, command)
        case _:
            return _later(see, target, command)


def _at_the_notarys(see: See, target: StreamId, command: Any) -> Decided:
    before = see(target)
    edition = see(before.form.marketplace)
    parties = [_standing(see, party.organisation) for party in before.form.parties]
    match command:
        case contract.SubmitToNotary():
            return [(target, notary.submit(before, edition))]
        case contract.ReturnForCorrection():
            return [(target, notary.return_for_correction(command, before))]
        case contract.Certify():
            register = register_of(before.form.marketplace)
            numbered = ContractNumbered(marketplace=before.form.marketplace, contract=ContractId(target))
            facts = notary.certify(command, before, parties, (see(register) or 0) + 1, edition.rules.checklist)
            return [(target, facts), (register, (numbered,))]
        case _:
            revoking = isinstance(command, contract.RevokeCertification)
            facts = notary.revoke(command, before, parties) if revoking else notary.annul(command, before)
            terms = before.form.terms
            return [(target, facts), *release_all(ContractId(target), terms, _listed(see, terms)).items()]


def _later(see: See, target: StreamId, command: Any) -> Decided:
    """Signatures, doubts, values, amendments, and what is known months later."""
    before = see(target)
    edition = see(before.form.marketplace)
    match command:
        case contract.Sign():
            return [(target, contracts.sign(command, before))]
        case contract.RepudiateSignature(party=party):
            return [(target, contracts.repudiate(command, before, _standing(see, see(party).organisation)))]
        case contract.ApproveSignature():
            return [(target, contracts.approve(command, before))]
        case contract.EstimateValue():
            return [(target, valuing.estimate(command, before))]
        case contract.CorrectValue():
            return [(target, valuing.correct_value(command, before))]
        case contract.ProposeAmendment():
            return [(target, amending.propose(command, before, edition))]
        case contract.WithdrawAmendment():
            return [(target, amending.withdraw_amendment(command, before))]
        case contract.SignAmendment():
            facts = amending.sign_amendment(command, before, edition)
            amended = [fact.terms for fact in facts if isinstance(fact, ContractAmended)]
            return [(target, facts), *(one for to in amended for one in _rebound(see, target, before.form, to))]
        case _:
            told = following.follow(before, command)
            return [(target, told), *_given(see, ContractId(target), before.form.terms, told)]


def _given(see: See, this: ContractId, terms: Terms, told: Sequence[Any]) -> Decided:
    """Listings of which something was delivered; several pledges may take from one."""
    listed = _listed(see, terms)
    decided: Decided = []
    for fact in told:
        named = terms.pledges[fact.pledge].listing if isinstance(fact, DeliveryRecorded) else None
        if named is not None:
            for stream, facts in satisfy(this, terms.pledges[fact.pledge], fact.quantity, listed[named]).items():
                decided.append((stream, facts))
                for given in facts:
                    listed[named] = listing_state.evolve(listed[named], given)
    return decided


def _rebound(see: See, this: Any, form: Any, terms: Terms) -> Decided:
    listed = _listed(see, form.terms, terms)
    return list(rebind(this, form.marketplace, form.terms, terms, listed).items())


def _listed(see: See, *terms: Terms) -> dict[Any, Any]:
    return {named: see(named) for named in named_in(*terms)}


def _standing(see: See, who: Any) -> Any:
    """The organisation, or the one it was merged into."""
    known = see(who)
    return known if known is None or known.merged_into is None else _standing(see, known.merged_into)
