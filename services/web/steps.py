"""A trail's steps as sentences: who is meant by an id, and what a person would say had happened."""

from collections.abc import Mapping
from typing import Any

from domain.frozen import dataclass
from domain.organisation.events import Side
from services.application.views import LedgerRowView, ParticipationView, PartyView, TrailStepView
from services.web.speech import Speech
from services.web.words import WORDS

SLOTS = frozenset(
    {
        *("by", "parties", "person", "reasons", "closing", "form", "manner", "number", "role", "quantity", "type"),
        *("label", "pledge", "money", "outcome", "reminder"),
    }
)
"""What a step's words may name (a test holds the catalogue to it)."""


@dataclass(frozen=True, slots=True)
class Told:
    """One step, told. `side` is the hall's side that acted, or None for the house (broker, notary, clerk)."""

    sentence: str
    side: Side | None
    who: str
    role: str
    behalf: str | None
    pledges: tuple[str, ...]
    value: str | None
    step: TrailStepView


def told(step: TrailStepView, row: LedgerRowView | None, speech: Speech) -> Told:
    """The step in `speech`'s words; `row` is the contract whose parties it may name."""
    parties = {party.participation: party for party in row.parties} if row else {}
    acting = step.details.get("by") or step.actor.on_behalf_of
    side = parties[acting].side if acting in parties else None
    pledges = tuple(str(title) for title in step.details.get("pledges") or ())
    behalf = step.actor.on_behalf_of
    return Told(
        sentence=sentence(step, parties, speech),
        side=side,
        who=step.actor.name or (speech.word("erased") if step.actor.erased else ""),
        role=role(step.actor.role, speech),
        behalf=step.actor.on_behalf_of_name or (_party(behalf, step, parties, speech) if behalf else None),
        pledges=pledges,
        value=_value(step, speech) if pledges else None,
        step=step,
    )


def sentence(step: TrailStepView, parties: Mapping[str, PartyView], speech: Speech) -> str:
    """What happened, in one sentence; a type without words says so, and never fails."""
    key = f"step.{step.type}"
    if key not in WORDS[speech.lang]:
        key = "step.unknown"
    said = speech.word(key, **_slots(step, parties, speech))
    nameless = tuple(speech.word(f"hidden.{kind}") for kind in ("company", "nonprofit", "party"))
    return said[:1].upper() + said[1:] if said.startswith(nameless) else said


def role(name: str, speech: Speech) -> str:
    """A role's word; a role we don't know stands as it is."""
    key = f"role.{name}"
    return speech.word(key) if key in WORDS[speech.lang] else name


def party_name(party: PartyView | ParticipationView, speech: Speech) -> str:
    """A party's name, that it is erased, or its kind where it isn't to be named."""
    return party.name or speech.word("erased" if party.erased else f"hidden.{party.side.value}")


def _slots(step: TrailStepView, parties: Mapping[str, PartyView], speech: Speech) -> dict[str, str]:
    details = step.details
    sitting = details.get("parties") or []
    person = details.get("person") or details.get("broker") or details.get("notary")
    return {
        "by": _party(details.get("by"), step, parties, speech),
        "parties": speech.listed([_party(one, step, parties, speech) for one in sitting]),
        "person": f": {name}" if (name := _person(str(person), step, speech)) else "",
        "reasons": _reasons(details, speech),
        "closing": _optional("closing", details.get("closing"), speech),
        "form": speech.word("form.with", form=details["form_number"]) if details.get("form_number") else "",
        "manner": _optional("manner", details.get("manner"), speech),
        "number": _number(details.get("number"), speech),
        "role": role(str(details.get("role", "")), speech),
        "quantity": _number(details.get("quantity"), speech),
        "label": str(details.get("label") or ""),
        "type": step.type,
        "pledge": _ordinal(details.get("pledge"), speech),
        "money": speech.money(details["value_minor"]) if isinstance(details.get("value_minor"), int) else "",
        "outcome": _optional("outcome", details.get("outcome"), speech),
        "reminder": _optional("reminder", details.get("reminder"), speech),
    }


def _party(participation: object, step: TrailStepView, parties: Mapping[str, PartyView], speech: Speech) -> str:
    name = step.names.get(str(participation))
    if name:
        return name
    if str(participation) in step.erased:
        return speech.word("erased")
    party = parties.get(str(participation))
    return party_name(party, speech) if party else speech.word("hidden.party")


def _person(person: str, step: TrailStepView, speech: Speech) -> str | None:
    return step.names.get(person) or (speech.word("erased") if person in step.erased else None)


def _reasons(details: Mapping[str, Any], speech: Speech) -> str:
    named = details.get("reasons") or ([details["reason"]] if details.get("reason") else [])
    words = [_optional("reason", one, speech) or str(one) for one in named]
    return f": {', '.join(words)}" if words else ""


def _optional(family: str, value: object, speech: Speech) -> str:
    key = f"{family}.{value}"
    return speech.word(key) if key in WORDS[speech.lang] else ""


def _number(value: object, speech: Speech) -> str:
    return speech.number(value) if isinstance(value, int) else speech.word("unknown")


def _ordinal(place: object, speech: Speech) -> str:
    """A pledge's place, counted from one as people do; what is about the whole contract names none."""
    return speech.word("pledge.nth", number=speech.number(place + 1)) if isinstance(place, int) else ""


def _value(step: TrailStepView, speech: Speech) -> str:
    minor = step.details.get("value_minor")
    if not isinstance(minor, int):
        return speech.word("contract.trail.unvalued")
    return speech.word("contract.trail.value", money=speech.money(minor))
