"""Members, roles and keys of one host: one stream (`domain.identity.access_of`) tells who was let in, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import field

from domain.access.role import Role
from domain.frozen import dataclass, replace
from domain.identity import KeyId, MarketplaceId, PersonId
from domain.personal import Personal
from domain.refusal import LogDamaged, Refusal
from domain.streaming.audience import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember:
    """Make a person a member; the name comes in `personal`."""

    person: PersonId
    personal: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRole:
    """Give a member a role."""

    person: PersonId
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueKey:
    """Give a member a key for a role it has."""

    key: KeyId
    person: PersonId
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeKey:
    """Make a key worthless."""

    key: KeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeRole:
    """Take a role from a member; every key for it becomes worthless."""

    person: PersonId
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantEditionRole:
    """Give a member, usually a co-host's, a role in one edition alone."""

    person: PersonId
    role: Role
    marketplace: MarketplaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeEditionRole:
    """Take a role in one edition from a member; every key for it becomes worthless."""

    person: PersonId
    role: Role
    marketplace: MarketplaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueEditionKey:
    """Give a member a key for a role it has in one edition."""

    key: KeyId
    person: PersonId
    role: Role
    marketplace: MarketplaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStreamKey:
    """Give a member who is an integrator a key that opens streams alone, of all editions or of one.

    They tell what `audience` sees; `tells_persons` is the right to be told personal values beside it.
    """

    key: KeyId
    person: PersonId
    marketplace: MarketplaceId | None
    audience: Audience
    tells_persons: bool


EditionCommand = GrantEditionRole | RevokeEditionRole | IssueEditionKey

Command = AddMember | GrantRole | IssueKey | RevokeKey | RevokeRole | EditionCommand | IssueStreamKey


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAdded:
    """A person belongs to the host."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted:
    """A member has a role."""

    person: PersonId
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyIssued:
    """A member holds the key named `key`; its secret is in no record."""

    key: KeyId
    person: PersonId
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked:
    """The key named `key` opens nothing any more."""

    key: KeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked:
    """A member has a role no more, and its keys for it open nothing."""

    person: PersonId
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRoleGranted:
    """A member has a role in one edition."""

    person: PersonId
    role: Role
    marketplace: MarketplaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRoleRevoked:
    """A member has a role in one edition no more, and its keys for it open nothing."""

    person: PersonId
    role: Role
    marketplace: MarketplaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionKeyIssued:
    """A member holds the key named `key`, which opens one edition; its secret is in no record."""

    key: KeyId
    person: PersonId
    role: Role
    marketplace: MarketplaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamKeyIssued:
    """A member holds the key named `key`, which opens streams alone, as `audience` sees them.

    With `tells_persons` personal values stand beside them. `marketplace` is the one edition that it is for (None: all
    of the host's). Its secret is in no record.
    """

    key: KeyId
    person: PersonId
    marketplace: MarketplaceId | None
    audience: Audience
    tells_persons: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft:
    """A person no longer belongs to the host, has no role there, and their keys open nothing."""

    person: PersonId


Fact = (
    MemberAdded
    | RoleGranted
    | KeyIssued
    | KeyRevoked
    | RoleRevoked
    | EditionRoleGranted
    | EditionRoleRevoked
    | EditionKeyIssued
    | StreamKeyIssued
    | MemberLeft
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A role that a member has, or a key is for: in one edition, or (None) at the host as a whole."""

    person: PersonId
    role: Role
    marketplace: MarketplaceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who belongs to the host, in which roles, and which keys are out."""

    members: frozenset[PersonId] = frozenset()
    roles: frozenset[Held] = frozenset()
    keys: Mapping[KeyId, Held] = field(default_factory=dict)


class AlreadyMember(Refusal):
    """This person is a member already. Grant a role instead."""


class NotAMember(Refusal):
    """This person is no member of the host. Add the person first."""


class RoleNotGranted(Refusal):
    """This member doesn't have that role. Grant it first."""


class RoleAlreadyGranted(Refusal):
    """This member has that role already. Nothing more to do."""


class RoleIsTheHosts(Refusal):
    """A host administrator acts for the host as a whole. Choose another role for one edition."""


class RoleIsReserved(Refusal):
    """No person has this role: the service acts in it by itself."""


class KeyTaken(Refusal):
    """A key of this name is out already. Choose another name."""


class PublicHasNoPersons(Refusal):
    """What everybody may read names no person. Choose another audience for a key with the right to personal values."""


class KeyUnknown(Refusal):
    """There is no such key, or it was revoked. Check its name."""


def evolve(access: Access, fact: Fact) -> Access:
    """The access after `fact`. Facts have happened: nothing is refused here."""
    match fact:
        case MemberAdded(person=person) if person not in access.members:
            return replace(access, members=access.members | {person})
        case RoleGranted() | EditionRoleGranted() if fact.person in access.members:
            return replace(access, roles=access.roles | {_held(fact)})
        case RoleRevoked() | EditionRoleRevoked() if _held(fact) in access.roles:
            gone = _held(fact)
            left = {key: held for key, held in access.keys.items() if held != gone}
            return replace(access, roles=access.roles - {gone}, keys=left)
        case KeyIssued(key=key) | EditionKeyIssued(key=key) | StreamKeyIssued(key=key) if _new(fact, access):
            return replace(access, keys={**access.keys, key: _held(fact)})
        case KeyRevoked(key=key) if key in access.keys:
            return replace(access, keys={name: held for name, held in access.keys.items() if name != key})
        case MemberLeft(person=person) if person in access.members:
            return Access(
                members=access.members - {person},
                roles=frozenset(held for held in access.roles if held.person != person),
                keys={key: held for key, held in access.keys.items() if held.person != person},
            )
        case _:
            raise LogDamaged(access, fact)


def _new(fact: "KeyIssued | EditionKeyIssued | StreamKeyIssued", access: Access) -> bool:
    """Whether the key is new and its holder a member."""
    return fact.person in access.members and fact.key not in access.keys


_OfARole = (
    RoleGranted
    | RoleRevoked
    | KeyIssued
    | EditionRoleGranted
    | EditionRoleRevoked
    | EditionKeyIssued
    | StreamKeyIssued
    | GrantRole
    | RevokeRole
    | IssueKey
    | IssueStreamKey
    | EditionCommand
)


def _held(told: _OfARole) -> Held:
    """The role that a record or a command is about."""
    role = Role.INTEGRATOR if isinstance(told, StreamKeyIssued | IssueStreamKey) else told.role
    return Held(person=told.person, role=role, marketplace=getattr(told, "marketplace", None))


def replay(facts: Iterable[Fact]) -> Access:
    """The access that `facts` tell; before the first fact nobody belongs to the host."""
    access = Access()
    for fact in facts:
        access = evolve(access, fact)
    return access


def decide(access: Access, command: Command) -> tuple[Fact, ...]:
    """The facts that carry out `command`; raises a `Refusal` when a rule forbids it.

    A role in an edition that isn't there does no harm: its keys open nothing.
    """
    match command:
        case AddMember(person=person):
            if person in access.members:
                raise AlreadyMember
            return (MemberAdded(person=person),)
        case RevokeKey(key=key):
            if key not in access.keys:
                raise KeyUnknown
            return (KeyRevoked(key=key),)
        case GrantRole(person=person, role=role):
            must_be_grantable(_held(command), access)
            return (RoleGranted(person=person, role=role),)
        case GrantEditionRole(person=person, role=role, marketplace=marketplace):
            must_be_grantable(_held(command), access)
            return (EditionRoleGranted(person=person, role=role, marketplace=marketplace),)
        case RevokeRole(person=person, role=role):
            must_have(_held(command), access)
            return (RoleRevoked(person=person, role=role),)
        case RevokeEditionRole(person=person, role=role, marketplace=marketplace):
            must_have(_held(command), access)
            return (EditionRoleRevoked(person=person, role=role, marketplace=marketplace),)
        case IssueKey(key=key, person=person, role=role):
            must_be_issuable(key, _held(command), access)
            return (KeyIssued(key=key, person=person, role=role),)
        case IssueEditionKey(key=key, person=person, role=role, marketplace=marketplace):
            must_be_issuable(key, _held(command), access)
            return (EditionKeyIssued(key=key, person=person, role=role, marketplace=marketplace),)
        case IssueStreamKey(key=key, person=person, marketplace=marketplace, audience=to, tells_persons=tells):
            must_be_issuable(key, _held(command), access)
            must_leave_persons_inside(command)
            issued = StreamKeyIssued(key=key, person=person, marketplace=marketplace, audience=to, tells_persons=tells)
            return (issued,)


def let_go(access: Access, person: PersonId) -> tuple[MemberLeft, ...]:
    """The fact that a person leaves with all roles and keys; nothing for who is no member."""
    return (MemberLeft(person=person),) if person in access.members else ()


def must_be_grantable(held: Held, access: Access) -> None:
    """A role goes to a member, once. The timekeeper is the service itself; who administers acts for all editions."""
    if held.role is Role.TIMEKEEPER:
        raise RoleIsReserved
    if held.role is Role.HOST_ADMIN and held.marketplace is not None:
        raise RoleIsTheHosts
    if held.person not in access.members:
        raise NotAMember
    if held in access.roles:
        raise RoleAlreadyGranted


def must_have(held: Held, access: Access) -> None:
    """What is taken away, or gets a key, is there."""
    if held.person not in access.members:
        raise NotAMember
    if held not in access.roles:
        raise RoleNotGranted


def must_be_issuable(key: KeyId, held: Held, access: Access) -> None:
    """A key is for a role that its holder has, and has a name of its own."""
    must_have(held, access)
    if key in access.keys:
        raise KeyTaken


def must_leave_persons_inside(command: IssueStreamKey) -> None:
    """Personal values are for partners and the house, if for anybody."""
    if command.tells_persons and command.audience is Audience.PUBLIC:
        raise PublicHasNoPersons
