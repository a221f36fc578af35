"""Who comes, who doesn't, who asks again; workshops before, and badges on the day."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import WorkshopId
from domain.marketplace.refusals import MarketplaceOver
from domain.marketplace.rules import Rules, Workshop
from domain.organisation.events import Side
from domain.organisation.state import Organisation
from domain.participation import refusals as why
from domain.participation.badge import ALPHABET, Badge, fresh_code, is_code, read_code
from domain.participation.commands import (
    Admit,
    CancelParticipation,
    CheckIn,
    IssueBadge,
    RecordNoShow,
    RecordWorkshop,
    RequestParticipation,
)
from domain.participation.decisions import decide, issue_badge, request
from domain.participation.events import (
    BadgeIssued,
    CheckedIn,
    DidNotCome,
    ParticipationAdmitted,
    ParticipationCancelled,
    ParticipationRequested,
    RequestedAgain,
    WorkshopAttended,
)
from domain.participation.state import Admitted, NoShow, NotComing, OnTheFloor, Requested, evolve, replay
from domain.refusal import LogDamaged, NotThere
from tests.domain.people import anna, bakers, ben, called_off, over, planned, refused, registering, ruhrdax, trading

asked = ParticipationRequested(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY, rehearsal=False)
requested = Requested(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
admitted = Admitted(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
on_floor = OnTheFloor(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
missed = NoShow(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
not_coming = NotComing(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
bakery = Organisation(name="Bakery", side=Side.COMPANY, rehearsal=False, representatives=frozenset({anna}))
evening = WorkshopId("companies")
prepared = replace(
    registering, rules=Rules(workshops=(Workshop(id=evening, side=None, date=date(2006, 8, 18), venue=None),))
)
came = RecordWorkshop(workshop=evening)
badge = IssueBadge(code="7K3M9QXA", person=anna)


def test_who_isn_t_there_is_missed_after_the_gong() -> None:
    """Given an admitted bakery, when the gong has rung and it isn't there, then that is recorded, and not before."""
    for opened in (trading, over):
        assert decide(admitted, RecordNoShow(), opened) == (DidNotCome(),)
    for early in (planned, registering):
        refused(why.NotOpenedYet, lambda early=early: decide(admitted, RecordNoShow(), early))  # type: ignore[misc]
    refused(MarketplaceOver, lambda: decide(admitted, RecordNoShow(), called_off))


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (requested, why.NotAdmitted),
        (on_floor, why.IsHere),
        (missed, why.NoShowAlready),
        (not_coming, why.ParticipationOver),
        (None, NotThere),
    ],
)
def test_only_who_was_expected_is_missed(state: Requested | None, refusal: type) -> None:
    """Given someone who wasn't expected or is here, when they are said to be missing, then it is refused."""
    refused(refusal, lambda: decide(state, RecordNoShow(), trading))


def test_who_was_missed_too_early_is_checked_in_after_all() -> None:
    """Given a bakery that was missed, when it comes late, then it is on the floor; it can't cancel any more."""
    assert decide(missed, CheckIn(), trading) == (CheckedIn(),)
    assert replay((asked, ParticipationAdmitted(), DidNotCome(), CheckedIn())) == on_floor
    refused(why.NoShowAlready, lambda: decide(missed, CancelParticipation(), trading))


def test_nobody_is_let_into_what_is_called_off() -> None:
    """Given an edition that was called off, when someone is admitted or checked in, then it is refused."""
    refused(MarketplaceOver, lambda: decide(requested, Admit(), called_off))
    refused(MarketplaceOver, lambda: decide(admitted, CheckIn(), called_off))
    assert decide(admitted, CancelParticipation(), called_off)


def test_who_cancelled_asks_again() -> None:
    """Given a bakery that cancelled, when it wants to come after all, then the host has to answer once more."""
    again = RequestParticipation(marketplace=ruhrdax, organisation=bakers)
    assert request(again, not_coming, registering, bakery) == (RequestedAgain(),)
    assert replay((asked, ParticipationCancelled(), RequestedAgain())) == requested
    refused(why.AlreadyRequested, lambda: request(again, missed, trading, bakery))
    refused(MarketplaceOver, lambda: request(again, not_coming, over, bakery))


def test_who_came_to_a_workshop_is_recorded_once() -> None:
    """Given a planned workshop, when the bakery came, then it is recorded once; for another workshop never."""
    assert decide(requested, came, prepared) == (WorkshopAttended(workshop=evening),)
    attended = evolve(requested, WorkshopAttended(workshop=evening))
    assert evolve(attended, ParticipationAdmitted()).attended == (evening,)
    refused(why.AttendedAlready, lambda: decide(attended, came, prepared))
    refused(why.NoSuchWorkshop, lambda: decide(requested, RecordWorkshop(workshop=WorkshopId("x")), prepared))
    refused(why.ParticipationOver, lambda: decide(not_coming, came, prepared))
    with pytest.raises(LogDamaged):
        evolve(not_coming, WorkshopAttended(workshop=evening))


def test_several_representatives_have_badges_of_their_own() -> None:
    """Given an admitted bakery, when badges are made for it, then each has a code, and some have no name."""
    assert issue_badge(badge, admitted, bakery) == (BadgeIssued(code="7K3M9QXA", person=anna),)
    worn = evolve(admitted, BadgeIssued(code="7K3M9QXA", person=anna))
    assert issue_badge(IssueBadge(code="8888", person=None), worn, bakery)
    assert evolve(worn, CheckedIn()).badges == (Badge(code="7K3M9QXA", person=anna),)
    refused(why.BadgeKnown, lambda: issue_badge(badge, worn, bakery))
    refused(why.NotARepresentative, lambda: issue_badge(replace(badge, code="8888", person=ben), worn, bakery))
    refused(why.CodeUnreadable, lambda: issue_badge(replace(badge, code="ILOU"), worn, bakery))
    full = replace(admitted, badges=tuple(Badge(code=f"{n:04}", person=None) for n in range(20)))
    refused(why.TooManyBadges, lambda: issue_badge(badge, full, bakery))


@pytest.mark.parametrize(
    ("state", "refusal"),
    [(requested, why.NotAdmitted), (missed, why.NotOnTheFloor), (not_coming, why.ParticipationOver), (None, NotThere)],
)
def test_badges_are_for_who_is_admitted(state: Requested | None, refusal: type) -> None:
    """Given someone who isn't admitted, when a badge is made, then it is refused."""
    refused(refusal, lambda: issue_badge(badge, state, bakery))


@given(random_id=st.uuids(version=4))
def test_a_fresh_code_can_be_read_back(random_id: UUID) -> None:
    """Given a fresh code, when it is typed in small letters with I for 1 and O for 0, then it is the same code."""
    code = fresh_code(str(random_id))
    assert len(code) == 8
    assert is_code(code)
    assert read_code(f" {code[:4]}-{code[4:]}".lower().replace("1", "i").replace("0", "o")) == code


def test_nothing_in_a_code_is_misread() -> None:
    """Given the signs of codes, when they are counted, then they are 32, without I, L, O and U."""
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("ILOU")
