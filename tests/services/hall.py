"""A hall to trade in: what people do at a marketplace, told in their words and done over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from infra.clock import fresh_id
from tests.running import Host

AREAS = [{"id": "helping-hands", "label": "Tatkraft"}, {"id": "know-how", "label": "Wissen"}]


@dataclass
class Hall:
    """A host's desk: every method sends one request in the role that does such things."""

    http: httpx2.AsyncClient
    host: Host
    marketplace: str = ""
    versions: dict[str, int] = field(default_factory=dict)

    async def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        role: str = "clerk",
        key: str | None = None,
        match: int | str | None = "seen",
    ) -> httpx2.Response:
        """Ask for something. `match` "seen" sends the version last seen of the thing, None sends none."""
        headers = {"Authorization": f"Bearer {self.host.keys[role]}", "Idempotency-Key": key or fresh_id()}
        thing = path.split("/")[1] if "/" in path else ""
        if match == "seen":
            match = self.versions.get(thing)
        if match is not None:
            headers["If-Match"] = f'"{match}"'
        response = await self.http.post(f"/v1/{self.host.tenant}/{path}", json=body or {}, headers=headers)
        if response.status_code == 201:
            for record in response.json()["records"]:
                self.versions[record["stream"]] = record["version"]
        return response

    async def done(self, path: str, body: Mapping[str, Any] | None = None, *, role: str = "clerk") -> dict[str, Any]:
        """Ask for something that is granted; answers the receipt."""
        response = await self.post(path, body, role=role)
        assert response.status_code == 201, response.text
        receipt: dict[str, Any] = response.json()
        return receipt

    async def get(self, path: str, *, role: str = "host_admin", **query: Any) -> httpx2.Response:
        """Read something."""
        headers = {"Authorization": f"Bearer {self.host.keys[role]}"}
        return await self.http.get(f"/v1/{self.host.tenant}/{path}", headers=headers, params=query)

    async def read(self, path: str, **query: Any) -> Any:
        """Read something that is there."""
        response = await self.get(path, **query)
        assert response.status_code == 200, response.text
        return response.json()

    async def plan(self, **changed: Any) -> str:
        """A rehearsal edition whose registration is open."""
        body = {
            "title": "Probe: Marktplatz",
            "season": 2026,
            "date": "2026-11-23",
            "areas": AREAS,
            "rehearsal": True,
        }
        self.marketplace = (await self.done("marketplaces", body | changed, role="host_admin"))["id"]
        await self.done(f"marketplaces/{self.marketplace}/open-registration", role="host_admin")
        return self.marketplace

    async def bring(self, name: str, side: str, *, rehearsal: bool = True) -> str:
        """An organisation on the floor; answers its participation."""
        organisation = await self.done("organisations", {"name": name, "side": side, "rehearsal": rehearsal})
        body = {"marketplace": self.marketplace, "organisation": organisation["id"]}
        participation: str = (await self.done("participations", body))["id"]
        await self.done(f"participations/{participation}/admit")
        await self.done(f"participations/{participation}/check-in")
        return participation

    async def gong(self) -> None:
        """The opening gong."""
        await self.done(f"marketplaces/{self.marketplace}/open-trading", role="moderator")

    async def closing_gong(self) -> None:
        """The closing gong."""
        await self.done(f"marketplaces/{self.marketplace}/close-trading", role="moderator")

    async def agree(self, one: str, other: str, **terms: Any) -> str:
        """Two parties negotiate and agree; answers the negotiation."""
        body = {"marketplace": self.marketplace, "by": one, "to": [other], "terms": terms or both_give(one, other)}
        negotiation: str = (await self.done("negotiations", body))["id"]
        await self.done(f"negotiations/{negotiation}/accept", {"by": other})
        return negotiation

    async def form(self, one: str, other: str) -> str:
        """An agreed contract, signed by both; answers the contract."""
        negotiation = await self.agree(one, other)
        contract: str = (await self.done("contracts/from-negotiation", {"negotiation": negotiation}))["id"]
        await self.sign(contract, one, other)
        return contract

    async def sign(self, contract: str, *parties: str, publicity: bool = True) -> None:
        """The parties sign on paper; the clerk sees it."""
        row = await self.read(f"contracts/{contract}", wait_for=await self.position())
        for party in parties:
            await self.done(
                f"contracts/{contract}/sign",
                {
                    "party": party,
                    "manner": "on_paper",
                    "witness": self.host.members["clerk"],
                    "terms_hash": row["terms_hash"],
                    "publicity": publicity,
                },
            )

    async def straight(self, *parties: str, **body: Any) -> str:
        """A form written straight at the table, signed by all and handed in; answers the contract."""
        told = {"marketplace": self.marketplace, "parties": parties, "terms": both_give(*parties[:2])} | body
        contract: str = (await self.done("contracts/from-form", told))["id"]
        await self.sign(contract, *parties)
        await self.done(f"contracts/{contract}/submit")
        return contract

    async def certified(self, one: str, other: str) -> str:
        """A certified contract between two parties."""
        contract = await self.form(one, other)
        await self.done(f"contracts/{contract}/submit")
        await self.done(f"contracts/{contract}/certify", role="notary")
        return contract

    async def row(self, contract: str) -> Any:
        """The contract as the ledger has it, all that was recorded by now included."""
        return await self.read(f"contracts/{contract}", wait_for=await self.position())

    async def results(self, **query: Any) -> Any:
        """The edition's results, all that was recorded by now included."""
        return await self.read(f"marketplaces/{self.marketplace}/results", wait_for=await self.position(), **query)

    async def refused(self, why: str, path: str, body: Mapping[str, Any] | None = None, *, role: str = "clerk") -> None:
        """Ask for something that is refused for this reason."""
        response = await self.post(path, body, role=role)
        assert (response.headers["content-type"], response.json()["type"]) == (
            "application/problem+json",
            f"/problems/{why}",
        ), response.text

    async def position(self) -> int:
        """The position of the newest record."""
        after = 0
        while items := (await self.read("events", after=after, limit=200))["items"]:
            after = items[-1]["position"]
        return after


def pledge(giver: str, receiver: str, minor: int = 10_000, title: str = "Ein Tag im Garten") -> dict[str, Any]:
    """A pledge of one party to another."""
    return {
        "giver": giver,
        "receiver": receiver,
        "area": "helping-hands",
        "title": title,
        "kind": "service",
        "quantity": 1,
        "unit": "Tag",
        "value": {"minor": minor, "currency": "EUR", "basis": "lump_sum"},
    }


def both_give(one: str, other: str) -> dict[str, Any]:
    """Terms in which both sides give."""
    return {"pledges": [pledge(one, other), pledge(other, one, 5_000, "Ein Plakat für das Foyer")]}
