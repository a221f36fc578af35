"""From records to directory entries: each thing's own `evolve`, and what a list needs to find it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from domain.envelope import Recorded
from domain.frozen import dataclass
from domain.identity import MarketplaceId, StreamId
from domain.listing import state as listing
from domain.marketplace import state as marketplace
from domain.negotiation import state as negotiation
from domain.organisation import state as organisation
from domain.participation import state as participation
from domain.results import statement


class Kind(StrEnum):
    """What kind of thing an entry is about; the first word of its records' types."""

    MARKETPLACE = "marketplace"
    ORGANISATION = "organisation"
    PARTICIPATION = "participation"
    LISTING = "listing"
    NEGOTIATION = "negotiation"
    RESULTS = "results"


_KINDS: Mapping[str, Kind] = MappingProxyType({kind.value: kind for kind in Kind})

_EVOLVE: Mapping[Kind, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        Kind.MARKETPLACE: marketplace.evolve,
        Kind.ORGANISATION: organisation.evolve,
        Kind.PARTICIPATION: participation.evolve,
        Kind.LISTING: listing.evolve,
        Kind.NEGOTIATION: negotiation.evolve,
        Kind.RESULTS: statement.evolve,
    }
)

STATES: Mapping[str, type] = MappingProxyType(
    {
        state.__name__: state
        for state in (
            marketplace.InPreparation,
            marketplace.Registering,
            marketplace.Trading,
            marketplace.TradingOver,
            marketplace.InFollowUp,
            marketplace.Archived,
            marketplace.CalledOff,
            organisation.Organisation,
            participation.Requested,
            participation.Admitted,
            participation.OnTheFloor,
            participation.NoShow,
            participation.NotComing,
            listing.Published,
            listing.TakenBack,
            negotiation.Seated,
            negotiation.Proposed,
            negotiation.Agreed,
            negotiation.Ended,
            statement.Statement,
        )
    }
)
"""The states by the name under which an entry keeps them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A thing as it stands at `position`; `version` is its stream's."""

    kind: Kind
    id: StreamId
    version: int
    marketplace: MarketplaceId | None
    rehearsal: bool
    position: int
    state: Any


def kind_of(type_name: str) -> Kind | None:
    """The directory's kind for a record's type, or None when the directory passes over it."""
    return _KINDS.get(type_name.partition(".")[0])


def evolve(entry: Entry | None, recorded: Recorded) -> Entry:
    """The entry after a record of its stream; raises `LogDamaged` when the record can't follow."""
    envelope = recorded.envelope
    kind = _KINDS[envelope.type.partition(".")[0]]
    state = _EVOLVE[kind](None if entry is None else entry.state, envelope.data)
    home = MarketplaceId(envelope.stream) if kind is Kind.MARKETPLACE else getattr(state, "marketplace", None)
    return Entry(
        kind=kind,
        id=envelope.stream,
        version=envelope.version,
        marketplace=home,
        rehearsal=envelope.rehearsal,
        position=recorded.position,
        state=state,
    )
