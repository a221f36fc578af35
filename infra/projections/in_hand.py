"""What has to be in hand before a page can be folded: the things that it moves, as they stand before it."""

from collections.abc import Collection

from domain.contract.events import ContractDrafted
from domain.directory.fold import kind_of
from domain.frozen import dataclass
from domain.identity import MarketplaceId, StreamId
from domain.ledger.fold import PREFIX
from infra.projections.batch import Carried
from infra.projections.pages import Item, LogPage
from infra.projections.store import Store


@dataclass(frozen=True, slots=True)
class Missing:
    """What a page moves that isn't in hand and may stand in the tables; things that begin in it are nowhere yet."""

    rows: Collection[StreamId]
    entries: Collection[StreamId]
    tallies: Collection[MarketplaceId]

    def __bool__(self) -> bool:
        return bool(self.rows or self.entries or self.tallies)


def missing(carried: Carried, page: LogPage) -> Missing:
    """What isn't in hand; `tallies` are those of the contracts that are, so all of them once `rows` is empty."""
    first: dict[StreamId, Item] = {}
    for item in page.items:
        first.setdefault(item.stream, item)
    rows, entries = [], []
    editions: set[MarketplaceId] = set()
    for stream, item in first.items():
        if item.type.startswith(PREFIX):
            if stream in carried.rows:
                editions.add(carried.rows[stream].marketplace)
            elif item.version > 1:
                rows.append(stream)
        elif item.version > 1 and stream not in carried.entries and kind_of(item.type) is not None:
            entries.append(stream)
    for item in page.items:
        if item.recorded is not None and isinstance(item.recorded.envelope.data, ContractDrafted):
            editions.add(item.recorded.envelope.data.form.marketplace)
    return Missing(rows, entries, editions - carried.tallies.keys())


async def take_in_hand(store: Store, carried: Carried, page: LogPage) -> None:
    """Read what is missing: one query a kind, none for new things."""
    absent = missing(carried, page)
    await store.load_rows(carried, absent.rows)
    await store.load_entries(carried, absent.entries)
    await store.load_tallies(carried, missing(carried, page).tallies if absent.rows else absent.tallies)
