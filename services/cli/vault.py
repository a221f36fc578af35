"""`handschlag vault`: the vault, as the operator looks after it: another master key, another database."""

import rich_click as click

from infra.event_log.reader import open_pool
from infra.postgres.migrate import migrate
from infra.postgres.tenancy import list_tenants
from infra.vault.moving import move
from infra.vault.opening import open_own
from infra.vault.rotation import Rotated, rotate
from infra.vault.trouble import VaultElsewhere
from services.cli.command import run, settings
from services.cli.database import Database, database
from services.cli.house import House
from services.cli.inside import in_house


@click.group("vault")
def vault_group() -> None:
    """The vault of personal values."""


@vault_group.command("rotate")
def vault_rotate() -> None:
    """Replace the vault's master key, or go on where a replacement was stopped. The service may run meanwhile.

    Backups made before open with the old key alone: copy the key file first if you want to restore them.
    """
    done = in_house(rotate_master)
    click.echo(f"{done.rewrapped} keys are under master key {done.current} now.")
    for id_ in done.retired:
        click.echo(f"Nothing is under {id_} any more.")


@vault_group.command("move")
def vault_move() -> None:
    """Move the personal values to HANDSCHLAG_VAULT_DATABASE_URL. Stop the service first."""
    with database(settings()) as running:
        click.echo(f"{run(move_out(running))} rows moved.")


async def rotate_master(house: House) -> Rotated:
    """Wrap every person's key under a new master key, or go on doing so."""
    tenants = [host.tenant for host in await list_tenants(house.log.pool)]
    return await rotate(house.vault, tenants)


async def move_out(running: Database) -> int:
    """Move the personal values to the vault's own database, which the settings name; answers how many rows."""
    url = running.settings.vault_database_url
    if url is None:
        raise VaultElsewhere("set HANDSCHLAG_VAULT_DATABASE_URL to say where to")
    urls = running.urls
    if urls.owner:
        await migrate(urls.owner, urls.runtime, urls.follower)
    there = await open_own(url)
    try:
        here = await open_pool(urls.runtime, 2)
        try:
            return await move(here, there, [host.tenant for host in await list_tenants(here)])
        finally:
            await here.close()
    finally:
        await there.close()
