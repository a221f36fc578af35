"""What a host administrator may ask: members, roles at the host or in one edition, keys (DESIGN §3)."""

from typing import Any

from domain.access import members as ask
from domain.access.role import Role
from tests.laws.models.driving import Model, Objections
from tests.laws.models.words import together

Where = str | None
"""An edition, or None for the host as a whole."""


class AccessModel(Model):
    """Who belongs to the host, in which roles where, and which keys are out for what."""

    def __init__(self) -> None:
        self.members: set[str] = set()
        self.roles: set[tuple[str, str, Where]] = set()
        self.keys: dict[str, tuple[str, str, Where]] = {}

    def no_member(self, person: str) -> Objections:
        return {ask.NotAMember: person not in self.members}

    def against_add_member(self, asked: ask.AddMember) -> Objections:
        return {ask.AlreadyMember: asked.person in self.members}

    def after_add_member(self, asked: ask.AddMember) -> None:
        self.members.add(asked.person)

    # Roles

    def against_granting(self, person: str, role: Role, where: Where) -> Objections:
        granting: Objections = {
            ask.RoleIsReserved: role == "timekeeper",
            ask.RoleIsTheHosts: role == "host_admin" and where is not None,
            ask.RoleAlreadyGranted: (person, role, where) in self.roles,
        }
        return together(self.no_member(person), granting)

    def against_grant_role(self, asked: ask.GrantRole) -> Objections:
        return self.against_granting(asked.person, asked.role, None)

    def after_grant_role(self, asked: ask.GrantRole) -> None:
        self.roles.add((asked.person, asked.role, None))

    def against_grant_edition_role(self, asked: ask.GrantEditionRole) -> Objections:
        return self.against_granting(asked.person, asked.role, asked.marketplace)

    def after_grant_edition_role(self, asked: ask.GrantEditionRole) -> None:
        self.roles.add((asked.person, asked.role, asked.marketplace))

    def has_not(self, person: str, role: Role, where: Where) -> Objections:
        return together(self.no_member(person), {ask.RoleNotGranted: (person, role, where) not in self.roles})

    def against_revoke_role(self, asked: ask.RevokeRole) -> Objections:
        return self.has_not(asked.person, asked.role, None)

    def after_revoke_role(self, asked: ask.RevokeRole) -> None:
        self.take((asked.person, asked.role, None))

    def against_revoke_edition_role(self, asked: ask.RevokeEditionRole) -> Objections:
        return self.has_not(asked.person, asked.role, asked.marketplace)

    def after_revoke_edition_role(self, asked: ask.RevokeEditionRole) -> None:
        self.take((asked.person, asked.role, asked.marketplace))

    def take(self, held: tuple[str, str, Where]) -> None:
        """With a role go the keys for it, and no others."""
        self.roles.remove(held)
        self.keys = {key: opens for key, opens in self.keys.items() if opens != held}

    # Keys

    def against_issue_key(self, asked: ask.IssueKey) -> Objections:
        return together(self.has_not(asked.person, asked.role, None), {ask.KeyTaken: asked.key in self.keys})

    def after_issue_key(self, asked: ask.IssueKey) -> None:
        self.keys[asked.key] = (asked.person, asked.role, None)

    def against_issue_edition_key(self, asked: ask.IssueEditionKey) -> Objections:
        held = self.has_not(asked.person, asked.role, asked.marketplace)
        return together(held, {ask.KeyTaken: asked.key in self.keys})

    def after_issue_edition_key(self, asked: ask.IssueEditionKey) -> None:
        self.keys[asked.key] = (asked.person, asked.role, asked.marketplace)

    def against_issue_stream_key(self, asked: ask.IssueStreamKey) -> Objections:
        held = self.has_not(asked.person, Role.INTEGRATOR, asked.marketplace)
        nobody: Objections = {ask.PublicHasNoPersons: asked.tells_persons and asked.audience == "public"}
        return together(held, {ask.KeyTaken: asked.key in self.keys}, nobody)

    def after_issue_stream_key(self, asked: ask.IssueStreamKey) -> None:
        self.keys[asked.key] = (asked.person, Role.INTEGRATOR, asked.marketplace)

    def against_revoke_key(self, asked: ask.RevokeKey) -> Objections:
        return {ask.KeyUnknown: asked.key not in self.keys}

    def after_revoke_key(self, asked: ask.RevokeKey) -> None:
        del self.keys[asked.key]

    def told(self) -> Any:
        return self.members, self.roles, self.keys
