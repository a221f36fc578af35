"""`handschlag export`: a host's whole history as one file for auditors."""

from dataclasses import replace
from pathlib import Path

import rich_click as click

from domain.identity import TenantId
from domain.transparency.policy import Policy
from infra.vault.disclosures import note_disclosure
from services.application.bundling.asked import asked_of
from services.application.bundling.disclosing import disclosed
from services.application.bundling.write import write_bundle
from services.application.proofs import Proofs
from services.auditor.pack import packed
from services.cli.command import settings
from services.cli.house import House
from services.cli.inside import in_house
from services.cli.keys import OPERATOR
from services.cli.witness_policy import witness_policy

DIFFERS = "The records aren't what was signed. The bundle holds both: handschlag verify says where they differ."


@click.command("export")
@click.option("--tenant", required=True, help="The host whose history it is.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The bundle, a ZIP.")
@click.option("--disclose", is_flag=True, help="With the personal values that records commit to: handle with care.")
def export_command(tenant: str, out: Path, disclose: bool) -> None:
    """Write everything under a host's newest signed checkpoint as one file that auditors verify offline."""
    policy = witness_policy(settings())
    size = in_house(lambda house: export(house, TenantId(tenant), out, policy, disclose=disclose))
    click.echo(f"{out}: {size:,} records. Next: handschlag verify {out} --key KEY, on a machine of your own")


async def export(house: House, tenant: TenantId, out: Path, policy: Policy | None, *, disclose: bool) -> int:
    """Write the bundle beside its place, then move it there; answers how many records it holds.

    What is handed out is noted beside the log before. A crash leaves `….part`, which the next export of the same name
    overwrites.
    """
    part = out.with_name(out.name + ".part")
    asked = await asked_of(Proofs(house.log, policy), tenant, packed())
    detail = {"size": asked.size, "root": asked.root.hex()}
    await note_disclosure(house.vault, tenant, OPERATOR, OPERATOR, "bundle", detail=detail)
    if disclose:
        await note_disclosure(house.vault, tenant, OPERATOR, OPERATOR, "disclosures", detail=detail)
        asked = replace(asked, disclosures=disclosed(house.log, house.vault, tenant, asked.size, None))

    async def show(done: int, of: int) -> None:
        if of:
            click.echo(f"\r{done:,} of {of:,} records", nl=done >= of, err=True)

    with part.open("wb") as file:
        genuine = await write_bundle(file, house.log, house.queries, asked, show)
    part.replace(out)
    if not genuine:
        click.echo(DIFFERS, err=True)
    return asked.size
