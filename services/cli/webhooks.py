"""`handschlag webhooks`: the process that sends webhooks, for who doesn't want the service itself to call the world."""

import asyncio
import contextlib
import signal

import rich_click as click

from domain.identity import MarketplaceId, StreamId
from domain.streaming.audience import Audience
from infra.postgres.embedded import Urls
from infra.settings import Settings
from infra.streams.endpoints import Endpoint
from infra.streams.keeping import SecretKeeper
from services.cli.command import run, settings
from services.cli.database import database
from services.cli.house import House, open_house
from services.relay.messages import Messages
from services.relay.webhooks import Deliverer


def make_deliverer(house: House, settings: Settings) -> Deliverer:
    """The deliverer of a house."""

    async def entitled(endpoint: Endpoint) -> bool:
        """Whether who made it still holds a key that may read what it gets."""
        edition = None if endpoint.marketplace is None else MarketplaceId(StreamId(endpoint.marketplace))
        held = await house.keys.audiences(endpoint.tenant, endpoint.member, endpoint.role, edition)
        needed = Audience(endpoint.wanted.audience)
        return any(each is None or Audience(each).includes(needed) for each in held)

    return Deliverer(
        house.urls.follower,
        house.log.wakeups,
        SecretKeeper(house.vault),
        lambda pool: Messages(pool, settings.address),
        entitled,
        settings.webhook_reach,
    )


@click.command("webhooks")
def webhooks_command() -> None:
    """Send the webhooks of a service that runs with HANDSCHLAG_WEBHOOKS=apart, until Ctrl-C or SIGTERM.

    Several may run; one of them works. It needs the vault's master key, which the secrets are under.
    """
    told = settings()
    with database(told, join=True) as running:
        run(_deliver(running.urls, told))


async def _deliver(urls: Urls, settings: Settings) -> None:
    async with open_house(urls, settings) as house:
        work = asyncio.ensure_future(make_deliverer(house, settings).run())
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, work.cancel)
        click.echo("Sending webhooks", err=True)
        with contextlib.suppress(asyncio.CancelledError):
            await work
