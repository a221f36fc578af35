"""Who belongs to a host, as its access stream tells; their names come from the vault."""

from domain.access.members import Access
from domain.access.roles import Role
from domain.aggregates import ACCESS
from domain.identity import PersonId, TenantId, access_of
from services.application.commands import Application
from services.application.reading.names import NAME
from services.application.seen import fold


async def members_in(application: Application, tenant: TenantId, role: Role) -> dict[PersonId, str | None]:
    """The members with a role, at the host or in an edition, and their names, None where one is erased; by name."""
    stream = access_of(tenant)
    access: Access = fold(ACCESS, (await application.log.read(tenant, None, [stream])).streams[stream]).state
    people = sorted({held.person for held in access.roles if held.role is role})
    kept = await application.vault.read(tenant, people) if people else {}
    named = {person: kept.get(person, {}).get(NAME) for person in people}
    return dict(sorted(named.items(), key=lambda pair: (pair[1] or "").casefold()))
