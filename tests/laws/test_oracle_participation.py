"""A participation beside its model: whatever may be asked at the entrance is decided, and nothing else is."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from domain.identity import OrganisationId, PersonId, WorkshopId
from domain.marketplace.rules import Rules, Workshop
from domain.marketplace.state import CalledOff, InPreparation, Marketplace, Registering, Trading, TradingOver
from domain.organisation.state import Organisation
from domain.participation import commands as ask
from domain.participation import refusals
from domain.participation.decisions import decide, issue_badge, request
from domain.participation.events import DeclineReason
from domain.participation.state import Participation, evolve
from tests.domain.people import anna, baker, bakers, ben, over, plan, ruhrdax, trading
from tests.laws.models.driving import Bench, Course, Diced, all_in, roam, wander
from tests.laws.models.participation import ParticipationModel

REPERTOIRE: dict[type, Sequence[Any]] = {
    ask.RequestParticipation: [ask.RequestParticipation(marketplace=ruhrdax, organisation=bakers)],
    ask.Admit: [ask.Admit()],
    ask.Decline: [ask.Decline(reason=reason) for reason in DeclineReason],
    ask.CheckIn: [ask.CheckIn()],
    ask.CancelParticipation: [ask.CancelParticipation()],
    ask.RecordNoShow: [ask.RecordNoShow()],
    ask.RecordWorkshop: [
        ask.RecordWorkshop(workshop=WorkshopId(name)) for name in ("october", "november", "december", "")
    ],
    ask.IssueBadge: [
        ask.IssueBadge(code=code, person=person)
        for code in ("B4K3", "0000ZZZZYYYY", "B4K3R", "B4K", "BAKERSBADGE00", "LOAF1", "b4k3", "")
        for person in (None, anna, ben)
    ],
}


def edition(model: ParticipationModel) -> Marketplace | None:
    """The edition in the states that decisions know."""
    said = replace(plan, rehearsal=model.edition_rehearses)
    planned = (
        Workshop(id=WorkshopId(name), side=None, date=date(2006, 8, 1), venue=None) for name in sorted(model.workshops)
    )
    rules = Rules(workshops=tuple(planned))
    match model.edition:
        case None:
            return None
        case "preparation":
            return InPreparation(plan=said, rules=rules)
        case "registering":
            return Registering(plan=said, rules=rules)
        case "called_off":
            return CalledOff(plan=said, rules=rules)
        case "trading":
            return Trading(plan=said, rules=rules, opened_at=trading.opened_at, announced_end=trading.announced_end)
        case _:
            return TradingOver(plan=said, rules=rules, opened_at=over.opened_at, latest_end=over.latest_end)


def organisation(model: ParticipationModel) -> Organisation | None:
    """The organisation as the entrance knows it."""
    if not model.known:
        return None
    return Organisation(
        name="x",
        side=baker.side,
        rehearsal=model.rehearses,
        representatives=frozenset(PersonId(person) for person in model.representatives),
        merged_into=OrganisationId(bakers) if model.merged else None,
    )


def judge(part: Participation | None, asked: Any, model: ParticipationModel) -> Sequence[Any]:
    """The decisions' answer."""
    match asked:
        case ask.RequestParticipation():
            return request(asked, part, edition(model), organisation(model))
        case ask.IssueBadge():
            return issue_badge(asked, part, organisation(model))
        case _:
            return decide(part, asked, edition(model))


STAGES = {"Requested": "asked", "OnTheFloor": "here", "NoShow": "missing", "NotComing": "gone"}


def see(part: Participation | None) -> Any:
    """The participation's state in the model's words."""
    if part is None:
        return None
    badges = [(badge.code, badge.person) for badge in part.badges]
    stage = type(part).__name__
    return STAGES.get(stage, stage.lower()), badges, list(part.attended)


asked = ask.RequestParticipation(marketplace=ruhrdax, organisation=bakers)

BENCH = Bench(
    openings=((), (asked,), (asked, ask.Admit()), (asked, ask.Admit())),
    model=ParticipationModel,
    repertoire=REPERTOIRE,
    judge=judge,
    evolve=evolve,
    see=see,
    rare=frozenset({ask.CancelParticipation, ask.Decline}),
)


@given(data=st.data())
def test_no_illegal_request_at_the_entrance_is_recorded_and_no_legal_one_refused(data: st.DataObject) -> None:
    """Asked, admitted, checked in, missed, gone and asking again: model and decisions go side by side."""
    wander(BENCH, data, 40)


def test_the_courses_reach_every_state_of_a_participation() -> None:
    """Every state and every command is reached, and every reason to refuse is given at least once."""
    full = Course(BENCH, Diced(random.Random(0)))
    full.ask(asked)
    full.ask(ask.Admit())
    for number in range(21):
        full.ask(ask.IssueBadge(code=f"B4K3{number:02}", person=None))
    of_those_who_carry_over = {refusals.NobodyToCarryOver}
    wanted = {*get_args(Participation), *get_args(ask.Command), *all_in(refusals)}
    assert not roam(BENCH, 250, 40, wanted - of_those_who_carry_over - set(full.met))
