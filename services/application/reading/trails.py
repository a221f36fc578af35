"""Trails, told to a reader: each step with the names for the ids it holds."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from domain.identity import ContractId, OrganisationId, ParticipationId, PersonId, StreamId
from domain.trail.step import TrailStep
from infra.projections.reader import Snapshot
from services.application.reading.names import Names
from services.application.reading.visibility import (
    PERSONS,
    named_in_public,
    step_in_public,
    visible_to_public,
    without_persons,
)
from services.application.views import ActorView, TrailStepView

Shown = Collection[OrganisationId]


async def told(steps: Sequence[TrailStep], names: Names, *, public: bool) -> list[TrailStepView]:
    """The steps as this reader may see them; a public reader of a real edition sees consented names alone."""
    steps = [step for step in steps if not public or step.rehearsal or step_in_public(step.type)]
    ids = {id_ for step in steps for id_ in (*_ids(step.details), *_behalf(step))}
    persons = {id_ for step in steps for id_ in (step.actor.id, *_persons(step.details))}
    await names.ask(ids, persons)
    shown = await _shown(steps, names.snapshot) if public else {}
    return [
        _hidden(step, names, shown.get(step.case, frozenset())) if public and not step.rehearsal else _open(step, names)
        for step in steps
    ]


async def _shown(steps: Sequence[TrailStep], snapshot: Snapshot) -> Mapping[StreamId, Shown]:
    """For each contract among the steps' cases, the parties that the public may read."""
    rows = await snapshot.contracts({ContractId(step.case) for step in steps if not step.rehearsal})
    return {row.id: named_in_public(row) for row in rows.values() if visible_to_public(row)}


def _open(step: TrailStep, names: Names) -> TrailStepView:
    """A step for readers with a key, and of rehearsals."""
    actor = step.actor
    known: dict[str, str | None] = {id_: _name(id_, names) for id_ in _ids(step.details) if _known(id_, names)}
    behalf = actor.on_behalf_of
    return _view(
        step,
        ActorView(
            id=actor.id,
            name=names.person(actor.id),
            role=actor.role,
            on_behalf_of=behalf,
            on_behalf_of_name=None if behalf is None else names.of_participation(behalf),
            erased=actor.id in names.erased,
        ),
        dict(step.details),
        known,
        names.erased_among({*known, *(() if behalf is None else (behalf,))}),
    )


def _hidden(step: TrailStep, names: Names, shown: Shown) -> TrailStepView:
    """A step of a real edition for readers without a key: roles, no persons, the names of those who consented."""

    def party(participation: ParticipationId | None) -> str | None:
        seated = None if participation is None else names.participations.get(participation)
        return names.organisation(seated) if seated in shown and seated is not None else None

    details = without_persons(step.details)
    known: dict[str, str | None] = {
        id_: party(ParticipationId(StreamId(id_))) for id_ in _ids(details) if id_ in names.participations
    }
    actor = step.actor
    behalf = actor.on_behalf_of
    view = ActorView(id=None, name=None, role=actor.role, on_behalf_of=behalf, on_behalf_of_name=party(behalf))
    seen = [
        id_ for id_ in (*known, *_behalf(step)) if names.participations.get(ParticipationId(StreamId(id_))) in shown
    ]
    return _view(step, view, details, known, names.erased_among(seen))


def _view(
    step: TrailStep, actor: ActorView, details: dict[str, Any], names: dict[str, str | None], erased: list[str]
) -> TrailStepView:
    return TrailStepView(
        position=step.position,
        event=step.event,
        stream=step.stream,
        type=step.type,
        at=step.at,
        actor=actor,
        rehearsal=step.rehearsal,
        details=details,
        names=names,
        erased=sorted(erased),
    )


def _known(id_: str, names: Names) -> bool:
    return id_ in names.participations or id_ in names.organisations or id_ in names.persons


def _name(id_: str, names: Names) -> str | None:
    if id_ in names.participations:
        return names.of_participation(ParticipationId(StreamId(id_)))
    if id_ in names.organisations:
        return names.organisation(OrganisationId(StreamId(id_)))
    return names.persons.get(PersonId(id_))


def _ids(details: Mapping[str, Any]) -> Iterable[StreamId]:
    """Every word in the details; those that are no id are passed over by whoever looks them up."""
    for value in details.values():
        for word in value if isinstance(value, list) else (value,):
            if isinstance(word, str):
                yield StreamId(word)


def _persons(details: Mapping[str, Any]) -> Iterable[str]:
    return (value for key, value in details.items() if key in PERSONS and isinstance(value, str))


def _behalf(step: TrailStep) -> Iterable[StreamId]:
    return () if step.actor.on_behalf_of is None else (step.actor.on_behalf_of,)
