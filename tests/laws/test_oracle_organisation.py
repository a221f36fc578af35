"""Organisations beside their model: mandates and mergings, and whatever may be asked is decided, nothing else is."""

import random
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from domain.identity import OrganisationId, PersonId
from domain.organisation import commands as ask
from domain.organisation import refusals
from domain.organisation.decisions import decide, merge, tell_apart
from domain.organisation.events import Mandate, Side
from domain.organisation.state import Organisation, evolve
from domain.personal import Personal
from tests.domain.people import anna, bakers, ben, food_bankers, mechanics, notary
from tests.laws.models.driving import Bench, Chance, Course, Diced, all_in, roam, wander
from tests.laws.models.organisation import At, OrganisationModel

WHO = (bakers, food_bankers, mechanics)
someone = Personal(person=anna, values={"name": "Anna Beck"})
REPERTOIRE: dict[type, Sequence[Any]] = {
    ask.RegisterOrganisation: [
        At(who, ask.RegisterOrganisation(name=name, side=Side.COMPANY, rehearsal=rehearses, personal=personal))
        for who in WHO
        for rehearses in (False, False, True)
        for name, personal in (("Bakery", None), (None, someone), (None, None), ("Bakery", someone), (" ", None))
    ],
    ask.NameRepresentative: [
        At(who, ask.NameRepresentative(person=person, personal=someone))
        for who in WHO
        for person in (anna, ben, notary)
    ],
    ask.GiveMandate: [
        At(who, ask.GiveMandate(person=person, mandate=mandate))
        for who in WHO
        for person in (anna, ben, notary)
        for mandate in Mandate
    ],
    ask.WithdrawMandate: [At(who, ask.WithdrawMandate(person=person)) for who in WHO for person in (anna, ben, notary)],
    ask.MergeOrganisation: [ask.MergeOrganisation(duplicate=one, into=other) for one in WHO for other in WHO],
    ask.TellApart: [ask.TellApart(organisation=one, other=other) for one in WHO for other in WHO],
}

State = Mapping[OrganisationId, Organisation]


def judge(state: State, asked: Any, _: OrganisationModel) -> Sequence[Any]:
    """Facts, each with the organisation on whose stream it is recorded."""
    match asked:
        case At(who, command):
            return [(who, fact) for fact in decide(state.get(who), command)]
        case ask.MergeOrganisation(duplicate=double, into=kept):
            of_double, of_kept = merge(asked, state.get(double), state.get(kept))
            return [*((double, fact) for fact in of_double), *((kept, fact) for fact in of_kept)]
        case _:
            told = tell_apart(asked, state.get(asked.organisation), state.get(asked.other))
            return [(asked.organisation, fact) for fact in told]


def see(state: State) -> Any:
    """The organisations' states in the model's words."""
    return {
        who: {
            "name": known.name,
            "side": known.side,
            "rehearses": known.rehearsal,
            "people": known.representatives,
            "mandates": dict(known.mandates),
            "merged_into": known.merged_into,
            "absorbed": known.absorbed,
            "apart": known.told_apart,
        }
        for who, known in state.items()
    }


def addressed(asked: Any, chance: Chance) -> Any:
    """A wild request goes to some organisation, unless it names two."""
    return At(chance.among(WHO), asked) if isinstance(asked, ask.Alone) else asked


BENCH = Bench(
    model=OrganisationModel,
    repertoire=REPERTOIRE,
    judge=judge,
    evolve=lambda state, told: {**state, told[0]: evolve(state.get(told[0]), told[1])},
    see=see,
    nothing={},
    rare=frozenset({ask.MergeOrganisation}),
    kind=lambda asked: type(asked.command) if isinstance(asked, At) else type(asked),
    address=addressed,
    states=lambda state: [type(known) for known in state.values()],
)


@given(data=st.data())
def test_no_illegal_request_about_an_organisation_is_recorded_and_no_legal_one_refused(data: st.DataObject) -> None:
    """Registered, represented, mandated, told apart, merged: model and decisions go side by side."""
    wander(BENCH, data, 40)


def test_the_courses_reach_everything_about_an_organisation() -> None:
    """Every command is reached, and every reason to refuse is given at least once."""
    full = Course(BENCH, Diced(random.Random(0)))
    for who in (bakers, food_bankers):
        full.ask(At(who, ask.RegisterOrganisation(name="x", side=Side.COMPANY, rehearsal=False)))
    for number in range(101):
        full.ask(At(bakers, ask.NameRepresentative(person=PersonId(f"person {number}"), personal=someone)))
    full.ask(At(food_bankers, ask.NameRepresentative(person=PersonId("one too many"), personal=someone)))
    full.ask(ask.MergeOrganisation(duplicate=food_bankers, into=bakers))
    wanted = {Organisation, *get_args(ask.Command), *all_in(refusals)}
    assert not roam(BENCH, 60, 40, wanted - set(full.met))
