"""`handschlag relay`: the process that carries records to the message broker, and how far it is."""

import asyncio
import contextlib
import signal
from functools import partial

import rich_click as click

from infra.event_log.wakeups import Wakeups
from infra.postgres.embedded import Urls
from infra.postgres.migrate import migrate
from infra.settings import NatsSettings, Settings
from infra.streams.jetstream import connect
from infra.streams.outgoing import Outgoing
from infra.streams.relayed import RelayStore, Standing
from services.cli.command import run, settings
from services.cli.database import database
from services.relay.jetstream import Relay


def make_relay(urls: Urls, wakeups: Wakeups, settings: Settings, nats: NatsSettings) -> Relay:
    """The relay to the broker that is set."""
    return Relay(
        urls.follower,
        wakeups,
        partial(connect, nats),
        lambda pool: Outgoing(pool, nats.audience, settings.address),
    )


@click.command("relay")
@click.option("--status", is_flag=True, help="Tell how far every host is, and end.")
def relay_command(status: bool) -> None:
    """Relay records to the broker of HANDSCHLAG_NATS_URL until Ctrl-C or SIGTERM; several may run."""
    told = settings()
    nats = told.nats
    if nats is None and not status:
        raise click.UsageError("Set HANDSCHLAG_NATS_URL: nats://server:4222, or several with commas between.")
    with database(told, join=True) as running:
        if status or nats is None:
            _tell(run(_standing(running.urls)))
        else:
            run(_relay(running.urls, told, nats))


async def _relay(urls: Urls, settings: Settings, nats: NatsSettings) -> None:
    if urls.owner:
        await migrate(urls.owner, urls.runtime, urls.follower)
    wakeups = Wakeups(urls.follower)
    await wakeups.open()
    work = asyncio.ensure_future(make_relay(urls, wakeups, settings, nats).run())
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, work.cancel)
    click.echo(f"Relaying to streams called {nats.stream}-HOST", err=True)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await work
    finally:
        await wakeups.close()


async def _standing(urls: Urls) -> list[Standing]:
    store = await RelayStore.open(urls.follower)
    try:
        return await store.hosts(every=True)
    finally:
        await store.close()


def _tell(hosts: list[Standing]) -> None:
    """A line a host: recorded, relayed, behind, and what is in the way."""
    for host in hosts:
        line = (host.tenant, f"{host.size:,}", f"{host.relayed.position:,}", f"{host.lag:,} behind", host.trouble or "")
        click.echo("\t".join(line).rstrip())
