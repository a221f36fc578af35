"""`handschlag tail`: a host's log in the terminal, as it grows, in words or as lines of JSON."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import rich_click as click

from domain.names import CLASSES
from infra.settings import Settings
from services.cli.telling import Telling
from services.client import ClientTrouble, Event, Handschlag, Waiting

KEY = "HANDSCHLAG_KEY"
"""The variable that holds the key; never an argument, which every process of the machine could read."""

NAMING = ("organisation.registered.v1", "participation.requested.v1")
"""Records by which the parties of later ones are called by their names."""


@click.command("tail")
@click.option("--url", default=None, help="Where the service answers. [default: here, at HANDSCHLAG_PORT]")
@click.option("--tenant", default=None, help="The host. [default: the one that the key is for]")
@click.option("--after", default=None, type=click.IntRange(0), help="Begin behind this position. [default: 0]")
@click.option("--from-now", is_flag=True, help="Begin with what comes next.")
@click.option("--type", "types", multiple=True, type=click.Choice(sorted(CLASSES)), help="Of this type alone; repeat.")
@click.option("--json", "as_json", is_flag=True, help="Lines of JSON; with an internal key, entries as they stand.")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help=f"A file that holds the key alone. [default: the variable {KEY}]",
)
def command(
    url: str | None,
    tenant: str | None,
    after: int | None,
    from_now: bool,
    types: tuple[str, ...],
    as_json: bool,
    key_file: Path | None,
) -> None:
    """Follow a host's log: what is there, then each record as it comes, until Ctrl-C.

    It goes on by itself when the service was away, and says at the end where to go on.
    """
    if from_now and after is not None:
        raise click.UsageError("Give --after or --from-now, not both.")
    settings = Settings.from_environment(os.environ)
    address = url or f"http://{settings.host}:{settings.port}"
    key = _key(key_file)
    host = tenant or _host_of(key)
    try:
        start = _head(address, host) if from_now else after or 0
        with Handschlag(address, host, key) as handschlag:
            say = _json if as_json else _told(handschlag, start)
            click.echo(f"Following {host} at {address} behind position {start}. Ctrl-C ends it.", err=True)
            told = Told(start)
            with suppress(KeyboardInterrupt):
                asyncio.run(_follow(handschlag, told, types, say))
    except ClientTrouble as trouble:
        raise click.ClickException(str(trouble)) from None
    if told.wanted:
        click.echo(f"Stopped behind position {told.position}. To go on: --after {told.position}", err=True)


@dataclass
class Told:
    """How far the log was told, and whether anybody still listens (not so after `| head`)."""

    position: int
    wanted: bool = True


async def _follow(handschlag: Handschlag, told: Told, types: tuple[str, ...], say: Callable[[Event], str]) -> None:
    """Until Ctrl-C, or until nobody listens any more."""
    try:
        async with aclosing(handschlag.follow(told.position, types, watch=_wait)) as events:
            async for event in events:
                click.echo(say(event))
                told.position = event.position
    except BrokenPipeError:
        told.wanted = False
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left to flush goes nowhere


def _wait(waiting: Waiting) -> None:
    if waiting.seconds > 1:
        click.echo(f"The service is away ({waiting.why}); asking again in {waiting.seconds:.0f} s.", err=True)


def _json(event: Event) -> str:
    if event.raw is None:
        told = {"position": event.position, "id": event.id, "stream": event.stream, "version": event.version}
        seen = {"type": event.type, "time": event.time.isoformat(), "data": event.data, "persons": event.persons}
        return json.dumps(told | seen, ensure_ascii=False)
    raw = event.raw.decode()
    return f'{{"position":{event.position},"leaf_hash":"{event.leaf_hash}","entry":{raw}}}'


def _told(handschlag: Handschlag, start: int) -> Callable[[Event], str]:
    """Tells with names, those included that were given before the start."""
    telling = Telling()
    for type_ in NAMING if start else ():
        for event in handschlag.events(types=(type_,)):
            if event.position > start:
                break
            telling.learn(event)
    return telling.line


def _key(file: Path | None) -> str:
    key = (os.environ.get(KEY) if file is None else file.read_text()) or ""
    if not key.strip().isascii() or len(key.split()) != 1:
        raise click.UsageError(f"Put a key of the host's into {KEY}, or name a file that holds it: --key-file.")
    return key.strip()


def _host_of(key: str) -> str:
    """The host whose name stands in the key (`hs.essen.…`)."""
    parts = key.split(".")
    if len(parts) != 3 or parts[0] != "hs":
        raise click.UsageError("The key doesn't say which host it is for. Name the host: --tenant.")
    return parts[1]


def _head(address: str, tenant: str) -> int:
    """How many records there are by now; everybody may know."""
    try:
        told = httpx2.get(f"{address}/v1/{tenant}/log/status", timeout=20)
    except httpx2.TransportError as error:
        raise click.ClickException(f"{address} doesn't answer: {error}") from None
    if not told.is_success:
        raise click.ClickException(f"There is no host {tenant} at {address}, or it has no checkpoint yet.")
    return int(told.json()["recorded"])
