"""`handschlag key` and `handschlag role`: what opens a host to its members, and what they may do."""

from uuid import UUID

import rich_click as click

from domain.access.roles import Role
from domain.identity import KeyId, MarketplaceId, PersonId, StreamId, TenantId
from domain.streaming.audience import Audience
from services.application.asking import Scope
from services.cli import keys
from services.cli.house import House
from services.cli.inside import in_house


@click.group("key")
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

    key, person = in_house(work)
    click.echo(key)
    click.echo(f"for member {person} as {role}; it can't be shown again", err=True)


@key_group.command("revoke")
@click.argument("tenant")
@click.argument("key_id")
def key_revoke(tenant: str, key_id: str) -> None:
    """Make the key named KEY_ID (see the records access.key_issued) worthless."""
    in_house(lambda house: keys.revoke_key(house, TenantId(tenant), KeyId(key_id)))
    click.echo(f"{key_id} opens nothing any more.")


@click.group("role")
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
    in_house(lambda house: keys.revoke_role(house, TenantId(tenant), Role(role), person, edition))
    click.echo(f"{member_id} is no {role} any more.")


def _edition(told: str | None) -> MarketplaceId | None:
    """The edition named on the command line."""
    if told is None:
        return None
    try:
        return MarketplaceId(StreamId(str(UUID(told))))
    except ValueError:
        raise click.UsageError("MARKETPLACE is an edition's id, a UUID.") from None
