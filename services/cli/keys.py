"""Members and their keys, as the operator makes them: recorded in the log first, then usable."""

from hashlib import sha256
from uuid import UUID, uuid5

from domain.access import members
from domain.access.roles import Role
from domain.identity import KeyId, PersonId, TenantId, access_of
from domain.personal import Personal
from infra.clock import fresh_id
from infra.postgres.tenancy import key_hash
from services.application.asking import ANY_VERSION, Caller, Wish
from services.application.doorkeeping import new_key
from services.cli.house import House

OPERATOR = "operator"


async def issue_key(
    house: House, tenant: TenantId, role: Role, member: PersonId | None, name: str | None
) -> tuple[str, str]:
    """A new key for a member in a role, and the member's pseudonym. The key can't be shown again.

    A `member` of None is a new one. With a `name` a member who isn't there yet is added under it; a representative is
    added without one, since the organisation that named the person gave it. Order: member, role and key are recorded,
    then the key's hash is stored; a crash between leaves a recorded key that opens nothing.
    """
    person = member or PersonId(fresh_id())
    if name is not None or role is Role.REPRESENTATIVE:
        personal = Personal(person=person, values={} if name is None else {"name": name})
        await _grant(house, tenant, members.AddMember(person=person, personal=personal), unless=members.AlreadyMember)
    await _grant(house, tenant, members.GrantRole(person=person, role=role), unless=members.RoleAlreadyGranted)
    key_id = KeyId(fresh_id())
    await _grant(house, tenant, members.IssueKey(key=key_id, person=person, role=role))
    key = new_key(tenant)
    await house.keys.put(tenant, key_hash(key.encode()), key_id, person, role.value)
    return key, person


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
