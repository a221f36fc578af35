"""What the pages' handlers are handed: the reader of the views, who the hosts are, and the live streams."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from uuid import UUID

from domain.frozen import dataclass
from domain.identity import MarketplaceId, StreamId, TenantId
from domain.ledger.row import COUNTS
from domain.refusal import NotThere
from infra.postgres.tenancy import Tenant
from services.application.queries import Queries
from services.application.views import LedgerRowView, MarketplaceView, ResultsView
from services.web.live import Live

NEWEST = 8
"""Contracts in a board's list."""

KEPT = 5.0
"""Seconds for which a board's list is kept at most: a name may be erased without moving the board."""

Hosts = Callable[[], Awaitable[Sequence[Tenant]]]
"""Asks who the hosts are, in the order of their names."""

Apart = Callable[[], Collection[str]]
"""Asks which hosts have pages and don't stand on the front page: what is played at a sandbox is nobody's news."""


def nobody_apart() -> Collection[str]:
    """All hosts stand on the front page."""
    return ()


@dataclass(frozen=True, slots=True)
class OnTheFloor:
    """An edition whose board is worth a look, and its host."""

    host: Tenant
    results: ResultsView


@dataclass(frozen=True, slots=True)
class Hall:
    """All editions of all hosts, as the front page needs them."""

    seasons: list[int]
    now: list[OnTheFloor]
    recent: list[OnTheFloor]


class Rooms:
    """The handlers' one dependency."""

    def __init__(self, queries: Queries, hosts: Hosts, live: Live, apart: Apart = nobody_apart) -> None:
        self.queries = queries
        self.hosts = hosts
        self.live = live
        self._apart = apart
        self._newest: dict[tuple[TenantId, MarketplaceId], tuple[int, float, asyncio.Task[list[LedgerRowView]]]] = {}

    async def host(self, tenant: str) -> Tenant:
        """The host of that name; `NotThere` when there is none."""
        for host in await self.hosts():
            if host.tenant == tenant:
                return host
        raise NotThere

    async def hall(self) -> Hall:
        """Which seasons there are, which editions trade now, and, when none does, each host's last rehearsal."""
        apart = self._apart()
        hosts = [host for host in await self.hosts() if host.tenant not in apart]
        pages = await asyncio.gather(*(self.queries.marketplaces(host.tenant) for host in hosts))
        editions = [(host, edition) for host, page in zip(hosts, pages, strict=True) for edition in page.items]
        trading = [(host, edition) for host, edition in editions if edition.state == "trading"]
        over = {host.tenant: (host, edition) for host, edition in editions if _rehearsed(edition)}
        return Hall(
            seasons=sorted({edition.season for _, edition in editions if not edition.rehearsal}, reverse=True),
            now=await self._results(trading),
            recent=[] if trading else await self._results(list(over.values())),
        )

    async def newest(self, tenant: TenantId, marketplace: MarketplaceId, position: int) -> list[LedgerRowView]:
        """The contracts certified last, read once for all screens that show the board as of `position`.

        The ledger goes by when a form was written, the board by when it was certified: a page of it is sorted anew.
        """
        key, time = (tenant, marketplace), asyncio.get_running_loop().time()
        held = self._newest.get(key)
        if held is None or held[0] != position or time - held[1] > KEPT or (held[2].done() and held[2].exception()):
            self._newest = {one: kept for one, kept in self._newest.items() if time - kept[1] <= KEPT}
            held = (position, time, asyncio.create_task(self._certified(tenant, marketplace)))
            self._newest[key] = held
        return await asyncio.shield(held[2])

    async def _certified(self, tenant: TenantId, marketplace: MarketplaceId) -> list[LedgerRowView]:
        page = await self.queries.ledger(tenant, marketplace, state=COUNTS, newest=True, public=True)
        last = sorted(page.items, key=lambda row: (row.certified_at or "", row.number or 0), reverse=True)
        return last[:NEWEST]

    async def _results(self, editions: list[tuple[Tenant, MarketplaceView]]) -> list[OnTheFloor]:
        asked = (self.queries.results(host.tenant, marketplace(edition.id)) for host, edition in editions)
        results = await asyncio.gather(*asked)
        return [OnTheFloor(host, result) for (host, _), result in zip(editions, results, strict=True)]


def _rehearsed(edition: MarketplaceView) -> bool:
    return edition.rehearsal and edition.state in ("over", "follow_up", "archived")


def stream(text: str) -> StreamId:
    """An id from an address; what is none names nothing: `NotThere`."""
    try:
        return StreamId(str(UUID(text)))
    except ValueError:
        raise NotThere from None


def marketplace(text: str) -> MarketplaceId:
    """An edition's id from an address."""
    return MarketplaceId(stream(text))
