"""`handschlag tenant`: the hosts of an installation."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import rich_click as click

from domain.identity import TenantId
from infra.postgres.tenancy import create_tenant, list_tenants
from services.cli.database import OwnerUrlMissing
from services.cli.house import House
from services.cli.inside import in_house
from services.web.router import RESERVED

_TENANT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED = RESERVED | {"docs", "health", "problems", "schemas", "v1"}
"""First words of our own addresses, the pages' and the API's."""


@click.group("tenant")
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

    in_house(work)
    click.echo(f"{tenant} is there. Next: handschlag key create {tenant} --role host_admin --member NAME")


@tenant_group.command("list")
def tenant_list() -> None:
    """Name the hosts of this installation."""

    async def work(house: House) -> list[str]:
        return [
            f"{host.tenant}\t{host.city}\t{host.name}\t{host.origin}" for host in await list_tenants(house.log.pool)
        ]

    for line in in_house(work):
        click.echo(line)
