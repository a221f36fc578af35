"""`handschlag bench`."""

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import rich_click as click
import uvloop

from infra.postgres.migrate import migrate
from infra.settings import Settings
from services.cli.bench.appends import APPENDS
from services.cli.bench.case import Case, CaseUnavailable, Found, measure
from services.cli.bench.replays import REPLAYS
from services.cli.bench.report import as_table, write
from services.cli.bench.requests import REQUESTS
from services.cli.bench.site import Site
from services.cli.database import Database, OwnerUrlMissing, database

CASES = (*APPENDS, *REQUESTS, *REPLAYS)


@click.command("bench")
@click.argument("names", nargs=-1, metavar="[CASE]...")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 100), help="Rounds that count.")
@click.option("--seconds", default=3.0, show_default=True, type=click.FloatRange(0.1, 600), help="Of a side, a round.")
@click.option(
    "--out", default=Path(), type=click.Path(path_type=Path, file_okay=False), help="Where bench.json and bench.svg go."
)
def command(names: tuple[str, ...], rounds: int, seconds: float, out: Path) -> None:
    """Measure this machine: each CASE (default: all) beside what a user would take instead, in turns, in one run.

    It starts a PostgreSQL of its own and throws it away. With HANDSCHLAG_DATABASE_URL and
    HANDSCHLAG_OWNER_DATABASE_URL it measures that server: name a database made for this, since it leaves hosts
    called bench-… in it, and a log forgets nothing.
    """
    cases = [case for case in CASES if not names or case.name in names]
    if unknown := set(names) - {case.name for case in CASES}:
        known = ", ".join(case.name for case in CASES)
        raise click.UsageError(f"There is no case {', '.join(sorted(unknown))}. There are: {known}")
    with tempfile.TemporaryDirectory(prefix="hs-bench-") as home:
        settings = replace(Settings.from_environment(os.environ), home=Path(home))
        with database(settings) as running:
            found, conditions = uvloop.run(_measured(running, cases, rounds, seconds))
    click.echo(f"Both sides: {', '.join(f'{name} {value}' for name, value in conditions.items())}\n")
    click.echo(as_table(found))
    write(found, conditions, out)


async def _measured(
    running: Database, cases: list[Case], rounds: int, seconds: float
) -> tuple[list[Found], dict[str, str]]:
    urls = running.urls
    if not urls.owner:
        raise OwnerUrlMissing(OwnerUrlMissing.__doc__)
    await migrate(urls.owner, urls.runtime, urls.follower, signs=running.settings.signs)
    site, found = Site(urls=urls, settings=running.settings, seconds=seconds), []
    for case in cases:
        try:
            found.append(await measure(case, site, rounds, _tell))
        except CaseUnavailable as why:
            _tell(f"{case.name} is left out: {why}")
    return found, await site.conditions() | {"cores": str(os.cpu_count()), "python": sys.version.split()[0]}


def _tell(what: str) -> None:
    click.echo(what, err=True)
