"""What follows months later, when someone calls everyone: and asks whether it happened (METHOD.md, After)."""

from collections.abc import Sequence

from domain.contract.commands import (
    ConfirmFulfilment,
    Dispute,
    Following,
    PledgeTold,
    RecordCall,
    RecordDelivery,
    RecordFirstContact,
    Remind,
    SettleDispute,
)
from domain.contract.events import (
    ContractDisputed,
    DeliveryRecorded,
    DisputeSettled,
    Fact,
    FirstContactMade,
    FollowUpCalled,
    FulfilmentConfirmed,
    NonFulfilmentRecorded,
    PledgeRunning,
    Reminded,
)
from domain.contract.fulfilment import CallOutcome, Progress
from domain.contract.refusals import (
    ConfirmedAlready,
    ContactMadeAlready,
    DeliveredAlready,
    DisputedAlready,
    MoreThanPledged,
    NobodyToAsk,
    NotDisputed,
    NothingToConfirm,
    NothingTold,
    NotOfThisPledge,
    NotReachedSaysNothing,
    ToldTwice,
)
from domain.contract.rules import must_be_a_party, must_be_a_pledge_of, must_be_certified
from domain.contract.state import Certified, Contract
from domain.identity import ParticipationId
from domain.negotiation.terms import Pledge
from domain.words import MAX_QUANTITY, QuantityOutOfRange


def follow(contract: Contract | None, command: Following) -> tuple[Fact, ...]:
    """The facts that carry out `command`; raises a `Refusal` when a rule forbids it."""
    certified = must_be_certified(contract)
    match command:
        case Remind(parties=parties, kind=kind):
            must_be_parties_to_ask(parties, certified)
            return tuple(Reminded(party=party, kind=kind) for party in parties)
        case RecordFirstContact(on=on):
            if certified.first_contact_made:
                raise ContactMadeAlready
            return (FirstContactMade(on=on),)
        case RecordCall():
            return _called(command, certified)
        case RecordDelivery(told=told):
            return _told(told, certified)
        case ConfirmFulfilment():
            must_be_confirmable(command, certified)
            return (FulfilmentConfirmed(pledge=command.pledge, by=command.by),)
        case Dispute(by=by, pledge=pledge, reason=reason):
            must_be_disputable(command, certified)
            return (ContractDisputed(by=by, pledge=pledge, reason=reason),)
        case SettleDispute():
            if not certified.disputed:
                raise NotDisputed
            return (DisputeSettled(),)


def _called(command: RecordCall, certified: Certified) -> tuple[Fact, ...]:
    must_be_a_party(command.party, certified.form)
    if command.told and command.outcome is CallOutcome.NOT_REACHED:
        raise NotReachedSaysNothing
    if len({told.pledge for told in command.told}) < len(command.told):
        raise ToldTwice
    called = FollowUpCalled(party=command.party, outcome=command.outcome)
    return (called, *(fact for told in command.told for fact in _told(told, certified)))


def _told(told: PledgeTold, certified: Certified) -> tuple[Fact, ...]:
    """What is said of one pledge: some of it came, and the rest is under way or won't come."""
    pledge = must_be_a_pledge_of(certified.form.terms, told.pledge)
    known = certified.progress[told.pledge]
    must_say_something(told)
    must_be_awaited(told, pledge, known)
    facts: list[Fact] = []
    if told.delivered:
        facts.append(DeliveryRecorded(pledge=told.pledge, quantity=told.delivered, on=told.on))
    if told.running:
        facts.append(PledgeRunning(pledge=told.pledge))
    if told.reason is not None:
        facts.append(NonFulfilmentRecorded(pledge=told.pledge, reason=told.reason))
    return tuple(facts)


def must_be_parties_to_ask(parties: Sequence[ParticipationId], certified: Certified) -> None:
    """Somebody is asked, nobody twice, and nobody else than the parties."""
    if not parties or len(set(parties)) < len(parties):
        raise NobodyToAsk
    for party in parties:
        must_be_a_party(party, certified.form)


def must_be_disputable(dispute: Dispute, certified: Certified) -> None:
    """A party disputes the whole contract or one of its pledges, one dispute at a time."""
    must_be_a_party(dispute.by, certified.form)
    if dispute.pledge is not None:
        must_be_a_pledge_of(certified.form.terms, dispute.pledge)
    if certified.disputed:
        raise DisputedAlready


def must_say_something(told: PledgeTold) -> None:
    """A pledge that runs isn't given up at the same time; and what came is counted forwards."""
    if not 0 <= told.delivered <= MAX_QUANTITY:
        raise QuantityOutOfRange
    if told.running and told.reason is not None:
        raise ToldTwice
    if not (told.running or told.delivered or told.reason is not None):
        raise NothingTold


def must_be_awaited(told: PledgeTold, pledge: Pledge, known: Progress) -> None:
    """No more comes than was pledged, and what came wholly is over."""
    left = pledge.quantity - known.delivered
    if not left:
        raise DeliveredAlready
    if told.delivered > left:
        raise MoreThanPledged
    if told.delivered == left and (told.running or told.reason is not None):
        raise DeliveredAlready


def must_be_confirmable(command: ConfirmFulfilment, certified: Certified) -> None:
    """Giver and receiver confirm what came, each once."""
    pledge = must_be_a_pledge_of(certified.form.terms, command.pledge)
    known = certified.progress[command.pledge]
    if command.by not in (pledge.giver, pledge.receiver):
        raise NotOfThisPledge
    if not known.touched:
        raise NothingToConfirm
    if command.by in known.confirmed_by:
        raise ConfirmedAlready
