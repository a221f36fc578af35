"""The demo of 2006: six hosts, what the source says of their marketplaces, and a rehearsal that ends alike.

The figures come from `season-2006.json`, the project's own copy of the source; null is unknown and stays so. What the
source doesn't say and a marketplace can't do without (how many organisations traded, in Jena and Berlin the value) is
invented for the rehearsal alone, whose title says so. Everything can be repeated: what is there is found, what was
begun is gone on with.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from domain.frozen import dataclass
from infra.clock import now
from services.rehearsal.asking import Asking
from services.rehearsal.player import Progress, play
from services.rehearsal.prepare import HELPLINE
from services.rehearsal.script import AREAS, PROBE, Script
from services.rehearsal.trouble import ClosedEarly

SEASON = 2006
AT_ONCE = 2
"""Hosts that are seeded at a time."""
ATTEMPTS = 3
"""Trading that a killed start left open closes itself after hours; a later start then plays another edition."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalSize:
    """The rehearsal of a city: how many take part and certify, and between which values in cents it ends.

    `invented` says, in the words of the title, what the source is silent about.
    """

    companies: int
    nonprofits: int
    contracts: int
    least_minor: int
    most_minor: int
    invented: str = "nachgespielt"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoHost:
    """A host of 2006. Its name is a description: the source doesn't name every host, and none is made up."""

    tenant: str
    name: str
    city: str
    region: str | None
    time_zone: str = "Europe/Berlin"
    size: RehearsalSize


_INVENTED = "nachgespielt, Gesamtwert erfunden"
_INITIATED = "nachgespielt, Beglaubigung und Gesamtwert erfunden"
"""Jena's partnerships were initiated: nobody says that they were certified."""

_SIZES: Mapping[str, RehearsalSize] = {
    "essen": RehearsalSize(companies=90, nonprofits=150, contracts=97, least_minor=196_000_00, most_minor=199_999_00),
    "jena": RehearsalSize(
        companies=30, nonprofits=30, contracts=87, least_minor=60_000_00, most_minor=75_000_00, invented=_INITIATED
    ),
    "kassel": RehearsalSize(companies=30, nonprofits=34, contracts=68, least_minor=78_400_00, most_minor=81_600_00),
    "berlin": RehearsalSize(
        companies=42, nonprofits=44, contracts=84, least_minor=90_000_00, most_minor=110_000_00, invented=_INVENTED
    ),
    "frankfurt": RehearsalSize(
        companies=36, nonprofits=52, contracts=100, least_minor=130_001_00, most_minor=132_600_00
    ),
    "duesseldorf": RehearsalSize(
        companies=56, nonprofits=68, contracts=123, least_minor=270_000_00, most_minor=270_000_00
    ),
}


@cache
def source() -> Mapping[str, Any]:
    """The project's own copy of the figures."""
    told: Mapping[str, Any] = json.loads(Path(__file__).with_name("season-2006.json").read_text(encoding="utf-8"))
    return told


def _host(told: Mapping[str, Any]) -> DemoHost:
    return DemoHost(
        tenant=told["host"],
        name=f"Veranstalter des Marktplatzes {told['city']}",
        city=told["city"],
        region=told["region"],
        size=_SIZES[told["host"]],
    )


HOSTS: tuple[DemoHost, ...] = tuple(_host(told) for told in source()["marketplaces"])
"""The six hosts, in the order of the source."""


async def seed(base_url: str, access: Mapping[str, Mapping[str, str]], progress: Say) -> None:
    """Give every host its edition of 2006, what was announced of it, and a rehearsal that ends alike.

    `access` holds the keys by tenant and role. Raises `RehearsalTrouble`; started again, it goes on.
    """
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(host: DemoHost) -> None:
        (told,) = (told for told in source()["marketplaces"] if told["host"] == host.tenant)
        async with turn:
            await _seed_host(base_url, access.get(host.tenant, {}), host, told, progress)

    try:
        async with asyncio.TaskGroup() as group:
            for host in HOSTS:
                group.create_task(one(host))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed


async def _seed_host(
    base_url: str, keys: Mapping[str, str], host: DemoHost, told: Mapping[str, Any], progress: Say
) -> None:
    async with Asking(base_url, host.tenant, keys) as asking:
        asking.must_hold("host_admin")
        edition = await _edition(asking, told)
        await _statement(asking, edition, told)
        for attempt in range(1, ATTEMPTS + 1):
            script = rehearsal_of(host, told, attempt)
            if await _is_played(asking, script):
                return
            try:
                await _play(base_url, keys, script, progress)
            except ClosedEarly:
                if attempt == ATTEMPTS:
                    raise
                progress(f"{host.city}: the rehearsal was left for too long and its trading is over; playing it anew.")
            else:
                return


def edition_title(told: Mapping[str, Any]) -> str:
    """The edition's title as the source has it, or a neutral one."""
    return told["title"] or f"Marktplatz {told['city']} {SEASON}"


async def _edition(asking: Asking, told: Mapping[str, Any]) -> str:
    """The real edition, planned as the source tells of it."""
    title = edition_title(told)
    for known in await asking.every("marketplaces"):
        if not known["rehearsal"] and (known["title"], known["season"]) == (title, SEASON):
            return str(known["id"])
    plan = {
        "title": title,
        "season": SEASON,
        "date": told["date"],
        "venue": told.get("venue"),
        "trading_minutes": told.get("trading_minutes", 120),
        "noun": told["agreements"]["noun"],
        "areas": [{"id": slug, "label": label} for slug, label in AREAS],
    }
    receipt = await asking.post("Planning the edition", "host_admin", "marketplaces", plan, f"{SEASON}/plan")
    return str(receipt["id"])


async def _statement(asking: Asking, edition: str, told: Mapping[str, Any]) -> None:
    """What the source says, with its qualifiers; unless a host has said something since."""
    results = await asking.get(f"marketplaces/{edition}/results")
    if results["statements"]:
        return
    body = {
        "marketplace": edition,
        "figures": {name: told[name] for name in _FIGURES},
        "source": source()["source"],
        "notes": told["notes"],
    }
    await asking.post("Announcing the results", "host_admin", "statements", body, f"{SEASON}/announce")


_FIGURES = ("agreements", "value", "business_side", "nonprofit_side", "participants")
"""What the source counts; the file's members are named like ours (`domain.results.figures`)."""


def rehearsal_of(host: DemoHost, told: Mapping[str, Any], attempt: int = 1) -> Script:
    """The script that ends as the source says, at today's date: that is when it is played."""
    again = "" if attempt == 1 else f", {attempt}. Anlauf"
    return Script(
        host=host.tenant,
        companies=host.size.companies,
        nonprofits=host.size.nonprofits,
        contracts=host.size.contracts,
        least_minor=host.size.least_minor,
        most_minor=host.size.most_minor,
        trading_minutes=told.get("trading_minutes", 120),
        seed=SEASON * 10 + HOSTS.index(host),
        title=f"{PROBE}{edition_title(told)} ({host.size.invented}{again})",
        season=SEASON,
        date=now().date(),
        noun=told["agreements"]["noun"],
        venue=None,
    )


async def _is_played(asking: Asking, script: Script) -> bool:
    """Whether the story is told to its end, and the ledger says what the script wishes for."""
    for known in await asking.every("marketplaces"):
        told_over = any(co_host["name"] == HELPLINE for co_host in known["co_hosts"])
        if told_over and known["rehearsal"] and known["title"] == script.edition_title:
            edition = known["id"]
            ledger = (await asking.get(f"marketplaces/{edition}/results"))["ledger"]
            ends_so = (
                ledger["contracts"] == script.contracts
                and script.least_minor <= ledger["value_minor"] <= script.most_minor
            )
            return ends_so and not await asking.every("negotiations", marketplace=edition, state="proposed")
    return False


async def _play(base_url: str, keys: Mapping[str, str], script: Script, progress: Say) -> None:
    """Play it as fast as the machine goes, telling every quarter."""
    told = 0

    def watch(seen: Progress) -> None:
        nonlocal told
        quarter = 4 * seen.certified // seen.of_contracts
        if quarter > told:
            told = quarter
            progress(f"{script.edition_title}: {seen.certified} of {seen.of_contracts} contracts certified")

    await play(base_url, keys, script, watch)
