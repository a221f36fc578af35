"""From a record to steps of trails. Pure and without memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.codec import to_data
from domain.contract import events as contract
from domain.envelope import Actor, Recorded
from domain.identity import EventId, NegotiationId, StreamId, contract_of
from domain.instant import Instant
from domain.listing.events import ListingPromised, ListingPromisedOnForm, ListingReleased, ListingSatisfied
from domain.marketplace.events import MarketplacePlanned
from domain.negotiation import events as negotiation
from domain.negotiation.terms import Terms
from domain.register import ContractNumbered
from domain.results.statement import DrawnFromLedger


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
    details = details_of(envelope.data)
    return tuple(
        TrailStep(
            case=case,
            position=recorded.position,
            event=envelope.id,
            stream=envelope.stream,
            type=envelope.type,
            at=envelope.time,
            actor=envelope.actor,
            rehearsal=envelope.rehearsal,
            details=details,
        )
        for case in cases(recorded)
    )


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


def details_of(fact: Any) -> dict[str, Any]:
    """What a sentence about `fact` may name; terms are told by their pledges' titles and total value."""
    match fact:
        case MarketplacePlanned(plan=plan):
            return {"title": plan.title, "season": plan.season, "date": to_data(plan.date), "venue": plan.venue}
        case negotiation.NegotiationOpened(parties=parties):
            return {"parties": [party.participation for party in parties]}
        case negotiation.TermsProposed(by=by, terms=terms) | negotiation.TermsCountered(by=by, terms=terms):
            return {"by": by, **_told(terms)}
        case contract.ContractDrafted(form=form):
            return {
                "parties": [party.participation for party in form.parties],
                "source": "form" if form.negotiation is None else "negotiation",
                "form_number": form.form_number,
                "broker": form.broker,
                **_told(form.terms),
            }
        case contract.FormCorrected(terms=terms):
            return _told(terms)
        case contract.ContractSigned(signature=signature):
            return {"by": signature.party, "person": signature.person, "manner": signature.manner.value}
        case DrawnFromLedger(position=position):
            return {"number": position}
        case _:
            return {key: value for key, value in to_data(fact).items() if _short(value)}


def _told(terms: Terms) -> dict[str, Any]:
    values = [pledge.value.minor for pledge in terms.pledges if pledge.value is not None]
    return {"pledges": [pledge.title for pledge in terms.pledges], "value_minor": sum(values) if values else None}


def _short(value: Any) -> bool:
    return isinstance(value, str | int | bool | None) or (
        isinstance(value, list) and all(isinstance(item, str) for item in value)
    )
