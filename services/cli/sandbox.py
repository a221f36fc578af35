"""`handschlag sandbox`: a host to build against, at which rehearsals are played on demand, at any speed."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import rich_click as click
from click import progressbar

from domain.access.roles import Role
from domain.identity import TenantId
from infra.postgres.tenancy import create_tenant, find_tenant
from infra.settings import Settings
from services.api.sandbox import MOST
from services.cli import demo
from services.cli.command import settings
from services.cli.database import OwnerUrlMissing
from services.cli.house import House
from services.cli.inside import in_house
from services.cli.keys import issue_key
from services.cli.playing import sandbox_file
from services.cli.tail import KEY

LOOK = 0.5
"""Seconds between looks at a play."""


@click.group("sandbox")
def sandbox_group() -> None:
    """A host to build against: rehearsals on demand."""


@sandbox_group.command("create")
@click.argument("tenant", default="sandbox")
@click.option("--key", "with_key", is_flag=True, help="Print a new integrator's key. It is shown this once.")
def create_command(tenant: str, with_key: bool) -> None:
    """Make a host called TENANT that is a sandbox, or find the one that is there. Nothing in it is real.

    Run it with the HANDSCHLAG_HOME of the service: the keys of its desks are kept there, in sandbox.json.
    """
    file = sandbox_file(settings().home)
    key = in_house(lambda house: make_sandbox(house, file, TenantId(tenant), with_key=with_key))
    click.echo(f"{tenant} is a sandbox. Next: handschlag sandbox play {tenant}", err=True)
    if key:
        click.echo(key)


async def make_sandbox(house: House, file: Path, tenant: TenantId, *, with_key: bool) -> str:
    """Make or find a sandbox; answers a new integrator's key, if one is wished for.

    Order: noted as a sandbox, made, its desks' keys one by one; what a crash left undone is done next time.
    """
    if not house.urls.owner:
        raise OwnerUrlMissing(OwnerUrlMissing.__doc__)
    sandboxes = demo.read_access(file)
    known = await find_tenant(house.log.pool, tenant) is not None
    if tenant not in sandboxes:
        if known:
            raise click.ClickException(f"{tenant} is a host already, and no sandbox. Choose another name.")
        sandboxes[tenant] = {}
        demo.write_access(file, sandboxes)
    if not known:
        await create_tenant(
            house.urls.owner, tenant, name="Sandkasten", city="Nirgendwo", region="", time_zone="Europe/Berlin"
        )
    await demo.issue_missing(house, tenant, sandboxes, file)
    if not with_key:
        return ""
    key, _ = await issue_key(house, tenant, Role.INTEGRATOR, None, "Integration")
    return key


@sandbox_group.command("play")
@click.argument("tenant", default="sandbox")
@click.option(
    "--speed", default=60.0, show_default=True, help="Minutes of trading in a minute; 1: as people, 0: at once."
)
@click.option(
    "--companies", default=12, show_default=True, type=click.IntRange(1, MOST), help="How many companies come."
)
@click.option(
    "--nonprofits", default=16, show_default=True, type=click.IntRange(1, MOST), help="How many non-profits come."
)
@click.option(
    "--contracts", default=20, show_default=True, type=click.IntRange(1, MOST), help="How many are certified."
)
@click.option("--trading-minutes", default=120, show_default=True, help="From gong to gong, in the story.")
@click.option("--seed", default=1, show_default=True, help="The same seed tells the same story.")
@click.option("--url", default=None, help="Where the service answers. [default: here, at HANDSCHLAG_PORT]")
def play_command(tenant: str, url: str | None, **wish: float) -> None:
    """Play a rehearsal at the sandbox TENANT and watch it; Ctrl-C stops it.

    The key is taken from HANDSCHLAG_KEY, or from the sandbox.json of this home.
    """
    settings = Settings.from_environment(os.environ)
    address = url or f"http://{settings.host}:{settings.port}"
    key = os.environ.get(KEY) or demo.read_access(sandbox_file(settings.home)).get(tenant, {}).get("integrator")
    if not key:
        raise click.UsageError(f"{sandbox_file(settings.home)} knows no sandbox {tenant}, and {KEY} isn't set.")
    headers = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=f"{address}/v1/{tenant}/sandbox", headers=headers, timeout=30) as http:
        try:
            told = _watch(http, _asked(http, "POST", "/play", wish))
        except KeyboardInterrupt:
            told = _asked(http, "POST", "/stop")
        except httpx2.TransportError as error:
            raise click.ClickException(f"{address} doesn't answer: {error}") from None
    click.echo(f"{told['title']}: {told['state']}, {told['certified']} contracts; records after {told['after']}.")
    if told["trouble"]:
        raise click.ClickException(told["trouble"])


def _watch(http: httpx2.Client, told: dict[str, Any]) -> dict[str, Any]:
    with progressbar(length=1, label="Playing", show_pos=True, file=sys.stderr) as bar:
        while told["state"] == "playing":
            time.sleep(LOOK)
            told = _asked(http, "GET", "")
            bar.length = told["of_steps"] or 1
            bar.update(told["steps"] - bar.pos)
    return told


def _asked(http: httpx2.Client, method: str, path: str, body: dict[str, int | float] | None = None) -> dict[str, Any]:
    answer = http.request(method, path, json=body) if body is not None else http.request(method, path)
    told = json.loads(answer.content)
    if not answer.is_success:
        raise click.ClickException(told["detail"])
    play: dict[str, Any] = told["play"]
    return play
