"""What must hold before something is shown."""

from domain.directory.fold import Entry, Kind
from domain.identity import ContractId, MarketplaceId, NegotiationId, StreamId, contract_of
from domain.refusal import NotThere
from infra.projections.reader import Snapshot
from services.application.reading import visibility
from services.application.reading.trouble import Parked


async def edition_of(snapshot: Snapshot, marketplace: MarketplaceId) -> Entry:
    """The edition, or `NotThere`."""
    await must_be_told(snapshot, marketplace)
    entry = (await snapshot.entries([marketplace])).get(marketplace)
    if entry is None or entry.kind is not Kind.MARKETPLACE:
        raise NotThere
    return entry


async def case_of(snapshot: Snapshot, thing: StreamId) -> StreamId:
    """The case under which a thing's steps are told: a negotiation's is the contract that comes of it."""
    entry = (await snapshot.entries([thing])).get(thing)
    if entry is None or entry.kind is not Kind.NEGOTIATION:
        return thing
    return contract_of(NegotiationId(thing))


async def must_be_told(snapshot: Snapshot, *things: StreamId) -> None:
    """Raise `Parked` when records of one of these things are held back."""
    if await snapshot.held_back(things):
        raise Parked


async def must_be_public(snapshot: Snapshot, case: StreamId) -> None:
    """Of real editions the public reads the trails of certified contracts and of the edition itself."""
    row = (await snapshot.contracts([ContractId(case)])).get(ContractId(case))
    if row is not None and visibility.visible_to_public(row):
        return
    entry = (await snapshot.entries([case])).get(case)
    if entry is None or entry.kind not in {Kind.MARKETPLACE, Kind.RESULTS}:
        raise NotThere
