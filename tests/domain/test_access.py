"""Who may do what, and every sentence a person reads when they may not."""

import importlib
import pkgutil
from dataclasses import replace
from typing import get_args

import pytest

import domain
from domain.access import members as why
from domain.access.members import (
    Access,
    AddMember,
    EditionKeyIssued,
    EditionRoleGranted,
    EditionRoleRevoked,
    GrantEditionRole,
    GrantRole,
    Held,
    IssueEditionKey,
    IssueKey,
    IssueStreamKey,
    KeyIssued,
    KeyRevoked,
    MemberAdded,
    RevokeEditionRole,
    RevokeKey,
    RevokeRole,
    RoleGranted,
    RoleRevoked,
    StreamKeyIssued,
    decide,
    replay,
)
from domain.access.roles import MAY, Role
from domain.contract import commands as contract
from domain.identity import KeyId
from domain.listing import commands as listing
from domain.marketplace import commands as marketplace
from domain.negotiation import commands as negotiation
from domain.organisation import commands as organisation
from domain.participation import commands as participation
from domain.participation.carrying import CarryOver
from domain.person import commands as person
from domain.personal import Personal
from domain.refusal import LogDamaged, Refusal
from domain.results import statement
from domain.streaming.audience import Audience
from tests.domain.people import anna, ben, elsewhere, refused, ruhrdax

badge = KeyId("hall-1")
add_anna = AddMember(person=anna, personal=Personal(person=anna, values={"name": "Anna"}))
make_clerk = GrantRole(person=anna, role=Role.CLERK)
hand_out = IssueKey(key=badge, person=anna, role=Role.CLERK)
clerk = (MemberAdded(person=anna), RoleGranted(person=anna, role=Role.CLERK))
keyed = (*clerk, KeyIssued(key=badge, person=anna, role=Role.CLERK))


def test_anna_becomes_a_clerk_with_a_key() -> None:
    """Added, given a role, given a key; each follows from the one before."""
    assert (
        *decide(Access(), add_anna),
        *decide(replay(clerk[:1]), make_clerk),
        *decide(replay(clerk), hand_out),
    ) == keyed
    held = Held(person=anna, role=Role.CLERK)
    assert replay(keyed) == Access(members=frozenset({anna}), roles=frozenset({held}), keys={badge: held})


def test_nothing_is_granted_twice_or_to_strangers() -> None:
    """Members once, roles once, keys to those who have the role."""
    refused(why.AlreadyMember, lambda: decide(replay(clerk), add_anna))
    refused(why.RoleAlreadyGranted, lambda: decide(replay(clerk), make_clerk))
    refused(why.NotAMember, lambda: decide(Access(), make_clerk))
    refused(why.NotAMember, lambda: decide(Access(), hand_out))
    refused(why.RoleNotGranted, lambda: decide(replay(clerk[:1]), hand_out))
    refused(why.KeyTaken, lambda: decide(replay(keyed), hand_out))


def test_nobody_plays_the_timekeeper() -> None:
    """The service acts in that role by itself."""
    refused(why.RoleIsReserved, lambda: decide(replay(clerk), GrantRole(person=anna, role=Role.TIMEKEEPER)))


def test_a_lost_key_is_revoked_once() -> None:
    """Afterwards it opens nothing, and its name is free."""
    assert decide(replay(keyed), RevokeKey(key=badge)) == (KeyRevoked(key=badge),)
    gone = replay((*keyed, KeyRevoked(key=badge)))
    refused(why.KeyUnknown, lambda: decide(gone, RevokeKey(key=badge)))
    assert decide(gone, hand_out)


def test_a_role_taken_back_takes_its_keys_with_it() -> None:
    """Given a clerk with a key who is a broker with another, when the clerk's role is revoked, then one key is left."""
    held = (RoleGranted(person=anna, role=Role.BROKER), KeyIssued(key=KeyId("hall-2"), person=anna, role=Role.BROKER))
    before = replay((*keyed, *held))
    (gone,) = decide(before, RevokeRole(person=anna, role=Role.CLERK))
    assert gone == RoleRevoked(person=anna, role=Role.CLERK)
    after = replay((*keyed, *held, gone))
    assert list(after.keys) == ["hall-2"]
    refused(why.RoleNotGranted, lambda: decide(after, RevokeRole(person=anna, role=Role.CLERK)))
    refused(why.RoleNotGranted, lambda: decide(after, hand_out))
    refused(why.KeyUnknown, lambda: decide(after, RevokeKey(key=badge)))
    refused(why.NotAMember, lambda: decide(after, RevokeRole(person=ben, role=Role.CLERK)))
    assert decide(after, make_clerk)


def test_a_co_host_s_member_has_a_role_in_one_edition() -> None:
    """Given a member, when it gets a role in one edition, then its keys are for that one, and go with the role."""
    grant = GrantEditionRole(person=anna, role=Role.CLERK, marketplace=ruhrdax)
    issue = IssueEditionKey(key=badge, person=anna, role=Role.CLERK, marketplace=ruhrdax)
    take = RevokeEditionRole(person=anna, role=Role.CLERK, marketplace=ruhrdax)
    story = (
        clerk[0],
        EditionRoleGranted(person=anna, role=Role.CLERK, marketplace=ruhrdax),
        EditionKeyIssued(key=badge, person=anna, role=Role.CLERK, marketplace=ruhrdax),
        EditionRoleRevoked(person=anna, role=Role.CLERK, marketplace=ruhrdax),
    )
    assert decide(replay(story[:1]), grant) == (story[1],)
    assert decide(replay(story[:2]), issue) == (story[2],)
    assert decide(replay(story[:3]), take) == (story[3],)
    assert replay(story[:3]).keys == {badge: Held(person=anna, role=Role.CLERK, marketplace=ruhrdax)}
    assert replay(story).keys == {}
    granted = replay(story[:2])
    refused(why.RoleAlreadyGranted, lambda: decide(granted, grant))
    refused(why.RoleNotGranted, lambda: decide(granted, hand_out))
    refused(why.RoleNotGranted, lambda: decide(granted, RevokeRole(person=anna, role=Role.CLERK)))
    elsewhere_too = IssueEditionKey(key=badge, person=anna, role=Role.CLERK, marketplace=elsewhere)
    refused(why.RoleNotGranted, lambda: decide(granted, elsewhere_too))
    for role, refusal in ((Role.HOST_ADMIN, why.RoleIsTheHosts), (Role.TIMEKEEPER, why.RoleIsReserved)):
        grant_more = GrantEditionRole(person=anna, role=role, marketplace=ruhrdax)
        refused(refusal, lambda grant_more=grant_more: decide(granted, grant_more))  # type: ignore[misc]


def test_an_integrator_holds_a_key_for_streams_alone() -> None:
    """Given an integrator, when it gets a key for an audience, then it goes with the role; the public has no names."""
    makes = IssueStreamKey(key=badge, person=anna, marketplace=None, audience=Audience.PARTNER, tells_persons=False)
    issued = StreamKeyIssued(key=badge, person=anna, marketplace=None, audience=Audience.PARTNER, tells_persons=False)
    story = (clerk[0], RoleGranted(person=anna, role=Role.INTEGRATOR))
    assert decide(replay(story), makes) == (issued,)
    assert replay((*story, issued)).keys == {badge: Held(person=anna, role=Role.INTEGRATOR)}
    assert replay((*story, issued, RoleRevoked(person=anna, role=Role.INTEGRATOR))).keys == {}
    refused(why.RoleNotGranted, lambda: decide(replay(clerk), makes))
    refused(why.KeyTaken, lambda: decide(replay((*story, issued)), makes))
    named = replace(makes, audience=Audience.PUBLIC, tells_persons=True)
    refused(why.PublicHasNoPersons, lambda: decide(replay(story), named))
    assert decide(replay(story), replace(named, audience=Audience.INTERNAL))


def test_a_record_of_access_that_nothing_led_to_is_damage() -> None:
    """A role or key of a stranger, a key issued twice, a member added twice."""
    for story in (
        (RoleGranted(person=ben, role=Role.CLERK),),
        (KeyIssued(key=badge, person=ben, role=Role.CLERK),),
        (*keyed, keyed[-1]),
        (*clerk, clerk[0]),
        (KeyRevoked(key=badge),),
        (*clerk, RoleRevoked(person=anna, role=Role.BROKER)),
        (EditionKeyIssued(key=badge, person=ben, role=Role.CLERK, marketplace=ruhrdax),),
    ):
        with pytest.raises(LogDamaged):
            replay(story)


def test_somebody_may_ask_for_everything_that_can_be_asked() -> None:
    """Every command but the promise, which an agreement brings about by itself, has roles that may ask for it."""
    modules = (marketplace, organisation, participation, listing, negotiation, contract, person, why)
    commands = {command for module in modules for command in get_args(module.Command)}
    commands |= {statement.AnnounceResults, statement.CorrectResults, CarryOver}
    assert MAY.keys() == commands - {listing.PromiseListing}
    assert all(MAY.values())


def test_the_seal_is_the_notary_s_alone() -> None:
    """Not even the host certifies; and no display or auditor asks for anything."""
    assert MAY[contract.Certify] == MAY[contract.ReturnForCorrection] == {Role.NOTARY}
    assert MAY[why.IssueKey] == {Role.HOST_ADMIN}
    silent = {Role.AUDITOR, Role.INTEGRATOR, Role.PUBLIC_DISPLAY}
    assert not any(silent & roles for roles in MAY.values())


def _refusals() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)
    found = [Refusal]
    for kind in found:
        found.extend(kind.__subclasses__())
    return [kind for kind in found[1:] if kind.__module__.startswith("domain.")]


@pytest.mark.parametrize("refusal", _refusals(), ids=Refusal.type_name.__func__)  # type: ignore[attr-defined]  # its function
def test_a_refusal_says_what_is_so_and_what_to_do(refusal: type[Refusal]) -> None:
    """One breath, two thoughts, a full stop; short enough to be read out in a noisy hall."""
    sentence = refusal().sentence
    assert sentence.endswith(".")
    assert len(sentence) <= 130
    assert len([thought for thought in sentence.replace(":", ".").replace(";", ".").split(".") if thought.strip()]) > 1


def test_no_two_refusals_share_a_name() -> None:
    """The name is lasting and goes over the wire: it has to mean one thing."""
    names = [refusal.type_name() for refusal in _refusals()]
    assert len(names) == len(set(names))
