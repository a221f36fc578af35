"""What happened at an edition besides its contracts, told by the steps of its trail: the gong, tables, who came."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.identity import ParticipationId, StreamId
from domain.instant import Instant
from domain.negotiation.events import RejectionReason
from domain.negotiation.state import Ending
from domain.organisation.events import Side
from domain.trail.step import TrailStep

KINDS = ("negotiation.", "participation.", "marketplace.trading_opened.", "contract.submitted_to_notary.")
"""The beginnings of the record types that this reads; it passes over all others."""


@dataclass(slots=True, kw_only=True)
class Table:
    """A negotiation: how often terms were laid down, who has to answer, whether a broker came, how it ended."""

    parties: frozenset[str] = frozenset()
    rounds: int = 0
    awaited: frozenset[str] = frozenset()
    called: bool = False
    broker: bool = False
    ending: Ending | None = None
    reason: RejectionReason | None = None

    @property
    def agreed(self) -> bool:
        """Whether every party has said yes."""
        return self.rounds > 0 and not self.awaited and self.ending is None


@dataclass(slots=True, kw_only=True)
class Guest:
    """A participation: whose side it is on, how far it came."""

    side: Side
    admitted: bool = False
    on_the_floor: bool = False


@dataclass(slots=True, kw_only=True)
class Happened:
    """All of it. `opened_at` is the opening gong; `handed_in` the forms that the notary has seen."""

    opened_at: Instant | None = None
    tables: dict[StreamId, Table] = field(default_factory=dict)
    guests: dict[ParticipationId, Guest] = field(default_factory=dict)
    handed_in: set[StreamId] = field(default_factory=set)


def happened(steps: Iterable[TrailStep]) -> Happened:
    """What `steps`, in the order of their positions, tell."""
    story = Happened()
    for step in steps:
        kind, word = step.type.split(".")[:2]
        match kind:
            case "negotiation":
                _at_table(story.tables.setdefault(step.stream, Table()), word, step)
            case "participation":
                _at_door(story, word, step)
            case "marketplace" if word == "trading_opened":
                story.opened_at = step.at
            case "contract" if word == "submitted_to_notary":
                story.handed_in.add(step.stream)
    return story


def _at_table(table: Table, word: str, step: TrailStep) -> None:
    by = frozenset({str(step.details.get("by"))})
    match word:
        case "opened":
            table.parties = frozenset(step.details["parties"])
        case "terms_proposed" | "terms_countered":
            table.rounds += 1
            table.awaited = table.parties - by
        case "terms_accepted":
            table.awaited -= by
        case "broker_called":
            table.called = True
        case "broker_joined":
            table.broker = True
        case "terms_rejected":
            table.ending, table.reason = Ending.REJECTED, RejectionReason(step.details["reason"])
        case "withdrawn":
            table.ending = Ending.WITHDRAWN
        case "lapsed":
            table.ending = Ending.LAPSED


def _at_door(story: Happened, word: str, step: TrailStep) -> None:
    participation = ParticipationId(step.stream)
    if word == "requested":
        story.guests[participation] = Guest(side=Side(step.details["side"]))
    guest = story.guests.get(participation)
    if guest is None:
        return
    match word:
        case "admitted":
            guest.admitted = True
        case "checked_in":
            guest.on_the_floor = True
        case "cancelled":
            guest.admitted = False
