"""From a record to steps of trails. Pure and without memory."""

from collections.abc import Mapping
from typing import Any

from domain.envelope import Actor, Recorded
from domain.frozen import dataclass, replace
from domain.identity import EventId, NegotiationId, StreamId, contract_of
from domain.instant import Instant
from domain.listing.events import ListingPromised, ListingPromisedOnForm, ListingReleased, ListingSatisfied
from domain.register import ContractNumbered
from domain.trail.details import details_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailStep:
    """One step of one case. A negotiation's case is the contract that comes of it.

    `details` holds what the sentence about the step names: ids of parties and persons, numbers, reasons, titles.
    """

    case: StreamId
    position: int
    event: EventId
    stream: StreamId
    type: str
    at: Instant
    actor: Actor
    rehearsal: bool
    details: Mapping[str, Any]


def steps(recorded: Recorded) -> tuple[TrailStep, ...]:
    """The steps that `recorded` adds: one for each case it belongs to."""
    envelope = recorded.envelope
    first, *others = cases(recorded)
    step = TrailStep(
        case=first,
        position=recorded.position,
        event=envelope.id,
        stream=envelope.stream,
        type=envelope.type,
        at=envelope.time,
        actor=envelope.actor,
        rehearsal=envelope.rehearsal,
        details=details_of(envelope.data),
    )
    return (step, *(replace(step, case=case) for case in others))


def cases(recorded: Recorded) -> tuple[StreamId, ...]:
    """The cases that a record belongs to."""
    stream = recorded.envelope.stream
    if recorded.envelope.type.startswith("negotiation."):
        return (contract_of(NegotiationId(stream)),)
    match recorded.envelope.data:
        case ListingPromised(negotiation=at_table):
            return (stream, contract_of(at_table))
        case ListingPromisedOnForm() | ListingReleased() | ListingSatisfied():
            return (stream, recorded.envelope.data.contract)
        case ContractNumbered(contract=numbered):
            return (stream, numbered)
        case _:
            return (stream,)
