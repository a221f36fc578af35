"""`handschlag rehearse`: play an edition on a running service, to train a desk, to show, or as load."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import rich_click as click
import uvloop
from click import progressbar

from infra.clock import now
from infra.settings import Settings
from services.rehearsal.player import HOW_TO_GO_ON, Outcome, Progress, play
from services.rehearsal.script import Script
from services.rehearsal.trouble import KeysMissing


@click.command("rehearse")
@click.argument("tenant")
@click.option("--companies", default=30, show_default=True, help="How many companies come.")
@click.option("--nonprofits", default=40, show_default=True, help="How many non-profits come.")
@click.option("--contracts", default=60, show_default=True, help="How many contracts are certified in the end.")
@click.option("--value", default=90_000, show_default=True, help="What they are worth together, in whole EUR.")
@click.option("--trading-minutes", default=120, show_default=True, help="From gong to gong, in the story.")
@click.option(
    "--speed", default=0.0, show_default="as fast as the machine goes", help="Minutes of trading that pass in a minute."
)
@click.option("--seed", default=1, show_default=True, help="The same seed tells the same story.")
@click.option("--title", default="", help="The edition's title; it begins with Probe in any case.")
@click.option("--url", default=None, help="Where the service answers. [default: here, at HANDSCHLAG_PORT]")
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(path_type=Path),
    default=None,
    help='A file {"TENANT": {"ROLE": "KEY"}}. [default: access.json in HANDSCHLAG_HOME]',
)
def command(
    tenant: str,
    companies: int,
    nonprofits: int,
    contracts: int,
    value: int,
    trading_minutes: int,
    speed: float,
    seed: int,
    title: str,
    url: str | None,
    keys_file: Path | None,
) -> None:
    """Play a rehearsal (Probe) at the host TENANT, through the public API, the way people do.

    It needs keys for host_admin, lead, moderator, clerk, broker, notary, valuer and follow_up_officer. Stopped with
    Ctrl-C and started again with the same arguments, it goes on.
    """
    settings = Settings.from_environment(os.environ)
    today = now().date()
    script = Script(
        host=tenant,
        companies=companies,
        nonprofits=nonprofits,
        contracts=contracts,
        least_minor=value * 100,
        most_minor=value * 100,
        trading_minutes=trading_minutes,
        speed=speed,
        seed=seed,
        title=title,
        season=today.year,
        date=today,
    )
    keys = _keys(keys_file or settings.home / "access.json", tenant)
    address = url or f"http://{settings.host}:{settings.port}"
    try:
        outcome = _play(address, keys, script)
    except KeyboardInterrupt:
        raise click.ClickException(HOW_TO_GO_ON) from None
    click.echo(
        f"{script.edition_title}: {outcome.contracts} contracts certified, worth {outcome.value_minor / 100:,.2f} EUR;"
        f" {outcome.lapsed} negotiations lapsed at the gong."
    )
    click.echo(f"{address}/{tenant}/marketplaces/{outcome.marketplace}")


def _play(address: str, keys: Mapping[str, str], script: Script) -> Outcome:
    with progressbar(length=1, label="Rehearsing", show_pos=True, file=sys.stderr) as bar:

        def watch(seen: Progress) -> None:
            bar.length = seen.of_steps
            bar.update(seen.steps - bar.pos)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(play(address, keys, script, watch))


def _keys(file: Path, tenant: str) -> Mapping[str, str]:
    try:
        access = json.loads(file.read_text())
        keys: Mapping[str, str] = access[tenant]
    except FileNotFoundError:
        raise KeysMissing(f"{file} isn't there. Name a file of keys with --keys, or make keys: key create.") from None
    except (ValueError, TypeError):
        raise KeysMissing(f'{file} can\'t be read. It holds {{"TENANT": {{"ROLE": "KEY"}}}}.') from None
    except KeyError:
        raise KeysMissing(f"{file} holds no keys of {tenant}.") from None
    return keys
