"""Members, roles and keys of one host: one stream (`domain.identity.access_of`) tells who was let in, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from domain.access.role import Role
from domain.identity import KeyId, PersonId
from domain.personal import Personal
from domain.refusal import LogDamaged, Refusal


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


Command = AddMember | GrantRole | IssueKey | RevokeKey


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


Fact = MemberAdded | RoleGranted | KeyIssued | KeyRevoked


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who belongs to the host, in which roles, and which keys are out."""

    roles: Mapping[PersonId, frozenset[Role]] = field(default_factory=dict)
    keys: Mapping[KeyId, PersonId] = field(default_factory=dict)


class AlreadyMember(Refusal):
    """This person is a member already. Grant a role instead."""


class NotAMember(Refusal):
    """This person is no member of the host. Add the person first."""


class RoleNotGranted(Refusal):
    """This member doesn't have that role. Grant it first."""


class RoleAlreadyGranted(Refusal):
    """This member has that role already. Nothing more to do."""


class RoleIsReserved(Refusal):
    """No person has this role: the service acts in it by itself."""


class KeyTaken(Refusal):
    """A key of this name is out already. Choose another name."""


class KeyUnknown(Refusal):
    """There is no such key, or it was revoked. Check its name."""


def evolve(access: Access, fact: Fact) -> Access:
    """The access after `fact`. Facts have happened: nothing is refused here."""
    match fact:
        case MemberAdded(person=person) if person not in access.roles:
            return replace(access, roles={**access.roles, person: frozenset()})
        case RoleGranted(person=person, role=role) if person in access.roles:
            return replace(access, roles={**access.roles, person: access.roles[person] | {role}})
        case KeyIssued(key=key, person=person) if person in access.roles and key not in access.keys:
            return replace(access, keys={**access.keys, key: person})
        case KeyRevoked(key=key) if key in access.keys:
            return replace(access, keys={name: who for name, who in access.keys.items() if name != key})
        case _:
            raise LogDamaged(access, fact)


def replay(facts: Iterable[Fact]) -> Access:
    """The access that `facts` tell; before the first fact nobody belongs to the host."""
    access = Access()
    for fact in facts:
        access = evolve(access, fact)
    return access


def decide(access: Access, command: Command) -> tuple[Fact, ...]:
    """The facts that carry out `command`; raises a `Refusal` when a rule forbids it."""
    match command:
        case AddMember(person=person):
            if person in access.roles:
                raise AlreadyMember
            return (MemberAdded(person=person),)
        case GrantRole(person=person, role=role):
            must_be_for_people(role)
            if role in must_be_a_member(person, access):
                raise RoleAlreadyGranted
            return (RoleGranted(person=person, role=role),)
        case IssueKey(key=key, person=person, role=role):
            if role not in must_be_a_member(person, access):
                raise RoleNotGranted
            if key in access.keys:
                raise KeyTaken
            return (KeyIssued(key=key, person=person, role=role),)
        case RevokeKey(key=key):
            if key not in access.keys:
                raise KeyUnknown
            return (KeyRevoked(key=key),)


def must_be_a_member(person: PersonId, access: Access) -> frozenset[Role]:
    """Roles and keys go to members; who asks is answered with the member's roles."""
    if person not in access.roles:
        raise NotAMember
    return access.roles[person]


def must_be_for_people(role: Role) -> None:
    """The timekeeper is the service itself."""
    if role is Role.TIMEKEEPER:
        raise RoleIsReserved
