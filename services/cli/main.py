"""`handschlag`: what an operator and a host's desk can ask for. Errors are one clear line and an exit code."""

import asyncio
import os
import re
import sys
from collections.abc import Coroutine
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import rich_click as click
import uvloop
from click.exceptions import Exit

from domain.access.roles import Role
from domain.identity import KeyId, MarketplaceId, PersonId, StreamId, TenantId
from domain.refusal import Refusal
from domain.streaming.audience import Audience
from infra import logging
from infra.postgres.tenancy import TenantExists, create_tenant, list_tenants
from infra.postgres.trouble import PostgresTrouble
from infra.projections.rebuild import HostUnknown, RebuildRunning
from infra.settings import Settings, SettingsTrouble
from infra.vault.trouble import VaultTrouble
from services.application.asking import Scope
from services.cli import demo, keys, rehearse, tail, vault
from services.cli.audits import sample_command, verifier_command, verify_command
from services.cli.bench.command import command as bench_command
from services.cli.database import OwnerUrlMissing, database
from services.cli.exporting import export
from services.cli.house import House, open_house
from services.cli.relay import relay_command
from services.cli.sandbox import sandbox_group
from services.cli.serve import PortInUse, ServiceFailed, listen, serve
from services.cli.signing import log_keys_group, signer_command, witness_policy
from services.cli.webhooks import webhooks_command
from services.cli.witness import witness_command
from services.projector.projector import Projector
from services.rehearsal.trouble import RehearsalTrouble
from services.web.router import RESERVED

Result = TypeVar("Result")

TROUBLE = 1
"""The exit code when something couldn't be done; wrong arguments exit with 2."""

SHOW_TRACEBACK = "HANDSCHLAG_TRACEBACK"
"""A variable for whoever looks for a fault of ours."""

_TENANT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED = RESERVED | {"docs", "health", "problems", "schemas", "v1"}
"""First words of our own addresses, the pages' and the API's."""


class Told(click.ClickException):
    """An error in one line."""

    exit_code = TROUBLE


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("handschlag"), prog_name="handschlag")
def cli() -> None:
    """Handschlag: marketplaces where companies and non-profits trade help for help."""


@cli.command("serve")
@click.option("--demo", "with_demo", is_flag=True, help="On first start, give the six hosts of 2006.")
def serve_command(with_demo: bool) -> None:
    """Serve API and pages until Ctrl-C or SIGTERM."""
    settings = _settings()
    listener = listen(settings)
    with database(settings) as running:
        prepare = partial(demo.prepare, settings) if with_demo else None
        click.echo(f"Handschlag listens on http://{settings.host}:{listener.getsockname()[1]}", err=True)
        _run(serve(running, listener, prepare))


cli.add_command(bench_command)
cli.add_command(verify_command)
cli.add_command(verifier_command)
cli.add_command(sample_command)
cli.add_command(signer_command)
cli.add_command(relay_command)
cli.add_command(log_keys_group)
cli.add_command(witness_command)
cli.add_command(webhooks_command)


@cli.group("tenant")
def tenant_group() -> None:
    """Hosts (tenants) of this installation."""


@tenant_group.command("create")
@click.argument("tenant")
@click.option("--name", required=True, help="The host's name.")
@click.option("--city", required=True, help="The city it works in.")
@click.option("--region", default="", help="The region, if a city doesn't say enough.")
@click.option("--time-zone", default="Europe/Berlin", show_default=True, help="An IANA time zone.")
@click.option("--origin", default=None, help="The log's lasting name. [default: handschlag/TENANT]")
def tenant_create(tenant: str, name: str, city: str, region: str, time_zone: str, origin: str | None) -> None:
    """Make a host called TENANT (lower-case letters, digits, dashes), with an empty log."""
    if not _TENANT.fullmatch(tenant) or len(tenant) > 63 or tenant in _RESERVED:
        raise click.UsageError(
            "TENANT is lower-case letters, digits and single dashes, 63 at most, and not one of our own addresses: "
            + ", ".join(sorted(_RESERVED))
        )
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.UsageError("There is no such time zone. Name one like Europe/Berlin.") from None

    async def work(house: House) -> None:
        if not house.urls.owner:
            raise OwnerUrlMissing(OwnerUrlMissing.__doc__)
        await create_tenant(
            house.urls.owner,
            TenantId(tenant),
            name=name,
            city=city,
            region=region,
            time_zone=time_zone,
            origin=origin,
        )

    _in_house(work)
    click.echo(f"{tenant} is there. Next: handschlag key create {tenant} --role host_admin --member NAME")


@tenant_group.command("list")
def tenant_list() -> None:
    """Name the hosts of this installation."""

    async def work(house: House) -> list[str]:
        return [
            f"{host.tenant}\t{host.city}\t{host.name}\t{host.origin}" for host in await list_tenants(house.log.pool)
        ]

    for line in _in_house(work):
        click.echo(line)


@cli.command("export")
@click.option("--tenant", required=True, help="The host whose history it is.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The bundle, a ZIP.")
@click.option("--disclose", is_flag=True, help="With the personal values that records commit to: handle with care.")
def export_command(tenant: str, out: Path, disclose: bool) -> None:
    """Write everything under a host's newest signed checkpoint as one file that auditors verify offline."""
    policy = witness_policy(_settings())
    size = _in_house(lambda house: export(house, TenantId(tenant), out, policy, disclose=disclose))
    click.echo(f"{out}: {size:,} records. Next: handschlag verify {out} --key KEY, on a machine of your own")


@cli.group("key")
def key_group() -> None:
    """Access keys of a host's members."""


@key_group.command("create")
@click.argument("tenant")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role if role is not Role.TIMEKEEPER]))
@click.option("--member", "name", default=None, help="A new member's name; it is kept under seal.")
@click.option("--member-id", default=None, help="The pseudonym of a member, or of an organisation's representative.")
@click.option("--marketplace", default=None, help="The id of the one edition it is for. [default: all of TENANT's]")
@click.option(
    "--audience",
    default=None,
    type=click.Choice([each.value for each in Audience]),
    help="Make it a key for streams alone, as this audience sees them (with --role integrator).",
)
@click.option("--persons", is_flag=True, help="With personal values in its streams (with --audience).")
def key_create(
    tenant: str, role: str, name: str | None, member_id: str | None, marketplace: str | None, audience: str | None,
    *, persons: bool,
) -> None:  # fmt: skip
    """Print a new key for a member of TENANT in a role. It is shown this once."""
    if (audience is None and persons) or (audience is not None and role != Role.INTEGRATOR.value):
        raise click.UsageError("--persons goes with --audience, and --audience with --role integrator.")
    scope = None if audience is None else Scope(audience=Audience(audience), persons=persons)
    if (name is None) == (member_id is None):
        raise click.UsageError("Give --member NAME for a new member, or --member-id ID for one who is there.")

    async def work(house: House) -> tuple[str, str]:
        person = None if member_id is None else PersonId(member_id)
        return await keys.issue_key(house, TenantId(tenant), Role(role), person, name, _edition(marketplace), scope)

    key, person = _in_house(work)
    click.echo(key)
    click.echo(f"for member {person} as {role}; it can't be shown again", err=True)


@key_group.command("revoke")
@click.argument("tenant")
@click.argument("key_id")
def key_revoke(tenant: str, key_id: str) -> None:
    """Make the key named KEY_ID (see the records access.key_issued) worthless."""
    _in_house(lambda house: keys.revoke_key(house, TenantId(tenant), KeyId(key_id)))
    click.echo(f"{key_id} opens nothing any more.")


@cli.group("role")
def role_group() -> None:
    """Roles of a host's members."""


@role_group.command("revoke")
@click.argument("tenant")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role if role is not Role.TIMEKEEPER]))
@click.option("--member-id", required=True, help="The member's pseudonym.")
@click.option("--marketplace", default=None, help="The id of the one edition it was for. [default: all of TENANT's]")
def role_revoke(tenant: str, role: str, member_id: str, marketplace: str | None) -> None:
    """Take a role from a member of TENANT; all keys for it open nothing any more."""
    person, edition = PersonId(member_id), _edition(marketplace)
    _in_house(lambda house: keys.revoke_role(house, TenantId(tenant), Role(role), person, edition))
    click.echo(f"{member_id} is no {role} any more.")


def _edition(told: str | None) -> MarketplaceId | None:
    """The edition named on the command line."""
    if told is None:
        return None
    try:
        return MarketplaceId(StreamId(str(UUID(told))))
    except ValueError:
        raise click.UsageError("MARKETPLACE is an edition's id, a UUID.") from None


@cli.group("projections")
def projections_group() -> None:
    """Ledger, trails and results, folded from the log."""


@projections_group.command("rebuild")
@click.argument("tenant")
def projections_rebuild(tenant: str) -> None:
    """Fold TENANT's log anew from its first record, while readers go on reading."""

    async def work(house: House) -> str:
        rebuilt = await Projector(house.urls.follower, house.log.wakeups).rebuild(TenantId(tenant))
        return str(rebuilt)

    click.echo(_in_house(work))


@cli.group("vault")
def vault_group() -> None:
    """The vault of personal values."""


@vault_group.command("rotate")
def vault_rotate() -> None:
    """Replace the vault's master key, or go on where a replacement was stopped. The service may run meanwhile.

    Backups made before open with the old key alone: copy the key file first if you want to restore them.
    """
    done = _in_house(vault.rotate_master)
    click.echo(f"{done.rewrapped} keys are under master key {done.current} now.")
    for id_ in done.retired:
        click.echo(f"Nothing is under {id_} any more.")


@vault_group.command("move")
def vault_move() -> None:
    """Move the personal values to HANDSCHLAG_VAULT_DATABASE_URL. Stop the service first."""
    with database(_settings()) as running:
        click.echo(f"{_run(vault.move_out(running))} rows moved.")


cli.add_command(rehearse.command)
cli.add_command(tail.command)
cli.add_command(sandbox_group)


def _settings() -> Settings:
    logging.configure()
    return Settings.from_environment(os.environ)


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def _in_house(work: Any) -> Any:
    """Run `work` with an open house, joining a service that runs on this home."""
    settings = _settings()

    async def inside(urls: Any) -> Any:
        async with open_house(urls, settings) as house:
            return await work(house)

    with database(settings, join=True) as running:
        return _run(inside(running.urls))


def main() -> None:
    """The entry point: no traceback for what a person can mend."""
    try:
        cli.main(standalone_mode=False)
    except Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except (
        SettingsTrouble,
        PostgresTrouble,
        VaultTrouble,
        PortInUse,
        ServiceFailed,
        OwnerUrlMissing,
        TenantExists,
    ) as error:
        _say(str(error))
    except Refusal as refusal:
        _say(refusal.sentence)
    except (HostUnknown, RebuildRunning) as error:
        _say(" ".join((type(error).__doc__ or "").split()))
    except (OSError, demo.DemoTrouble, RehearsalTrouble) as error:
        _say(str(error))
    except Exception as error:
        if os.environ.get(SHOW_TRACEBACK):
            raise
        _say(f"something is wrong on our side: {type(error).__name__}: {error}. {SHOW_TRACEBACK}=1 shows where.")


def _say(sentence: str) -> None:
    click.echo(f"handschlag: {sentence}", err=True)
    sys.exit(TROUBLE)
