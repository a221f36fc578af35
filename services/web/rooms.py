"""What the pages' handlers are handed: the reader of the views, who the hosts are, and the live streams."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TypeVar
from uuid import UUID

from domain.frozen import dataclass
from domain.identity import MarketplaceId, StreamId, TenantId
from domain.ledger.row import COUNTS
from domain.refusal import NotThere
from infra.postgres.tenancy import Tenant
from services.application.queries import Queries
from services.application.reading.trouble import Parked
from services.application.views import LedgerRowView, MarketplaceView, ResultsView
from services.web.live import Live
from services.web.sharing import Shared

NEWEST = 8
"""Contracts in a board's list."""

KEPT = 5.0
"""Seconds for which a board's list is kept at most: a name may be erased without moving the board."""

HALL_KEPT = 2.0
"""Seconds for which what all hosts were asked for the front page stands for all its readers."""

AT_ONCE = 3
"""Hosts that are asked for it at the same time: whoever reads anything else needs connections, too."""

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

Hosts = Callable[[], Awaitable[Sequence[Tenant]]]
"""Asks who the hosts are, in the order of their names."""

Apart = Callable[[], Collection[str]]
"""Asks which hosts have pages and don't stand on the front page: what is played at a sandbox is nobody's news."""


def nobody_apart() -> Collection[str]:
    """All hosts stand on the front page."""
    return ()


@dataclass(frozen=True, slots=True)
class OnTheFloor:
    """An edition whose board is worth a look, and its host. Without `results` its records are held back just now."""

    host: Tenant
    edition: MarketplaceView
    results: ResultsView | None


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
        self._hall = Shared(self._all_hosts, HALL_KEPT)
        self._newest: dict[tuple[TenantId, MarketplaceId], tuple[int, float, asyncio.Task[list[LedgerRowView]]]] = {}

    async def host(self, tenant: str) -> Tenant:
        """The host of that name; `NotThere` when there is none."""
        for host in await self.hosts():
            if host.tenant == tenant:
                return host
        raise NotThere

    async def hall(self) -> Hall:
        """Which seasons there are, which editions trade now, and, when none does, each host's last rehearsal."""
        return await self._hall.answer()

    async def results(self, tenant: TenantId, edition: MarketplaceView) -> ResultsView | None:
        """What an edition's board shows, for a list with others; None while its records are held back."""
        try:
            return await self.queries.results(tenant, marketplace(edition.id))
        except Parked:
            return None

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

    async def _all_hosts(self) -> Hall:
        apart = self._apart()
        hosts = [host for host in await self.hosts() if host.tenant not in apart]
        pages = await _in_turns(self.queries.marketplaces, [host.tenant for host in hosts])
        editions = [(host, edition) for host, page in zip(hosts, pages, strict=True) for edition in page.items]
        trading = [(host, edition) for host, edition in editions if edition.state == "trading"]
        over = {host.tenant: (host, edition) for host, edition in editions if _rehearsed(edition)}
        return Hall(
            seasons=sorted({edition.season for _, edition in editions if not edition.rehearsal}, reverse=True),
            now=await self._on_the_floor(trading),
            recent=[] if trading else await self._on_the_floor(list(over.values())),
        )

    async def _on_the_floor(self, editions: list[tuple[Tenant, MarketplaceView]]) -> list[OnTheFloor]:
        found = await _in_turns(self._floor, editions)
        return [one for one in found if one is not None]

    async def _floor(self, listed: tuple[Tenant, MarketplaceView]) -> OnTheFloor | None:
        """None for an edition that isn't there any more: it was listed a moment ago."""
        host, edition = listed
        try:
            return OnTheFloor(host, edition, await self.results(host.tenant, edition))
        except NotThere:
            return None


async def _in_turns(ask: Callable[[Asked], Awaitable[Answer]], of: Sequence[Asked]) -> list[Answer]:
    """What each is answered, in their order, `AT_ONCE` at a time. Raises what the first raised that failed."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def turn(one: Asked) -> Answer:
        async with turns:
            return await ask(one)

    return await asyncio.gather(*map(turn, of))


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
