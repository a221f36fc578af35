"""Access beside its model: members, roles for the host or one edition, keys that go with their role."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.access import members as ask
from domain.access.members import Access, decide, evolve
from domain.access.role import Role
from domain.identity import KeyId
from domain.personal import Personal
from domain.refusal import Refusal
from domain.streaming.audience import Audience
from tests.domain.people import anna, ben, elsewhere, notary, ruhrdax
from tests.laws.models.access import AccessModel
from tests.laws.models.driving import Bench, all_in, roam, wander

PEOPLE = (anna, ben, notary)
ROLES = (Role.CLERK, Role.INTEGRATOR, Role.HOST_ADMIN, Role.TIMEKEEPER)
KEYS = (KeyId("desk"), KeyId("floor"))
EDITIONS = (ruhrdax, elsewhere)
held = [{"person": person, "role": role} for person in PEOPLE for role in ROLES]
held_there: list[dict[str, Any]] = [{**each, "marketplace": edition} for each in held for edition in EDITIONS]
REPERTOIRE: dict[type, Sequence[Any]] = {
    ask.AddMember: [ask.AddMember(person=who, personal=Personal(person=who, values={})) for who in PEOPLE],
    ask.GrantRole: [ask.GrantRole(person=person, role=role) for person in PEOPLE for role in ROLES],
    ask.RevokeRole: [ask.RevokeRole(person=person, role=role) for person in PEOPLE for role in ROLES],
    ask.GrantEditionRole: [ask.GrantEditionRole(**each) for each in held_there],
    ask.RevokeEditionRole: [ask.RevokeEditionRole(**each) for each in held_there],
    ask.IssueKey: [
        ask.IssueKey(key=key, person=person, role=role) for key in KEYS for person in PEOPLE for role in ROLES
    ],
    ask.IssueEditionKey: [ask.IssueEditionKey(key=key, **each) for key in KEYS for each in held_there],
    ask.IssueStreamKey: [
        ask.IssueStreamKey(key=key, person=person, marketplace=edition, audience=audience, tells_persons=persons)
        for key in KEYS
        for person in PEOPLE
        for edition in (None, *EDITIONS)
        for audience in Audience
        for persons in (False, True)
    ],
    ask.RevokeKey: [ask.RevokeKey(key=key) for key in KEYS],
}


def see(access: Access) -> Any:
    """The state in the model's words."""
    roles = {(one.person, one.role, one.marketplace) for one in access.roles}
    keys = {key: (one.person, one.role, one.marketplace) for key, one in access.keys.items()}
    return access.members, roles, keys


BENCH = Bench(
    model=AccessModel,
    repertoire=REPERTOIRE,
    judge=lambda access, asked, _: decide(access, asked),
    evolve=evolve,
    see=see,
    nothing=Access(),
)


@given(data=st.data())
def test_no_illegal_request_about_access_is_recorded_and_no_legal_one_refused(data: st.DataObject) -> None:
    """Let in, given roles and keys, and these taken away again: model and decisions go side by side."""
    wander(BENCH, data, 40)


def test_the_courses_reach_everything_about_access() -> None:
    """Every command is reached, and every reason to refuse is given at least once."""
    refusals = {kind for kind in all_in(ask) if issubclass(kind, Refusal)}
    assert not roam(BENCH, 40, 50, {*REPERTOIRE, *refusals})
    assert set(ask.Command.__args__) <= set(REPERTOIRE)
