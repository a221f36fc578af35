"""`make season`: a thousand hosts at once on one service, each playing one rehearsal after the other, for ten minutes.

    python -m tests.bench.season --hosts 1000 --minutes 10 --rate 300

Requests leave at an even pace, `--rate` a second over all hosts together, and are measured from there to their answer.
Without a rate they leave as fast as they are answered, `--at-once` at a time: that finds what the machine can do, and
the pace that it sustains lies below. The players share the machine with the service and its PostgreSQL.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import uvloop

from domain.access.roles import Role
from domain.identity import TenantId
from infra.clock import now
from infra.postgres.tenancy import create_tenant
from infra.projections.pool import sql
from services.cli.house import open_house
from services.cli.keys import issue_key
from services.rehearsal import player
from services.rehearsal.asking import Asking
from services.rehearsal.player import ROLES, play
from services.rehearsal.script import Script
from services.rehearsal.trouble import RehearsalTrouble
from tests.running import RunningService, end_in_good_order, running_service

FOLLOWED = 20
"""Hosts whose stream somebody follows."""

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Seen:
    """What was measured: seconds of each command's answer and of each record's way to a follower; lags, by second."""

    answers: list[float] = field(default_factory=list)
    receipts: list[float] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    reads: int = 0
    editions: int = 0
    begun: float = 0.0

    def clear(self) -> None:
        """Forget the warm-up."""
        self.__init__()  # type: ignore[misc]
        self.begun = time.monotonic()


class Pace:
    """Lets requests go: so many a second, or so many at once."""

    def __init__(self, rate: float, at_once: int) -> None:
        self._rate = rate
        self._next = 0.0
        self._room = asyncio.Semaphore(at_once)

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for it; whoever has it asks now."""
        if self._rate:
            clock = time.monotonic()
            self._next = max(self._next, clock - 1.0) + 1 / self._rate
            await asyncio.sleep(max(0.0, self._next - clock))
            yield
        else:
            async with self._room:
                yield


def measured(seen: Seen, pace: Pace) -> type[Asking]:
    """The player's way of asking, in turns and with a watch."""

    class Measured(Asking):
        async def _ask(
            self, what: str, role: str, method: str, path: str, *, headers: dict[str, str], **more: Any
        ) -> dict[str, Any]:
            async with pace.turn():
                began = time.monotonic()
                answer = await super()._ask(what, role, method, path, headers=headers, **more)
                if method == "POST":
                    seen.answers.append(time.monotonic() - began)
                else:
                    seen.reads += 1
                return answer

    return Measured


async def make_hosts(service: RunningService, count: int) -> dict[str, dict[str, str]]:
    """So many hosts, each with a key for every desk that a rehearsal needs, and an integrator's."""
    access: dict[str, dict[str, str]] = {}
    urls = service.urls()
    turns = asyncio.Semaphore(16)
    async with open_house(urls, service.settings()) as house:

        async def made(number: int) -> None:
            async with turns:
                host = TenantId(f"season-{number}")
                await create_tenant(urls.owner, host, name=host, city="Essen", region="", time_zone="Europe/Berlin")
                roles = [*(Role(role) for role in ROLES), Role.INTEGRATOR]
                access[host] = {role.value: (await issue_key(house, host, role, None, "Probe"))[0] for role in roles}

        await asyncio.gather(*(made(number) for number in range(count)))
    return access


async def hosted(url: str, host: str, keys: Mapping[str, str], seen: Seen) -> None:
    """One edition after the other, until cancelled."""
    seed = 0
    while True:
        seed += 1
        script = Script(
            host=host, companies=6, nonprofits=8, contracts=8, least_minor=800_000, most_minor=800_000, seed=seed,
            title=f"Saison {seed}", season=now().year, date=now().date(),
        )  # fmt: skip
        try:
            await play(url, keys, script)
            seen.editions += 1
        except RehearsalTrouble as trouble:
            seen.troubles[f"{type(trouble).__name__}: {str(trouble)[:120]}"] += 1


async def followed(url: str, host: str, key: str, seen: Seen) -> None:
    """Follow a host's stream, and take the time that each record took to get here."""
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=None) as http:
        head = (await http.get(f"/v1/{host}/log/status")).json()["size"]
        async with http.stream("GET", f"/v1/{host}/events/stream?after={head}") as told:
            async for line in told.aiter_lines():
                if line.startswith("data:") and '"time":"' in line:
                    at = line.split('"time":"', 1)[1].split('"', 1)[0]
                    seen.receipts.append(now().timestamp() - datetime.fromisoformat(at).timestamp())


async def watched(follower_url: str, seen: Seen) -> None:
    """How many records are not in the views yet, once a second."""
    connection = await asyncpg.connect(follower_url)
    try:
        while True:
            seen.behind.append(sum(row["size"] - row["position"] for row in await connection.fetch(sql("behind"))))
            await asyncio.sleep(1)
    finally:
        await connection.close()


def busy(pids: Sequence[int]) -> float:
    """Seconds of a processor that these processes have taken, and those they had started that have ended."""
    spent = 0.0
    for pid in pids:
        with contextlib.suppress(OSError):
            told = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            spent += sum(map(int, told[11:15])) / TICK
    return spent


def children(of: int) -> list[int]:
    """The processes below one, which are PostgreSQL's below the service."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            told = entry.read_text().rsplit(")", 1)[1].split()
            if int(told[1]) == of:
                pid = int(entry.parent.name)
                found += [pid, *children(pid)]
    return found


async def measure(service: RunningService, asked: argparse.Namespace) -> dict[str, object]:
    """Make the hosts, let them play, warm up, measure."""
    seen, pace = Seen(), Pace(asked.rate, asked.at_once)
    access = await make_hosts(service, asked.hosts)
    sys.stderr.write(f"{asked.hosts:,} hosts are there\n")
    vars(player)["Asking"] = measured(seen, pace)
    work = [
        asyncio.create_task(followed(service.url, host, access[host]["integrator"], seen))
        for host in list(access)[:FOLLOWED]
    ]
    await asyncio.sleep(2)  # who follows is there before anything happens: what lay there before isn't a receipt
    work += [asyncio.create_task(hosted(service.url, host, keys, seen)) for host, keys in access.items()]
    work.append(asyncio.create_task(watched(service.urls().follower, seen)))
    try:
        await asyncio.sleep(asked.warm_up)
        assert service.process is not None
        pid = service.process.pid
        below = children(pid)
        seen.clear()
        before = busy([pid]), busy(below), busy([os.getpid()])
        for _ in range(round(asked.minutes * 6)):
            await asyncio.sleep(10)
            sys.stderr.write(f"{len(seen.answers):,} commands, {max(seen.behind[-10:]):,} records behind\n")
        took = time.monotonic() - seen.begun
        after = busy([pid]), busy(children(pid)), busy([os.getpid()])
        return told(seen, asked, took, [(now_ - then) / took for now_, then in zip(after, before, strict=True)])
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


def told(seen: Seen, asked: argparse.Namespace, took: float, cores: Sequence[float]) -> dict[str, object]:
    """The report."""

    def share(values: Sequence[float]) -> dict[str, float]:
        ranks = statistics.quantiles(values, n=100) if len(values) > 1 else [0.0] * 99
        return {"p50_ms": round(1000 * ranks[49], 1), "p99_ms": round(1000 * ranks[98], 1)}

    return {
        "hosts": asked.hosts,
        "minutes": round(took / 60, 1),
        "commands_per_second": round(len(seen.answers) / took, 1),
        "reads_per_second": round(seen.reads / took, 1),
        "answer": share(seen.answers),
        "to_a_follower": share(seen.receipts) | {"receipts": len(seen.receipts)},
        "records_not_in_the_views": {"median": statistics.median(seen.behind), "most": max(seen.behind)},
        "editions_played_to_their_end": seen.editions,
        "cores": dict(zip(("service", "postgresql", "players"), (round(each, 2) for each in cores), strict=True)),
        "troubles": dict(seen.troubles),
    }


def main() -> None:
    """Measure, and print the report as JSON."""
    end_in_good_order()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--warm-up", type=float, default=30.0, help="seconds")
    parser.add_argument("--rate", type=float, default=0.0, help="requests a second; 0: as fast as they are answered")
    parser.add_argument("--at-once", type=int, default=64, help="requests under way, without a rate")
    with running_service() as service:
        report = uvloop.run(measure(service, parser.parse_args()))
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
