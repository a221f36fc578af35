"""`handschlag export`: a host's whole history as one file for auditors."""

from pathlib import Path

import rich_click as click

from domain.identity import TenantId
from services.application.bundling.asked import newest
from services.application.bundling.write import write_bundle
from services.application.proofs import Proofs
from services.auditor.pack import packed
from services.cli.house import House


async def export(house: House, tenant: TenantId, out: Path) -> int:
    """Write the bundle beside its place, then move it there; answers how many records it holds.

    A crash leaves `….part`, which the next export of the same name overwrites.
    """
    part = out.with_name(out.name + ".part")
    asked = await newest(Proofs(house.log), tenant, packed())

    async def show(done: int, of: int) -> None:
        if of:
            click.echo(f"\r{done:,} of {of:,} records", nl=done >= of, err=True)

    with part.open("wb") as file:
        await write_bundle(file, house.log, house.queries, asked, show)
    part.replace(out)
    return asked.size
