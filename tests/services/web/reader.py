"""A reader that answers with made-up views, and an app with our pages over it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from litestar import Litestar
from litestar.exceptions import HTTPException

from domain.identity import TenantId
from domain.ledger.row import LedgerState
from domain.refusal import NotThere
from infra.postgres.tenancy import Tenant
from infra.projections.across import SeasonEdition
from services.application.listeners import Limits, Listeners
from services.application.queries import Queries
from services.application.reading.seasons import season_view
from services.application.reading.trouble import Parked
from services.application.views import (
    LedgerRowView,
    MarketplaceView,
    Page,
    ResultsView,
    SeasonView,
    TrailStepView,
)
from services.web.router import create_router
from services.web.troubles import error_page
from tests.services.web.made_up import host


class Silence:
    """Wake-ups that never wake."""

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - as the real one
        await asyncio.sleep(min(timeout, 0.02))
        return False

    @asynccontextmanager
    async def watch(self, tenant: TenantId | None) -> AsyncIterator["Silence"]:  # noqa: ARG002 - as the real one
        yield self


Ledger = Page[LedgerRowView]


@dataclass
class Reader:
    """What the pages ask for, answered from lists. `trouble` is raised instead of every answer.

    The boards of `held_back` editions can't be told, those of editions that are `gone` aren't there any more; `listed`
    keeps whose editions were asked for.
    """

    editions: list[ResultsView] = field(default_factory=list)
    rows: list[LedgerRowView] = field(default_factory=list)
    steps: list[TrailStepView] = field(default_factory=list)
    announced: list[SeasonEdition] = field(default_factory=list)
    trouble: Exception | None = None
    public: list[bool] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    listed: list[str] = field(default_factory=list)

    async def marketplaces(self, tenant: str, **_: Any) -> Page[MarketplaceView]:
        self.listed.append(tenant)
        await asyncio.sleep(0)
        self._answer()
        return Page(items=[one.marketplace for one in self.editions] if tenant == "essen" else [], next=None)

    async def marketplace(self, tenant: str, id_: str) -> MarketplaceView:
        return (await self.results(tenant, id_)).marketplace

    async def results(self, tenant: str, id_: str) -> ResultsView:  # noqa: ARG002 - one host has all
        self._answer()
        if id_ in self.held_back:
            raise Parked
        for one in self.editions:
            if one.marketplace.id == id_ and id_ not in self.gone:
                return one
        raise NotThere

    async def season(self, season: int) -> SeasonView:
        return season_view(season, self.announced)

    async def ledger(self, *_: str, state: Any = None, limit: int = 200, public: bool = False, **__: Any) -> Ledger:
        self._answer()
        self.public.append(public)
        states = {state} if isinstance(state, LedgerState) else state
        found = [row for row in self.rows if states is None or row.state in states]
        return Page(items=found[:limit], next="more" if len(found) > limit else None)

    async def contract(self, tenant: str, id_: str, *, public: bool = False) -> LedgerRowView:  # noqa: ARG002
        self.public.append(public)
        for row in self.rows:
            if row.id == id_:
                return row
        raise NotThere

    async def trail(self, tenant: str, id_: str, *, public: bool = False, **_: Any) -> Page[TrailStepView]:  # noqa: ARG002
        self.public.append(public)
        return Page(items=self.steps, next=None)

    def _answer(self) -> None:
        if self.trouble is not None:
            raise self.trouble


def listeners(*, patience: float = 30, lifetime: float = 3600, most: int = 100) -> Listeners:
    """Places for a test's streams."""
    return Listeners(Limits(patience=patience, lifetime=lifetime, listeners=most))


async def hosts() -> list[Tenant]:
    """Three hosts."""
    return [host("duesseldorf", "Düsseldorf"), host("essen", "Essen"), host("jena", "Jena")]


def app(reader: Reader, stopping: asyncio.Event | None = None) -> Litestar:
    """Our pages as the service mounts them."""
    router = create_router(cast("Queries", reader), hosts, Silence(), stopping or asyncio.Event(), listeners())
    return Litestar([router], exception_handlers={HTTPException: error_page}, openapi_config=None, logging_config=None)
