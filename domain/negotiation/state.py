"""Where a negotiation stands.

(nothing) --opened--> Seated --terms_proposed--> Proposed --terms_accepted by the last--> Agreed
                                                 |      ^
                                                 terms_countered, terms_accepted by one of several,
                                                 broker_called, broker_joined
          Proposed --terms_rejected, withdrawn, lapsed--> Ended
"""

from collections.abc import Iterable
from enum import StrEnum

from domain.frozen import dataclass, replace
from domain.identity import MarketplaceId, ParticipationId, PersonId
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
from domain.negotiation.terms import Party, Terms
from domain.refusal import LogDamaged


class Ending(StrEnum):
    """How a negotiation ended without agreement."""

    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """The parties sit together; nothing lies on the table yet."""

    marketplace: MarketplaceId
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Terms by `proposer` lie on the table; those in `awaited` have to answer."""

    marketplace: MarketplaceId
    parties: tuple[Party, ...]
    terms: Terms
    proposer: ParticipationId
    awaited: frozenset[ParticipationId]
    broker_called: bool
    broker: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Every party agreed to `terms`; a contract can be drafted."""

    marketplace: MarketplaceId
    parties: tuple[Party, ...]
    terms: Terms
    broker: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The parties parted without agreement."""

    marketplace: MarketplaceId
    parties: tuple[Party, ...]
    ending: Ending


Negotiation = Seated | Proposed | Agreed | Ended


def evolve(negotiation: Negotiation | None, fact: Fact) -> Negotiation:
    """The negotiation after `fact`. Facts have happened: nothing is refused here."""
    match negotiation, fact:
        case None, NegotiationOpened(marketplace=marketplace, parties=parties):
            return Seated(marketplace=marketplace, parties=parties)
        case Seated(marketplace=marketplace, parties=parties), TermsProposed(by=by, terms=terms):
            return Proposed(
                marketplace=marketplace,
                parties=parties,
                terms=terms,
                proposer=by,
                awaited=_others(parties, by),
                broker_called=False,
                broker=None,
            )
        case Proposed(), _:
            return _at_the_table(negotiation, fact)
        case _:
            raise LogDamaged(negotiation, fact)


def _at_the_table(table: Proposed, fact: Fact) -> Negotiation:
    match fact:
        case TermsCountered(by=by, terms=terms):
            return replace(table, terms=terms, proposer=by, awaited=_others(table.parties, by))
        case TermsAccepted(by=by):
            return _accepted(table, by)
        case BrokerCalled():
            return replace(table, broker_called=True)
        case BrokerJoined(broker=broker):
            return replace(table, broker=broker)
        case TermsRejected():
            return _ended(table, Ending.REJECTED)
        case NegotiationWithdrawn():
            return _ended(table, Ending.WITHDRAWN)
        case NegotiationLapsed():
            return _ended(table, Ending.LAPSED)
        case _:
            raise LogDamaged(table, fact)


def _accepted(table: Proposed, by: ParticipationId) -> Negotiation:
    awaited = table.awaited - {by}
    if awaited:
        return replace(table, awaited=awaited)
    return Agreed(marketplace=table.marketplace, parties=table.parties, terms=table.terms, broker=table.broker)


def _ended(table: Proposed, ending: Ending) -> Ended:
    return Ended(marketplace=table.marketplace, parties=table.parties, ending=ending)


def _others(parties: tuple[Party, ...], by: ParticipationId) -> frozenset[ParticipationId]:
    return frozenset(party.participation for party in parties) - {by}


def replay(facts: Iterable[Fact]) -> Negotiation | None:
    """The negotiation that `facts` tell, from its opening on."""
    negotiation: Negotiation | None = None
    for fact in facts:
        negotiation = evolve(negotiation, fact)
    return negotiation
