"""`handschlag projections`: the views that are folded from a log."""

import rich_click as click

from domain.identity import TenantId
from services.cli.house import House
from services.cli.inside import in_house
from services.projector.projector import Projector


@click.group("projections")
def projections_group() -> None:
    """Ledger, trails and results, folded from the log."""


@projections_group.command("rebuild")
@click.argument("tenant")
def projections_rebuild(tenant: str) -> None:
    """Fold TENANT's log anew from its first record, while readers go on reading."""

    async def work(house: House) -> str:
        rebuilt = await Projector(house.urls.follower, house.log.wakeups).rebuild(TenantId(tenant))
        return str(rebuilt)

    click.echo(in_house(work))
