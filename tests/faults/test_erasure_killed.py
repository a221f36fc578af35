"""kill -9 while people are erased: each of them is either recorded and gone, or not recorded and there."""

import asyncio
import contextlib
import random

import asyncpg
import httpx2

from infra.clock import fresh_id
from tests.running import RunningService, client, running_service
from tests.services.hall import Hall

PEOPLE = 12
PATIENCE = 60.0


async def _erased(hall: Hall) -> set[str]:
    """Whom the records say to be erased."""
    found: set[str] = set()
    after = 0
    while items := (await hall.read("events", after=after, limit=200))["items"]:
        found |= {item["entry"]["data"]["person"] for item in items if item["entry"]["type"] == "person.erased.v1"}
        after = items[-1]["position"]
    return found


async def _left(service: RunningService, hall: Hall, persons: set[str]) -> set[str]:
    """Those of `persons` of whom the vault holds a value or a key, whoever may read it."""
    connection = await asyncpg.connect(service.urls().runtime)
    try:
        async with connection.transaction():
            await connection.execute("select set_config('app.tenant', $1, true)", hall.host.tenant)
            rows = await connection.fetch(
                "select person from vault.sealed_values where person = any($1::uuid[])"
                " union select person from vault.persons where person = any($1::uuid[]) and wrapped is not null",
                sorted(persons),
            )
    finally:
        await connection.close()
    return {str(row["person"]) for row in rows}


async def _is_there(hall: Hall, person: str) -> None:
    """Returns when the person's name is read again."""
    while True:
        if (await hall.read(f"persons/{person}"))["name"] is not None:
            return
        await asyncio.sleep(0.5)


async def _erase(hall: Hall, person: str, key: str) -> None:
    with contextlib.suppress(httpx2.TransportError):
        await hall.post(f"persons/{person}/erase", {}, role="host_admin", key=key)


async def test_an_erasure_is_done_or_not_begun_after_kill_9() -> None:
    """Given erasures under way, when the service is killed at some moment and started again, then log and vault agree.

    As soon as it answers, nothing is left of whom the records call erased. Whom they don't is there again before
    long, unless the same request comes again: then it is done, once.
    """
    chance = random.Random(2006)
    with running_service() as service:
        host = await service.new_host()
        for _ in range(3):
            async with client(service) as http:
                hall = Hall(http, host)
                bakery = (await hall.done("organisations", {"name": f"Bäckerei {fresh_id()}", "side": "company"}))["id"]
                people = {fresh_id(): fresh_id() for _ in range(PEOPLE)}
                for person in people:
                    body = {"person": person, "name": f"Erika {person[:8]}", "contact": person[9:]}
                    await hall.done(f"organisations/{bakery}/representatives", body)
                under_way = [asyncio.create_task(_erase(hall, person, key)) for person, key in people.items()]
                await asyncio.sleep(chance.uniform(0.02, 0.25))
                await asyncio.to_thread(service.kill)
                await asyncio.gather(*under_way)
                await asyncio.to_thread(service.start)
            async with client(service) as http:
                hall = Hall(http, host)
                gone = await _erased(hall) & set(people)
                assert await _left(service, hall, gone) == set()
                still_here = set(people) - gone
                async with asyncio.timeout(PATIENCE):
                    await asyncio.gather(*(_is_there(hall, person) for person in still_here))
                for person, key in people.items():
                    again = await hall.post(f"persons/{person}/erase", {}, role="host_admin", key=key)
                    assert again.status_code == 201, again.text
                    assert again.json()["replayed"] is (person in gone)
                assert await _erased(hall) >= set(people)
                assert await _left(service, hall, set(people)) == set()
