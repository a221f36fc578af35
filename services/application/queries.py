"""The only reader of the views: what people, pages and integrators ask, answered in `services.application.views`.

Every answer is of one moment: rows and names' directory come from one snapshot. `public=True` is a reader without a
key; `services.application.reading.visibility` says what that means. Lists are ordered by the position of the first
record of each thing, hold at most `MOST`, and go on at their cursor.

Every method raises `Parked` for a thing whose records are held back, and `NotThere` for what doesn't exist or isn't
shown to this reader; lists raise `CursorUnusable` and `CursorExpired`. `as_of` is a position or an aware datetime:
`MomentUnclear` for a naive one, `ProjectionBehind` when the views don't come to it within the reader's patience.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any, Self, TypedDict, TypeVar, Unpack

import asyncpg
from msgspec.structs import replace

from domain.directory.fold import Entry, Kind
from domain.identity import (
    ContractId,
    MarketplaceId,
    NegotiationId,
    OrganisationId,
    ParticipationId,
    StreamId,
    TenantId,
    register_of,
)
from domain.ledger.row import LedgerRow, LedgerState
from domain.negotiation.state import Agreed, Ended, Ending, Proposed, Seated
from domain.refusal import NotThere
from infra.clock import now
from infra.event_log.store import EventLog
from infra.projections.across import Across, OpenTable, RunningEdition
from infra.projections.reader import Listed, Snapshot, Views
from infra.projections.readers import open_reading_pool
from infra.projections.reminders import Place, unasked
from infra.vault.vault import Vault
from services.application.reading import rows as ledger_rows
from services.application.reading import shapes, trails, visibility
from services.application.reading.checks import case_of, edition_of, must_be_public, must_be_told
from services.application.reading.moments import position_of, reach, stands_under
from services.application.reading.names import Names, needed_by
from services.application.reading.paging import MOST, drafted, first, page, position
from services.application.reading.reminders import DueReminder, due_today
from services.application.reading.seasons import season_view
from services.application.views import (
    LedgerRowView,
    MarketplaceView,
    NegotiationView,
    OrganisationView,
    Page,
    ParticipationView,
    ResultsView,
    SeasonView,
    TrailStepView,
)

PATIENCE = 5.0
"""Seconds that a reader waits for a position."""

AsOf = int | datetime | None
Item = TypeVar("Item")


class LedgerAsked(TypedDict, total=False):
    """Which contracts are asked for, and which page of them."""

    state: LedgerState | Collection[LedgerState] | None
    as_of: AsOf
    newest: bool
    limit: int
    cursor: str | None


_NEGOTIATION_STATES: dict[str, tuple[type, ...]] = {"proposed": (Seated, Proposed), "agreed": (Agreed,)}


class Queries:
    """Answers over the runtime's login (one tenant at a time) and the follower's (seasons, worklists)."""

    def __init__(
        self, runtime: asyncpg.Pool, follower: asyncpg.Pool, log: EventLog, vault: Vault, *, patience: float = PATIENCE
    ) -> None:
        self._pools = (runtime, follower)
        self._views = Views(runtime)
        self._across = Across(follower)
        self.log = log
        self.vault = vault
        self._patience = patience

    @classmethod
    async def open(
        cls, runtime_url: str, follower_url: str, log: EventLog, vault: Vault, *, patience: float = PATIENCE
    ) -> Self:
        """Queries over connections of their own, made when first needed; `close` them. Log and vault stay yours."""
        runtime, follower = await open_reading_pool(runtime_url), await open_reading_pool(follower_url, 2)
        return cls(runtime, follower, log, vault, patience=patience)

    async def close(self) -> None:
        """Hang up."""
        for pool in self._pools:
            await pool.close()

    async def wait_for(self, tenant: TenantId, position: int, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the reader's patience
        """Return when the views tell of `position` (read your own writes); default: the reader's patience.

        Raises `ProjectionBehind`, and `Parked` when the record at `position` is held back.
        """
        await reach(self._views, self.log, tenant, position, self._patience if timeout is None else timeout)

    async def caught_up(self, tenant: TenantId) -> None:
        """Return when the views tell of all that is recorded by now; raises as `wait_for` does."""
        await self.wait_for(tenant, (await self.log.head(tenant)).size)

    async def marketplaces(
        self, tenant: TenantId, *, state: str | None = None, limit: int = MOST, cursor: str | None = None
    ) -> Page[MarketplaceView]:
        """The host's editions, in the order in which they were planned. `state` is one of `MarketplaceView.state`."""
        states = None if state is None else _named(shapes.MARKETPLACE_STATES, state)

        async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[Listed]:
            return await snapshot.things(Kind.MARKETPLACE, states=states, limit=most, after=begin or 0)

        async with self._views.snapshot(tenant) as snapshot:
            found, following = await page(snapshot, "marketplaces", cursor, limit, fetch, first)
        return Page(items=[shapes.marketplace_view(listed.entry) for listed in found], next=following)

    async def marketplace(self, tenant: TenantId, marketplace: MarketplaceId) -> MarketplaceView:
        """One edition."""
        async with self._views.snapshot(tenant) as snapshot:
            return shapes.marketplace_view(await edition_of(snapshot, marketplace))

    async def ledger(
        self,
        tenant: TenantId,
        marketplace: MarketplaceId | None = None,
        *,
        public: bool = False,
        **asked: Unpack[LedgerAsked],
    ) -> Page[LedgerRowView]:
        """Contracts in the order in which they were drafted, or `newest` first; those in `state`, as of `as_of`."""
        told = partial(self.rows, public=public)
        return await self.ledger_as(told, tenant, marketplace, certified_only=public, **asked)

    async def ledger_as(
        self,
        told: Callable[[Snapshot, Sequence[LedgerRow]], Awaitable[list[Item]]],
        tenant: TenantId,
        marketplace: MarketplaceId | None,
        *,
        certified_only: bool,
        state: LedgerState | Collection[LedgerState] | None = None,
        as_of: AsOf = None,
        newest: bool = False,
        limit: int = MOST,
        cursor: str | None = None,
    ) -> Page[Item]:
        """As `ledger`, each contract as `told` makes it of snapshot and rows, of all or of those that are public."""
        states = {state} if isinstance(state, LedgerState) else state

        async with self.at(tenant, as_of) as (snapshot, at):

            async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[LedgerRow]:
                return await snapshot.ledger(
                    limit=most,
                    at=at,
                    marketplace=marketplace,
                    states=states,
                    certified_only=certified_only,
                    newest=newest,
                    after=begin,
                )

            name = "ledger-newest" if newest else "ledger"
            rows, following = await page(snapshot, name, cursor, limit, fetch, drafted)
            return Page(
                items=await told(snapshot, rows), next=following, moment=await stands_under(self.log, tenant, at)
            )

    async def contract(
        self, tenant: TenantId, contract: ContractId, *, as_of: AsOf = None, public: bool = False
    ) -> LedgerRowView:
        """One contract, as of `as_of`."""
        async with self.at(tenant, as_of) as (snapshot, at):
            await must_be_told(snapshot, contract)
            row = (await snapshot.contracts([contract], at)).get(contract)
            if row is None or (public and not visibility.visible_to_public(row)):
                raise NotThere
            view = (await self.rows(snapshot, [row], public=public))[0]
            return replace(view, moment=await stands_under(self.log, tenant, at))

    async def trail(
        self, tenant: TenantId, case: StreamId, *, limit: int = MOST, cursor: str | None = None, public: bool = False
    ) -> Page[TrailStepView]:
        """Who did what to a thing; for a negotiation, to the contract that comes of it, whether it came or not."""
        async with self._views.snapshot(tenant) as snapshot:
            case = await case_of(snapshot, case)
            await must_be_told(snapshot, case)

            async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[Any]:
                return await snapshot.trail(case, limit=most, after=begin or 0)

            steps, following = await page(snapshot, "trail", cursor, limit, fetch, position)
            if not steps and cursor is None:
                raise NotThere
            if public and steps and not steps[0].rehearsal:
                await must_be_public(snapshot, case)
            names = Names(snapshot, self.vault)
            return Page(items=await trails.told(steps, names, public=public), next=following)

    async def trail_of_marketplace(
        self,
        tenant: TenantId,
        marketplace: MarketplaceId,
        *,
        limit: int = MOST,
        cursor: str | None = None,
        public: bool = False,
    ) -> Page[TrailStepView]:
        """Everything that happened at an edition, in order, each record once."""
        async with self._views.snapshot(tenant) as snapshot:
            await edition_of(snapshot, marketplace)

            async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[Any]:
                return await snapshot.trail_of_marketplace(marketplace, limit=most, after=begin or 0, public=public)

            steps, following = await page(snapshot, "trail-of-marketplace", cursor, limit, fetch, position)
            names = Names(snapshot, self.vault)
            return Page(items=await trails.told(steps, names, public=public), next=following)

    async def results(self, tenant: TenantId, marketplace: MarketplaceId, *, as_of: AsOf = None) -> ResultsView:
        """What the board showed and what was announced, as of `as_of`; the edition itself is told as it is now."""
        async with self.at(tenant, as_of) as (snapshot, at):
            edition = await edition_of(snapshot, marketplace)
            said = await snapshot.statements(marketplace, at)
            await must_be_told(snapshot, register_of(marketplace), *(statement.id for statement in said))
            return ResultsView(
                marketplace=shapes.marketplace_view(edition),
                ledger=shapes.tally_view(await snapshot.tally(marketplace, at), edition.state.plan),
                statements=[shapes.statement_view(word, said) for word in said if word.stands],
                moment=await stands_under(self.log, tenant, at),
            )

    async def season(self, season: int) -> SeasonView:
        """A season over all hosts, from what they announced; rehearsals and what was called off never count."""
        return season_view(season, await self._across.season(season))

    async def organisations(
        self, tenant: TenantId, *, limit: int = MOST, cursor: str | None = None, public: bool = False
    ) -> Page[OrganisationView]:
        """The organisations that the host knows."""

        def shape(entry: Entry, names: Names) -> OrganisationView:
            shown = not public or visibility.organisation_named_in_public(entry)
            return shapes.organisation_view(entry, names, shown=shown)

        return await self.things(tenant, Kind.ORGANISATION, None, None, limit, cursor, shape)

    async def organisation(
        self, tenant: TenantId, organisation: OrganisationId, *, public: bool = False
    ) -> OrganisationView:
        """One organisation."""
        entry, names = await self.thing(tenant, Kind.ORGANISATION, organisation)
        shown = not public or visibility.organisation_named_in_public(entry)
        return shapes.organisation_view(entry, names, shown=shown)

    async def participations(
        self,
        tenant: TenantId,
        marketplace: MarketplaceId,
        *,
        state: str | None = None,
        limit: int = MOST,
        cursor: str | None = None,
        public: bool = False,
    ) -> Page[ParticipationView]:
        """Who takes part in an edition. `state` is one of `ParticipationView.state`."""
        states = None if state is None else _named(shapes.PARTICIPATION_STATES, state)

        def shape(entry: Entry, names: Names) -> ParticipationView:
            shown = not public or visibility.organisation_named_in_public(entry)
            return shapes.participation_view(entry, names, shown=shown, badges=not public)

        return await self.things(tenant, Kind.PARTICIPATION, marketplace, states, limit, cursor, shape)

    async def participation(self, tenant: TenantId, participation: ParticipationId) -> ParticipationView:
        """One participation."""
        entry, names = await self.thing(tenant, Kind.PARTICIPATION, participation)
        return shapes.participation_view(entry, names, shown=True, badges=True)

    async def negotiations(
        self,
        tenant: TenantId,
        marketplace: MarketplaceId,
        *,
        state: str | None = None,
        limit: int = MOST,
        cursor: str | None = None,
    ) -> Page[NegotiationView]:
        """Negotiations of an edition. `state` is one of `NegotiationView.state`. Never for the public."""
        states, endings = _negotiation_filter(state)
        return await self.things(
            tenant, Kind.NEGOTIATION, marketplace, states, limit, cursor, shapes.negotiation_view, endings=endings
        )

    async def negotiation(self, tenant: TenantId, negotiation: NegotiationId) -> NegotiationView:
        """One negotiation. Never for the public."""
        entry, names = await self.thing(tenant, Kind.NEGOTIATION, negotiation)
        return shapes.negotiation_view(entry, names)

    async def running_editions(self) -> list[RunningEdition]:
        """For the timekeeper: every host's editions whose trading is open, with their announced end and grace."""
        return await self._across.running()

    async def reminders_due(self, after: Place | None, most: int) -> tuple[list[DueReminder], Place | None]:
        """For the timekeeper: what the parties of real contracts are to be asked today, each question once.

        Of `most` contracts behind the place `after` that may have to be asked; the other place is where to go on.
        """
        found, reached = await unasked(self._pools[1], most, after)
        return due_today(found, now()), reached

    async def tables_left_open(self, *but: tuple[TenantId, StreamId], limit: int = 500) -> list[OpenTable]:
        """For the timekeeper: negotiations still open at editions whose trading is over, of every host, but some."""
        return await self._across.open_tables(limit, but)

    @asynccontextmanager
    async def at(self, tenant: TenantId, as_of: AsOf) -> AsyncIterator[tuple[Snapshot, int | None]]:
        """A snapshot that reaches as far as `as_of`, and the position that is meant; for `questions`, too."""
        at = await position_of(self.log, tenant, as_of)
        if at is not None:
            await self._reached(tenant, at)
        async with self._views.snapshot(tenant) as snapshot:
            yield snapshot, at

    async def _reached(self, tenant: TenantId, position: int) -> None:
        async with self._views.snapshot(tenant) as snapshot:
            if snapshot.position >= position:
                return
        await self.wait_for(tenant, position)

    async def rows(self, snapshot: Snapshot, rows: Sequence[LedgerRow], *, public: bool) -> list[LedgerRowView]:
        """Rows with names joined, as this reader may see them."""
        return await ledger_rows.views_of(snapshot, self.vault, rows, public=public)

    async def things(
        self,
        tenant: TenantId,
        kind: Kind,
        marketplace: MarketplaceId | None,
        states: Collection[str] | None,
        limit: int,
        text: str | None,
        shape: Callable[[Entry, Names], Item],
        *,
        endings: Collection[str] | None = None,
    ) -> Page[Item]:
        """A page of the directory, shaped with names."""

        async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[Listed]:
            return await snapshot.things(
                kind, marketplace=marketplace, states=states, endings=endings, limit=most, after=begin or 0
            )

        async with self._views.snapshot(tenant) as snapshot:
            if marketplace is not None:
                await edition_of(snapshot, marketplace)
            found, following = await page(snapshot, kind.value, text, limit, fetch, first)
            names = Names(snapshot, self.vault)
            await names.ask({id_ for listed in found for id_ in needed_by(listed.entry)})
        return Page(items=[shape(listed.entry, names) for listed in found], next=following)

    async def thing(self, tenant: TenantId, kind: Kind, id_: StreamId) -> tuple[Entry, Names]:
        """One thing of the directory, and the names it needs."""
        async with self._views.snapshot(tenant) as snapshot:
            await must_be_told(snapshot, id_)
            entry = (await snapshot.entries([id_])).get(id_)
            if entry is None or entry.kind is not kind:
                raise NotThere
            names = Names(snapshot, self.vault)
            await names.ask(needed_by(entry))
            return entry, names


def _named(states: Any, word: str) -> list[str]:
    """The state's class name; a word that is no state finds nothing."""
    return [states[word].__name__] if word in states else []


def _negotiation_filter(word: str | None) -> tuple[list[str] | None, list[str] | None]:
    if word is None:
        return None, None
    if word in {ending.value for ending in Ending}:
        return [Ended.__name__], [word]
    return [state.__name__ for state in _NEGOTIATION_STATES.get(word, ())], None
