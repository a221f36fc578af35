"""A record in one line for a terminal: when, where in the log, who, what."""

from typing import Any

from domain.codec import Malformed, from_data
from domain.names import CLASSES
from domain.trail.details import details_of
from services.application.views import ActorView, TrailStepView
from services.client import Event
from services.web.speech import Speech
from services.web.steps import role, sentence

ROLE_WIDTH = 16
"""The longest role's word but one."""

_SPEECH = Speech("en")


class Telling:
    """Tells events in English, with the names of organisations that it has learnt from them."""

    def __init__(self) -> None:
        self._organisations: dict[str, str] = {}
        self._names: dict[str, str | None] = {}

    def learn(self, event: Event) -> None:
        """Remember whose name stands behind a participation."""
        match event.type:
            case "organisation.registered.v1" if event.data.get("name"):
                self._organisations[event.stream] = str(event.data["name"])
                self._names[event.stream] = self._organisations[event.stream]
            case "participation.requested.v1":
                self._names[event.stream] = self._organisations.get(str(event.data.get("organisation")))

    def line(self, event: Event) -> str:
        """The line. Whatever a name holds, it doesn't move the cursor of whoever reads."""
        self.learn(event)
        who = role(event.actor.role, _SPEECH) if event.actor else ""
        name = self._names.get(event.stream) if event.type.startswith(("organisation.", "participation.")) else None
        what = self._sentence(event) + (f" [{name}]" if name else "")
        told = f"{event.time:%Y-%m-%d %H:%M:%S}Z {event.position:>7}  {who:<{ROLE_WIDTH}} {what}  ({event.type})"
        return "".join(letter if letter.isprintable() else "\ufffd" for letter in told)

    def _sentence(self, event: Event) -> str:
        actor = event.actor
        step = TrailStepView(
            position=event.position,
            event=event.id,
            stream=event.stream,
            type=event.type,
            at=f"{event.time:%Y-%m-%dT%H:%M:%S.%fZ}",
            actor=ActorView(
                id=actor.id if actor else None,
                name=None,
                role=actor.role if actor else "",
                on_behalf_of=actor.on_behalf_of if actor else None,
                on_behalf_of_name=None,
            ),
            rehearsal=event.rehearsal,
            details=_details(event),
            names=self._names,
        )
        return sentence(step, {}, _SPEECH)


def _details(event: Event) -> dict[str, Any]:
    """What a sentence may name; of a type that this software doesn't know, nothing."""
    try:
        return details_of(from_data(CLASSES[event.type], dict(event.data)))
    except (KeyError, Malformed):
        return {}
