"""Members and their keys, as the operator makes them: recorded in the log first, then usable."""

from hashlib import sha256
from unicodedata import normalize
from uuid import UUID, uuid5

from domain.access import members
from domain.access.roles import Role
from domain.aggregates import ACCESS
from domain.identity import KeyId, MarketplaceId, PersonId, TenantId, access_of
from domain.personal import Personal
from infra.clock import fresh_id
from infra.postgres.tenancy import key_hash
from services.application.asking import ANY_VERSION, Caller, Scope, Wish
from services.application.doorkeeping import new_key
from services.application.seen import fold
from services.cli.house import House

OPERATOR = "operator"


async def issue_key(
    house: House,
    tenant: TenantId,
    role: Role,
    member: PersonId | None,
    name: str | None,
    marketplace: MarketplaceId | None = None,
    scope: Scope | None = None,
) -> tuple[str, str]:
    """A new key for a member in a role, and the member's pseudonym. The key can't be shown again.

    A `member` of None is a new one. With a `name` a member who isn't there yet is added under it; a representative is
    added without one, since the organisation that named the person gave it. A `marketplace` is the one edition that
    the role and the key are for; a `scope` makes it an integrator's key for streams alone. Order: member, role and key
    are recorded, then the key's hash is stored; a crash between leaves a recorded key that opens nothing. A role taken
    back meanwhile takes the key with it.
    """
    person = member or PersonId(fresh_id())
    if name is not None or role is Role.REPRESENTATIVE:
        personal = Personal(person=person, values={} if name is None else {"name": normalize("NFC", name)})
        await _grant(house, tenant, members.AddMember(person=person, personal=personal), unless=members.AlreadyMember)
    key_id = KeyId(fresh_id())
    grant, issue = _asked(person, role, key_id, marketplace, scope)
    await _grant(house, tenant, grant, unless=members.RoleAlreadyGranted)
    await _grant(house, tenant, issue)
    key = new_key(tenant)
    told = (None, False) if scope is None else (scope.audience.value, scope.persons)
    hashed = key_hash(key.encode())
    await house.keys.put(tenant, hashed, key_id, person, role.value, marketplace, audience=told[0], persons=told[1])
    if not await _is_out(house, tenant, key_id):
        await house.keys.revoke(tenant, key_id)
        raise members.RoleNotGranted
    return key, person


def _asked(
    person: PersonId, role: Role, key: KeyId, marketplace: MarketplaceId | None, scope: Scope | None
) -> tuple[members.Command, members.Command]:
    """The role and its key: for the whole host, or for one edition."""
    grant: members.Command
    issue: members.Command
    if marketplace is None:
        grant = members.GrantRole(person=person, role=role)
        issue = members.IssueKey(key=key, person=person, role=role)
    else:
        grant = members.GrantEditionRole(person=person, role=role, marketplace=marketplace)
        issue = members.IssueEditionKey(key=key, person=person, role=role, marketplace=marketplace)
    if scope is not None:
        issue = members.IssueStreamKey(
            key=key, person=person, marketplace=marketplace, audience=scope.audience, tells_persons=scope.persons
        )
    return grant, issue


async def _is_out(house: House, tenant: TenantId, key: KeyId) -> bool:
    """Whether the records say that this key is out."""
    stream = access_of(tenant)
    read = await house.log.read(tenant, None, [stream])
    access: members.Access = fold(ACCESS, read.streams[stream]).state
    return key in access.keys


async def revoke_role(
    house: House, tenant: TenantId, role: Role, person: PersonId, marketplace: MarketplaceId | None = None
) -> None:
    """Take a role from a member: at the host, or in one edition.

    Order: its keys open nothing first, then that is recorded; then once more, for keys issued between.
    """
    command: members.Command = (
        members.RevokeRole(person=person, role=role)
        if marketplace is None
        else members.RevokeEditionRole(person=person, role=role, marketplace=marketplace)
    )
    await house.keys.revoke_role(tenant, person, role.value, marketplace)
    await _grant(house, tenant, command)
    await house.keys.revoke_role(tenant, person, role.value, marketplace)


async def revoke_key(house: House, tenant: TenantId, key_id: KeyId) -> None:
    """Make a key worthless. Order: it opens nothing first, then that is recorded."""
    await house.keys.revoke(tenant, key_id)
    await _grant(house, tenant, members.RevokeKey(key=key_id))


async def _grant(
    house: House, tenant: TenantId, command: members.Command, unless: type[Exception] | None = None
) -> None:
    key = fresh_id()
    wish = Wish(
        caller=Caller(tenant=tenant, key=KeyId(OPERATOR), member=OPERATOR, role=Role.HOST_ADMIN),
        key=key,
        fingerprint=sha256(key.encode()).digest(),
        if_match=ANY_VERSION,
        correlation=None,
    )
    try:
        await house.application.carry_out(wish, access_of(tenant), command, creates=True)
    except Exception as refusal:
        if unless is None or not isinstance(refusal, unless):
            raise


def member_of_desk(tenant: TenantId, role: Role) -> PersonId:
    """The one member who stands for a role at a demo host: the same at every start."""
    return PersonId(str(uuid5(UUID(int=0), f"desk/{tenant}/{role}")))
