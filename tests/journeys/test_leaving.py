"""People leave at any moment of an edition: proofs, ledger and board stand as they did, and nothing of them is left.

What is searched for is searched in a dump of the whole database, in every export, page and stream, and in what the
service said, in UTF-8, as hexadecimal digits and as base64.
"""

import asyncio
import base64
import json
import os
import re
import subprocess
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.access.roles import Role
from domain.streaming.audience import Audience
from domain.transparency.merkle import leaf_hash, root
from domain.transparency.proof import Proof
from infra.clock import fresh_id
from infra.postgres.binaries import packaged
from services.application.asking import Scope
from services.cli.house import open_house
from services.cli.keys import issue_key
from tests.running import RunningService, client, running_service
from tests.services.hall import Hall, both_give

ROLES_OF_PEOPLE = ("baker", "banker", "trader", "valuer")
MOMENTS = 10
"""Moments of the edition after which somebody may leave."""


@dataclass
class Person:
    """Somebody with values that stand nowhere else."""

    id: str = field(default_factory=fresh_id)
    name: str = field(default_factory=lambda: f"Änne Über-{fresh_id()}")
    contact: str = field(default_factory=lambda: f"mail-{fresh_id()}@example.org")
    note: str = field(default_factory=lambda: f"Sehr müde heute: {fresh_id()}")
    gone: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """What must not be found."""
        return self.name, self.contact, self.note


class Edition:
    """One edition, played step by step, in which everybody acts who is still there."""

    def __init__(self, hall: Hall, service: RunningService) -> None:
        self.hall = hall
        self.service = service
        self.people = {who: Person() for who in ROLES_OF_PEOPLE}
        self.parties: dict[str, str] = {}
        self.contract = ""
        self.plain = f"Bäckerei {fresh_id()}"
        """A name in the open: the search finds it, so it finds what is there."""

    def steps(self) -> list[Callable[[], Awaitable[None]]]:
        """What happens, in order; after each of them somebody may leave."""
        return [
            self.open, self.register, self.name_people, self.begin, self.draft,
            self.sign, self.value, self.submit, self.certify, self.follow,
        ]  # fmt: skip

    async def open(self) -> None:
        await self.hall.plan()
        valuer = self.people["valuer"]
        valuer.id = self.hall.host.members["valuer"]
        corrected = {"field": "name", "value": valuer.name}
        await self.hall.done(f"persons/{valuer.id}/correct", corrected, role="host_admin")

    async def register(self) -> None:
        trader = self.people["trader"]
        self.parties["banker"] = await self.hall.bring(self.plain, "nonprofit")
        body = {"name": trader.name, "side": "company", "sole_trader": True, "rehearsal": True}
        trader.id = (await self.hall.done("organisations", body))["id"]
        asks = {"marketplace": self.hall.marketplace, "organisation": trader.id}
        self.parties["baker"] = (await self.hall.done("participations", asks))["id"]
        for step in ("admit", "check-in"):
            await self.hall.done(f"participations/{self.parties['baker']}/{step}")

    async def name_people(self) -> None:
        for who in ("baker", "banker"):
            person = self.people[who]
            if person.gone:
                continue
            body = {"person": person.id, "name": person.name, "contact": person.contact}
            await self.hall.done(f"organisations/{await self._organisation(who)}/representatives", body)
            mandate = {"person": person.id, "mandate": "by_office"}
            await self.hall.done(f"organisations/{await self._organisation(who)}/mandates", mandate)

    async def begin(self) -> None:
        await self.hall.gong()

    async def draft(self) -> None:
        one, other = self.parties["baker"], self.parties["banker"]
        told = {"marketplace": self.hall.marketplace, "parties": [one, other], "terms": both_give(one, other)}
        self.contract = (await self.hall.done("contracts/from-form", told))["id"]

    async def sign(self) -> None:
        row = await self.hall.row(self.contract)
        for who, party in self.parties.items():
            person = self.people[who]
            signature = {
                "party": party,
                "manner": "on_paper",
                "witness": self.hall.host.members["clerk"],
                "terms_hash": row["terms_hash"],
                "publicity": True,
            } | ({} if person.gone else {"person": person.id})
            await self.hall.done(f"contracts/{self.contract}/sign", signature)

    async def value(self) -> None:
        await self.hall.done(f"contracts/{self.contract}/submit")

    async def submit(self) -> None:
        back = {"reasons": ["other"]}
        await self.hall.done(f"contracts/{self.contract}/return", back, role="notary")
        await self.hall.done(f"contracts/{self.contract}/submit")

    async def certify(self) -> None:
        await self.hall.done(f"contracts/{self.contract}/certify", role="notary")

    async def follow(self) -> None:
        valuer = self.people["valuer"]
        if not valuer.gone:
            value = {"minor": 20_000, "currency": "EUR", "basis": "lump_sum"}
            body = {"pledge": 0, "value": value, "reason": "other", "note": valuer.note}
            answer = await self.hall.post(f"contracts/{self.contract}/correct-value", body, role="valuer")
            assert answer.status_code == 201, answer.text

    async def leaves(self, who: str) -> None:
        """Somebody is erased, if they were ever there."""
        person = self.people[who]
        answer = await self.hall.post(f"persons/{person.id}/erase", {}, role="host_admin", match=await self._seen(who))
        if answer.status_code == 404:
            return
        assert answer.status_code == 201, answer.text
        person.gone = True

    async def _seen(self, who: str) -> int:
        answer = await self.hall.get(f"persons/{self.people[who].id}")
        version: int = answer.json()["version"] if answer.status_code == 200 else 0
        return version

    async def _organisation(self, who: str) -> str:
        told = await self.hall.read(f"participations/{self.parties[who]}", wait_for=await self.hall.position())
        organisation: str = told["organisation"]
        return organisation

    async def standing(self, position: int) -> dict[str, Any]:
        """Root, ledger and board as of a position, before names are joined."""
        leaves: list[bytes] = []
        while len(leaves) < position:
            page = await self.hall.get("events", after=len(leaves), limit=min(200, position - len(leaves)))
            leaves += [leaf_hash(_exact(page.text, item)) for item in page.json()["items"]]
        board = await self.hall.read(f"marketplaces/{self.hall.marketplace}/results", as_of=position)
        return {"root": root(leaves), "ledger": await self._ledger(position), "board": board["ledger"]}

    async def proved(self, position: int) -> list[bytes]:
        """What can be proved of the first records, as it is told: of the first and the last, and how they grew."""
        await self.signed(position)
        grown: dict[str, Any] = {"from": max(1, position // 2), "to": position}
        answers = [
            await self.hall.get("log/proof/inclusion", position=1, size=position),
            await self.hall.get("log/proof/inclusion", position=position, size=position),
            await self.hall.get("log/proof/consistency", **grown),
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        return [answer.content for answer in answers]

    async def signed(self, position: int) -> None:
        """Wait until a checkpoint covers a position."""
        for _ in range(400):
            status = (await self.hall.http.get(f"/v1/{self.hall.host.tenant}/log/status")).json()
            if status.get("size", 0) >= position:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"record {position} was never signed")

    async def kept(self, position: int) -> Proof:
        """A receipt as somebody would keep it."""
        return Proof.parse((await self.hall.get(f"log/receipt/{position}")).content)

    async def _ledger(self, position: int) -> str:
        connection = await asyncpg.connect(self.service.urls().follower)
        try:
            rows = await connection.fetch(
                "select doc::text from views.ledger where tenant = $1 and valid_from <= $2"
                " and (valid_until is null or valid_until > $2) order by id",
                self.hall.host.tenant,
                position,
            )
        finally:
            await connection.close()
        return sha256("\n".join(row[0] for row in rows).encode()).hexdigest()


def _exact(page: str, item: dict[str, Any]) -> bytes:
    """The entry's bytes as they stand in the answer; RFC 8785 makes them what they are."""
    entry = json.dumps(item["entry"], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert entry in page
    return entry.encode()


def _aside(work: Coroutine[Any, Any, None]) -> None:
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, work).result()


def _shapes(value: str) -> Iterator[bytes]:
    """How a value may stand somewhere: as text, escaped in JSON, in hexadecimal digits, in base64 at any place."""
    plain = value.encode()
    yield plain
    yield json.dumps(value)[1:-1].encode()
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    for shift in range(3):
        whole = base64.b64encode(b"\x00" * shift + plain)
        yield whole[4 if shift else 0 : -4]


def _dumped(service: RunningService) -> bytes:
    """The whole database, and all that stands in it as bytea, once more as bytes."""
    command = [str(packaged().root / "bin" / "pg_dump"), "--enable-row-security", "--role=handschlag_backup"]
    done = subprocess.run([*command, service.urls().owner], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    inside = b"\n".join(bytes.fromhex(found.decode()) for found in re.findall(rb"\\\\x((?:[0-9a-f]{2})+)", done.stdout))
    return done.stdout + inside


async def _streamed(edition: Edition) -> bytes:
    """What a stream tells that may tell persons, from the first record on."""
    hall, size = edition.hall, await edition.hall.position()
    async with open_house(edition.service.urls(), edition.service.settings()) as house:
        scope = Scope(audience=Audience.INTERNAL, persons=True)
        key, _ = await issue_key(house, hall.host.tenant, Role.INTEGRATOR, None, "Register", scope=scope)
    told = b""
    address, headers = f"/v1/{hall.host.tenant}/events/stream", {"Authorization": f"Bearer {key}"}
    async with hall.http.stream("GET", address, headers=headers) as stream:
        assert stream.status_code == 200, await stream.aread()
        async for chunk in stream.aiter_bytes():
            told += chunk
            if f'"sequence":"{size:016}"'.encode() in told:
                break
    return told


async def _taken_home(edition: Edition) -> list[bytes]:
    """Every member of a bundle, and the values that open commitments, as the host's admin gets them."""
    await edition.signed(await edition.hall.position())
    answer = await edition.hall.get("log/bundle")
    assert answer.status_code == 200, answer.text
    with ZipFile(BytesIO(answer.content)) as bundle:
        members = [bundle.read(name) for name in bundle.namelist()]
    opened = await edition.hall.get("log/disclosures.ndjson")
    assert opened.status_code == 200, opened.text
    return [*members, opened.content]


async def _told_everywhere(edition: Edition) -> bytes:
    """What programs and people are told of an edition after all: lists, trails, exports, pages, streams, bundles."""
    hall, at = edition.hall, f"marketplaces/{edition.hall.marketplace}"
    told = []
    for path in (
        "organisations", f"contracts/{edition.contract}", f"contracts/{edition.contract}/trail",
        f"contracts/{edition.contract}/notes", f"{at}/to-call", f"{at}/trail", f"{at}/to-tell",
        f"{at}/ledger.csv", "ledger.csv", f"{at}/report.csv",
    ):  # fmt: skip
        answer = await hall.get(path)
        assert answer.status_code == 200, (path, answer.text)
        told.append(answer.content)
    told.append((await hall.get("events", limit=200)).content)
    told.append((await hall.get("ledger", marketplace=edition.hall.marketplace)).content)
    told.append((await hall.get("participations", marketplace=edition.hall.marketplace)).content)
    for path in (f"{at}/ledger.xlsx", f"{at}/report.xlsx"):
        with ZipFile(BytesIO((await hall.get(path)).content)) as book:
            told += [book.read(name) for name in book.namelist()]
    for page in ("", f"/{at}", f"/{at}/ledger", f"/contracts/{edition.contract}"):
        shown = await hall.http.get(f"/{hall.host.tenant}{page}")
        assert shown.status_code == 200, page
        told.append(shown.content)
    return b"\n".join([*told, await _streamed(edition), *await _taken_home(edition)])


@pytest.fixture(scope="module")
def own_service() -> Iterator[RunningService]:
    """A service whose whole database is searched."""
    with running_service() as service:
        yield service


LONG = os.environ.get("HANDSCHLAG_LAWS") == "long"
"""Whether more leavings are tried than CI has time for."""

LEAVINGS = st.lists(
    st.tuples(st.integers(0, MOMENTS - 1), st.sampled_from(ROLES_OF_PEOPLE)), max_size=4, unique_by=lambda one: one[1]
)


@settings(max_examples=12 if LONG else 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(LEAVINGS)
def test_whoever_leaves_whenever_nothing_else_changes(
    own_service: RunningService, leavings: list[tuple[int, str]]
) -> None:
    """Given an edition under way, when people are erased at any moment, then root, proofs, ledger and board stay.

    Afterwards the edition ends as it would have, and no value of theirs is in the database or told by anybody; what
    is held on those who stayed is under its keys, and read by those who may.
    """
    _aside(_play(own_service, leavings))


async def _play(service: RunningService, leavings: list[tuple[int, str]]) -> None:
    host = await service.new_host()
    async with client(service) as http:
        edition = Edition(Hall(http, host), service)
        for moment, step in enumerate(edition.steps()):
            await step()
            for who in [who for when, who in leavings if when == moment]:
                position = await edition.hall.position()
                await edition.hall.read("organisations", wait_for=position)
                before = await edition.standing(position), await edition.proved(position)
                receipt = await edition.kept(position)
                await edition.leaves(who)
                after = await edition.hall.position()
                await edition.hall.read("organisations", wait_for=after)
                assert (await edition.standing(position), await edition.proved(position)) == before
                assert (await edition.kept(position)).extra == receipt.extra
                then, now = before[0], await edition.standing(after)
                assert (now["ledger"], now["board"]["contracts"], now["board"]["value_minor"]) == (
                    then["ledger"],
                    then["board"]["contracts"],
                    then["board"]["value_minor"],
                )
        results = await edition.hall.results()
        assert results["ledger"]["contracts"] == 1
        await _search(service, edition)


async def _search(service: RunningService, edition: Edition) -> None:
    told = await _told_everywhere(edition)
    dumped = await asyncio.to_thread(_dumped, service)
    said = service.log.read_bytes()
    assert edition.plain.encode().hex().encode() in dumped
    assert edition.plain.encode() in told
    for who, person in edition.people.items():
        for value in person.values:
            for shape in _shapes(value):
                assert shape not in dumped, (who, value, "in the dump")
                assert shape not in said, (who, value, "in what the service said")
                assert not person.gone or shape not in told, (who, value, "told")
    for who, told_of in (("trader", "name"), ("baker", "name"), ("banker", "name"), ("valuer", "note")):
        person = edition.people[who]
        assert not (person.gone and who == "trader") or "(gelöscht)".encode() in told
        assert person.gone or getattr(person, told_of).encode() in told, (who, "is still there, and not told")
