"""The cases of requests: a whole command and a page of the ledger, each beside the barest route that does as much."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

import asyncpg

from domain.access.roles import Role
from infra.clock import fresh_id
from services.cli.bench import plain
from services.cli.bench.bare_routes import PAGE
from services.cli.bench.case import Case, Side
from services.cli.bench.clients import Client, Written, rate, request
from services.cli.bench.servers import Desk, bare_server, our_server
from services.cli.bench.site import Site

CLIENTS = 64
CONTRACTS = CLIENTS + PAGE
"""Enough for a page of its own for each client."""


@dataclass(slots=True)
class Table:
    """A negotiation at which two parties counter each other's terms in turns: the first of `parties` is next."""

    desk: Desk
    negotiation: str
    parties: tuple[str, str]
    version: int

    def counter(self) -> bytes:
        """The next counter-offer."""
        by, to = self.parties
        headers = {
            "Authorization": f"Bearer {self.desk.keys[Role.CLERK]}",
            "Idempotency-Key": fresh_id(),
            "If-Match": f'"{self.version}"',
        }
        self.parties, self.version = (to, by), self.version + 1
        path = f"/v1/{self.desk.tenant}/negotiations/{self.negotiation}/counter"
        return request("POST", path, headers, json.dumps({"by": by, "terms": terms(by, to)}).encode())


def terms(one: str, other: str) -> dict[str, Any]:
    """Two pledges, one each way."""
    return {"pledges": [_pledge(one, other, "Ein Tag im Garten"), _pledge(other, one, "Ein Plakat für das Foyer")]}


def _pledge(giver: str, receiver: str, title: str) -> dict[str, Any]:
    value = {"minor": 10_000, "currency": "EUR", "basis": "lump_sum"}
    what = {"area": "helping-hands", "title": title, "kind": "service", "quantity": 1, "unit": "Tag", "value": value}
    return {"giver": giver, "receiver": receiver} | what


async def trading(desk: Desk) -> tuple[str, str, str]:
    """An edition between its gongs with two parties on the floor: edition, company, non-profit."""
    areas = [{"id": "helping-hands", "label": "Tatkraft"}]
    plan = {"title": "Probe: Bench", "season": 2026, "date": "2026-11-23", "areas": areas, "rehearsal": True}
    edition = (await desk.post("marketplaces", plan, Role.HOST_ADMIN))["id"]
    await desk.post(f"marketplaces/{edition}/open-registration", {}, Role.HOST_ADMIN)
    parties = [await _brought(desk, edition, side) for side in ("company", "nonprofit")]
    await desk.post(f"marketplaces/{edition}/open-trading", {}, Role.MODERATOR)
    return edition, parties[0], parties[1]


async def _brought(desk: Desk, edition: str, side: str) -> str:
    told = {"name": f"Bench {side}", "side": side, "rehearsal": True}
    organisation = (await desk.post("organisations", told))["id"]
    asked = await desk.post("participations", {"marketplace": edition, "organisation": organisation})
    party: str = asked["id"]
    for step in ("admit", "check-in"):
        await desk.post(f"participations/{party}/{step}", {})
    return party


@asynccontextmanager
async def countering(site: Site) -> AsyncIterator[tuple[Side, Side]]:
    """Counter-offers answered a second, beside rows inserted a second."""
    async with our_server(site) as desk, site.rivals_table() as table, bare_server(site, table) as port:
        edition, one, other = await trading(desk)

        async def commands() -> float:
            tables = [await _sat_down(desk, edition, (one, other)) for _ in range(CLIENTS)]
            return await rate(desk.port, [table.counter for table in tables], site.seconds)

        body = json.dumps({"by": one, "terms": terms(one, other)}).encode()
        yield commands, partial(rate, port, _same(request("POST", "/rows", {}, body)), site.seconds)


async def _sat_down(desk: Desk, edition: str, parties: tuple[str, str]) -> Table:
    """A new negotiation, so that no round has longer ones to load than another."""
    one, other = parties
    body = {"marketplace": edition, "by": one, "to": [other], "terms": terms(one, other)}
    receipt = await desk.post("negotiations", body)
    return Table(desk, receipt["id"], (other, one), receipt["records"][-1]["version"])


@asynccontextmanager
async def paging(site: Site, *, apart: bool) -> AsyncIterator[tuple[Side, Side]]:
    """Pages of fifty contracts a second, beside pages of fifty rows whose text is as long.

    All clients ask for the same page, as a hall does; or `apart`, each for one that begins at another contract.
    """
    async with our_server(site) as desk, site.rivals_table() as table, bare_server(site, table) as port:
        await desk.rehearse(CONTRACTS)
        ledger = f"/v1/{desk.tenant}/ledger"
        key = {"Authorization": f"Bearer {desk.keys[Role.AUDITOR]}"}
        asked = [f"{ledger}?limit={PAGE}"] * CLIENTS
        async with Client(desk.port) as client:
            await _copy(site, table, (await client.ask(request("GET", asked[0], key)))[1])
            if apart:
                asked = [
                    f"{ledger}?limit={PAGE}&cursor={await _behind(client, f'{ledger}?limit={rows}', key)}"
                    for rows in range(1, CLIENTS + 1)
                ]
        pages: list[Written] = [partial(request, "GET", page, key) for page in asked]
        yield (
            partial(rate, desk.port, pages, site.seconds),
            partial(rate, port, _same(request("GET", "/rows", {})), site.seconds),
        )


async def _behind(client: Client, page: str, key: dict[str, str]) -> str:
    """The cursor to what comes behind a page."""
    _, body = await client.ask(request("GET", page, key))
    return quote(json.loads(body)["next"])


async def _copy(site: Site, table: str, page: bytes) -> None:
    """The rival's rows hold what ours hold."""
    rows = json.loads(page)["items"]
    connection = await asyncpg.connect(site.urls.runtime)
    try:
        for row in rows:
            await connection.execute(plain.insert(table), *plain.values(json.dumps(row).encode()))
    finally:
        await connection.close()


def _same(asked: bytes) -> list[Written]:
    return [lambda: asked] * CLIENTS


REQUESTS = (
    Case(
        name="command_http",
        ours=f"POST of a counter-offer, the full path, {CLIENTS} clients",
        rival="a bare Litestar route that INSERTs one row with asyncpg",
        unit="answers/s",
        wanted=0.8,
        sides=countering,
    ),
    Case(
        name="query_http",
        ours=f"a ledger page of {PAGE} rows for a host, {CLIENTS} clients",
        rival=f"a bare Litestar route that SELECTs and encodes {PAGE} rows",
        unit="answers/s",
        wanted=0.7,
        sides=partial(paging, apart=False),
    ),
    Case(
        name="query_http_apart",
        ours=f"ledger pages of {PAGE} rows, another one for each of {CLIENTS} clients",
        rival=f"a bare Litestar route that SELECTs and encodes {PAGE} rows",
        unit="answers/s",
        wanted=0.7,
        sides=partial(paging, apart=True),
    ),
)
