"""`handschlag signer` and `handschlag log-keys`: the process that signs, and the keys that it signs with."""

import asyncio
import contextlib
import signal

import rich_click as click

from infra.event_log.wakeups import Wakeups
from infra.postgres.embedded import Urls
from infra.postgres.migrate import migrate
from infra.signing.store import SignerStore
from services.cli.command import run, settings
from services.cli.database import database
from services.cli.witness_policy import witness_policy
from services.signer.cosigner import Cosigner
from services.signer.signer import Signer, log_seeds


@click.command("signer")
def signer_command() -> None:
    """Sign the logs of a service that runs with HANDSCHLAG_SIGNER=apart, until Ctrl-C or SIGTERM."""
    told = settings()
    policy = witness_policy(told)

    async def sign(urls: Urls) -> None:
        if urls.owner:
            await migrate(urls.owner, urls.runtime, urls.follower, signs=True)
        wakeups = Wakeups(urls.follower)
        await wakeups.open()
        work = [Signer(urls.follower, wakeups, told.home).run()]
        if policy is not None:
            work.append(Cosigner(urls.follower, policy).run())
        signer = asyncio.gather(*work)
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, signer.cancel)
        click.echo(f"Signing, with the keys in {told.home / 'keys'}", err=True)
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await signer
        finally:
            await wakeups.close()

    with database(told, join=True) as running:
        run(sign(running.urls))


@click.group("log-keys")
def log_keys_group() -> None:
    """The keys that sign the logs' checkpoints."""


@log_keys_group.command("list")
def list_keys() -> None:
    """Name the seeds that are here, oldest first; each gives every log a key."""
    for number in log_seeds(settings().home).numbers():
        click.echo(str(number))


@log_keys_group.command("rotate")
@click.option("--after-loss", is_flag=True, help="The old seeds are lost: sign on without them.")
def rotate(after_loss: bool) -> None:
    """Add a seed. From now on checkpoints are signed with the old keys and the new ones."""
    told = settings()
    seeds = log_seeds(told.home)

    async def work(urls: Urls) -> int:
        store = await SignerStore.open(urls.follower)
        try:
            if after_loss:
                await store.give_up_keys()
            return seeds.add(max([await store.last_seed(), *seeds.numbers()]) + 1)
        finally:
            await store.close()

    if after_loss == bool(seeds.numbers()):
        why = "There are seeds here: rotate without --after-loss." if after_loss else "No seed is here: put it back."
        raise click.ClickException(f"{why} (Only if it is lost for good: --after-loss.)")
    with database(told, join=True) as running:
        number = run(work(running.urls))
    click.echo(f"Seed {number} is there. Publish the new keys (/.well-known/handschlag-log-keys); when everybody")
    click.echo(f"who verifies has them, retire the old ones: handschlag log-keys retire {max(number - 1, 1)}")


@log_keys_group.command("retire")
@click.argument("number", type=int)
def retire(number: int) -> None:
    """Destroy seed NUMBER: its keys sign no more. What they have signed stays valid."""
    told = settings()
    seeds = log_seeds(told.home)
    here = seeds.numbers()
    if number not in here[:-1]:
        raise click.ClickException("That seed isn't here, or is the newest one: rotate first.")

    async def work(urls: Urls) -> int:
        store = await SignerStore.open(urls.follower)
        try:
            return await store.lagging(here)
        finally:
            await store.close()

    with database(told, join=True) as running:
        lagging = run(work(running.urls))
    if lagging:
        raise click.ClickException(f"{lagging} logs aren't signed with the newest keys yet. Let the signer run first.")
    seeds.remove(number)
    click.echo(f"Seed {number} is gone.")
