"""What follows from a step at the table: facts, or a refusal. Pure; the same question gives the same answer."""

from collections.abc import Sequence

from domain.identity import MarketplaceId, ParticipationId
from domain.marketplace.decisions import must_be_trading
from domain.marketplace.state import Marketplace, Trading
from domain.negotiation.commands import (
    AcceptTerms,
    CallBroker,
    CounterTerms,
    JoinAsBroker,
    OpenNegotiation,
    RejectTerms,
    WithdrawFromNegotiation,
)
from domain.negotiation.events import (
    BrokerCalled,
    BrokerJoined,
    Fact,
    NegotiationLapsed,
    NegotiationOpened,
    NegotiationWithdrawn,
    TermsAccepted,
    TermsCountered,
    TermsProposed,
    TermsRejected,
)
from domain.negotiation.refusals import (
    AlreadyAgreed,
    AlreadyOpened,
    BrokerAlreadyCalled,
    BrokerAlreadyThere,
    NegotiationOver,
    NotAParty,
    NotYourProposal,
    NotYourTurn,
    PartyHasLeft,
    StillTrading,
)
from domain.negotiation.rules import must_be_terms
from domain.negotiation.state import Agreed, Ended, Negotiation, Proposed, Seated
from domain.negotiation.terms import Party
from domain.participation.decisions import must_be_on_the_floor
from domain.participation.state import OnTheFloor, Participation
from domain.refusal import NotThere

Step = CounterTerms | AcceptTerms | RejectTerms | WithdrawFromNegotiation | CallBroker | JoinAsBroker


def open_negotiation(
    command: OpenNegotiation,
    negotiation: Negotiation | None,
    marketplace: Marketplace | None,
    participations: Sequence[Participation | None],
) -> tuple[Fact, ...]:
    """The facts of sitting down and proposing; `participations` are those of `by` and then of `to`, in order."""
    if marketplace is None:
        raise NotThere
    if negotiation is not None:
        raise AlreadyOpened
    plan = must_be_trading(marketplace).plan
    table = (command.by, *command.to)
    must_be_terms(command.terms, table, plan)
    parties = seated(table, participations, command.marketplace)
    return (
        NegotiationOpened(marketplace=command.marketplace, parties=parties, rehearsal=plan.rehearsal),
        TermsProposed(by=command.by, terms=command.terms),
    )


def decide(negotiation: Negotiation | None, marketplace: Marketplace | None, step: Step) -> tuple[Fact, ...]:
    """The facts of a step at the table; raises a `Refusal` when a rule forbids it."""
    table = must_be_open(negotiation)
    plan = must_be_trading(marketplace).plan
    match step:
        case CounterTerms(by=by, terms=terms):
            must_be_the_turn_of(by, table)
            must_be_terms(terms, (party.participation for party in table.parties), plan)
            return (TermsCountered(by=by, terms=terms),)
        case AcceptTerms(by=by):
            must_be_the_turn_of(by, table)
            return (TermsAccepted(by=by),)
        case RejectTerms(by=by, reason=reason):
            must_be_the_turn_of(by, table)
            return (TermsRejected(by=by, reason=reason),)
        case WithdrawFromNegotiation(by=by):
            must_be_the_proposal_of(by, table)
            return (NegotiationWithdrawn(by=by),)
        case CallBroker(by=by):
            must_sit_at_the_table(by, table)
            must_not_have_called(table)
            return (BrokerCalled(by=by),)
        case JoinAsBroker(broker=broker):
            must_be_without_broker(table)
            return (BrokerJoined(broker=broker),)


def lapse(negotiation: Negotiation | None, marketplace: Marketplace | None) -> tuple[Fact, ...]:
    """The gong has rung over this table; raises a `Refusal` while trading is open or when it has ended already."""
    must_be_open(negotiation)
    if marketplace is None:
        raise NotThere
    if isinstance(marketplace, Trading):
        raise StillTrading
    return (NegotiationLapsed(),)


def seated(
    table: tuple[ParticipationId, ...], participations: Sequence[Participation | None], marketplace: MarketplaceId
) -> tuple[Party, ...]:
    """The parties of `table`, each of whom must be on the floor of `marketplace`."""
    return tuple(
        Party(participation=who, organisation=here.organisation, side=here.side)
        for who, participation in zip(table, participations, strict=True)
        for here in (must_be_on_the_floor(participation, marketplace),)
    )


def must_all_be_there(participations: Sequence[Participation | None]) -> None:
    """Nobody agrees with a party that has cancelled since it sat down."""
    if not all(isinstance(participation, OnTheFloor) for participation in participations):
        raise PartyHasLeft


def must_be_open(negotiation: Negotiation | None) -> Proposed:
    """What is agreed stays agreed; what has ended has ended."""
    match negotiation:
        case None | Seated():
            raise NotThere
        case Agreed():
            raise AlreadyAgreed
        case Ended():
            raise NegotiationOver
        case Proposed():
            return negotiation


def must_sit_at_the_table(by: ParticipationId, table: Proposed) -> None:
    """Only parties take steps at a table."""
    if all(by != party.participation for party in table.parties):
        raise NotAParty


def must_be_the_turn_of(by: ParticipationId, table: Proposed) -> None:
    """Nobody answers their own proposal, or answers it twice."""
    must_sit_at_the_table(by, table)
    if by not in table.awaited:
        raise NotYourTurn


def must_be_the_proposal_of(by: ParticipationId, table: Proposed) -> None:
    """One takes back one's own words only."""
    must_sit_at_the_table(by, table)
    if by != table.proposer:
        raise NotYourProposal


def must_not_have_called(table: Proposed) -> None:
    """One call is enough, and none is needed once a broker sits there."""
    if table.broker is not None:
        raise BrokerAlreadyThere
    if table.broker_called:
        raise BrokerAlreadyCalled


def must_be_without_broker(table: Proposed) -> None:
    """One broker to a table."""
    if table.broker is not None:
        raise BrokerAlreadyThere
