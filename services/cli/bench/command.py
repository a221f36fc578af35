"""`handschlag bench`."""

import tempfile
from dataclasses import replace
from logging import ERROR
from pathlib import Path

import rich_click as click
import uvloop

from infra import logging
from infra.postgres.migrate import migrate
from infra.settings import Settings
from services.cli.bench.appends import APPENDS
from services.cli.bench.broadcasts import BROADCASTS
from services.cli.bench.case import Case, CaseUnavailable, Found, measure
from services.cli.bench.growth import GROWTH
from services.cli.bench.idling import IDLING
from services.cli.bench.replays import REPLAYS
from services.cli.bench.report import as_table, write
from services.cli.bench.requests import REQUESTS
from services.cli.bench.site import Site, surroundings
from services.cli.bench.starting import STARTING
from services.cli.database import Database, OwnerUrlMissing, database

CASES = (*REQUESTS, *REPLAYS, *BROADCASTS, *STARTING, *APPENDS, *GROWTH, *IDLING)
"""In the order in which they are measured: a service first folds what appends have left behind, so they come later."""


@click.command("bench")
@click.argument("names", nargs=-1, metavar="[CASE]...")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 100), help="Rounds that count.")
@click.option("--seconds", default=3.0, show_default=True, type=click.FloatRange(0.1, 600), help="Of a side, a round.")
@click.option(
    "--scale",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.001, 1),
    help="Of what is large (records, hosts, listeners): less only shows that it works.",
)
@click.option(
    "--out", default=Path(), type=click.Path(path_type=Path, file_okay=False), help="Where bench.json and bench.svg go."
)
def command(names: tuple[str, ...], rounds: int, seconds: float, scale: float, out: Path) -> None:
    """Measure this machine: each CASE (default: all) beside what a user would take instead, in turns, in one run.

    It starts a PostgreSQL of its own and throws it away. With HANDSCHLAG_DATABASE_URL and
    HANDSCHLAG_OWNER_DATABASE_URL it measures that server: name a database made for this, since it leaves hosts
    called bench-… in it, and a log forgets nothing.
    """
    cases = [case for case in CASES if not names or case.name in names]
    if unknown := set(names) - {case.name for case in CASES}:
        known = ", ".join(case.name for case in CASES)
        raise click.UsageError(f"There is no case {', '.join(sorted(unknown))}. There are: {known}")
    logging.configure(level=ERROR)
    found: list[Found] = []
    conditions: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="hs-bench-") as home:
        settings = replace(Settings.from_environment(surroundings()), home=Path(home))
        with database(settings) as running:
            try:
                uvloop.run(_measure(_site(running, seconds, scale), cases, rounds, found, conditions))
            finally:
                _report(found, conditions, out)


def _site(running: Database, seconds: float, scale: float) -> Site:
    if not running.urls.owner:
        raise OwnerUrlMissing(OwnerUrlMissing.__doc__)
    return Site(urls=running.urls, settings=running.settings, seconds=seconds, scale=scale, tell=_tell)


async def _measure(site: Site, cases: list[Case], rounds: int, found: list[Found], conditions: dict[str, str]) -> None:
    """Measure one case after the other. What was `found` stays when somebody doesn't wait for the rest."""
    await migrate(site.urls.owner, site.urls.runtime, site.urls.follower, signs=site.settings.signs)
    conditions |= await site.conditions()
    for case in cases:
        try:
            found.append(await measure(case, site, rounds))
        except CaseUnavailable as why:
            _tell(f"{case.name} is left out: {why}")


def _report(found: list[Found], conditions: dict[str, str], out: Path) -> None:
    if not found:
        return
    click.echo(f"Both sides: {', '.join(f'{name} {value}' for name, value in conditions.items())}\n")
    click.echo(as_table(found))
    write(found, conditions, out)


def _tell(what: str) -> None:
    click.echo(what, err=True)
