"""Who belongs to a host, as its access stream tells; their names come from the vault."""

from domain.access.members import Access
from domain.access.roles import Role
from domain.identity import PersonId, TenantId, access_of
from services.application.aggregates import ACCESS
from services.application.commands import Application
from services.application.reading.names import NAME
from services.application.seen import fold


async def members_in(application: Application, tenant: TenantId, role: Role) -> dict[PersonId, str | None]:
    """The members with a role and their names, None where a name is erased; in the order of their names."""
    stream = access_of(tenant)
    access: Access = fold(ACCESS, (await application.log.read(tenant, None, [stream])).streams[stream]).state
    people = sorted(person for person, roles in access.roles.items() if role in roles)
    kept = await application.vault.read(tenant, people) if people else {}
    named = {person: kept.get(person, {}).get(NAME) for person in people}
    return dict(sorted(named.items(), key=lambda pair: (pair[1] or "").casefold()))
