"""The first start of `make run`: the six hosts of 2006, their desks' keys, and what they traded, played for real.

Everything here can be repeated: a start that was killed in the middle goes on, a later one finds it all there.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import click

from domain.access.roles import Role
from domain.identity import TenantId
from infra.postgres.tenancy import create_tenant, find_tenant
from infra.settings import Settings
from services.cli.database import OwnerUrlMissing
from services.cli.house import House
from services.cli.keys import issue_key, member_of_desk
from services.rehearsal.season import HOSTS, seed

DESKS: Mapping[Role, str] = {
    Role.HOST_ADMIN: "Probe-Leitung",
    Role.LEAD: "Probe-Marktplatzleitung",
    Role.MODERATOR: "Probe-Moderation",
    Role.CLERK: "Probe-Erfassung",
    Role.BROKER: "Probe-Makler",
    Role.NOTARY: "Probe-Notarin",
    Role.VALUER: "Probe-Rechenstelle",
    Role.FOLLOW_UP_OFFICER: "Probe-Nachfrage",
    Role.AUDITOR: "Probe-Prüferin",
    Role.INTEGRATOR: "Probe-Anbindung",
}
"""The desks of a demo host, each with one invented member."""

Access = dict[str, dict[str, str]]


class DemoTrouble(Exception):
    """The demo couldn't be prepared."""


async def prepare(settings: Settings, house: House, address: str) -> None:
    """Make what isn't there yet: hosts, keys (in `access.json`), then editions, statements and rehearsals over HTTP."""
    if not house.urls.owner:
        raise OwnerUrlMissing(OwnerUrlMissing.__doc__)
    access_file = settings.home / "access.json"
    access = read_access(access_file)
    for host in HOSTS:
        tenant = TenantId(host.tenant)
        if await find_tenant(house.log.pool, tenant) is None:
            await create_tenant(
                house.urls.owner,
                tenant,
                name=host.name,
                city=host.city,
                region=host.region or "",
                time_zone=host.time_zone,
            )
        await issue_missing(house, tenant, access, access_file)
    await seed(address, access, _say)
    _say(f"Handschlag is ready: {address}/  (keys: {access_file}, API: {address}/docs)")


async def issue_missing(house: House, tenant: TenantId, access: Access, access_file: Path) -> None:
    """A key for every desk that has none. One that was issued and not written down by a crash is issued anew."""
    held = access.setdefault(tenant, {})
    for role, name in DESKS.items():
        if role.value not in held:
            held[role.value], _ = await issue_key(house, tenant, role, member_of_desk(tenant, role), name)
            write_access(access_file, access)


def read_access(file: Path) -> Access:
    """The keys in a file, by tenant and role; none where there is no file. Raises `DemoTrouble`."""
    try:
        access: Access = json.loads(file.read_text())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise DemoTrouble(f"{file} can't be read. Move it away; new keys will be made.") from error
    return access


def write_access(file: Path, access: Access) -> None:
    """Whole or not at all, and for this user's eyes only."""
    new = file.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(access, out, indent=2)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


def _say(line: str) -> None:
    click.echo(line, err=True)
