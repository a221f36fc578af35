"""Organisations that look alike: one that was entered twice is merged, two that share a person are told apart."""

from collections.abc import Mapping

from domain.organisation.events import Side
from services.rehearsal.deals import Guest
from services.rehearsal.steps import Step, Thing

SHARED = 15
"""Every so many organisations share the representative of the one before."""

_LATER = {Side.COMPANY: " GmbH", Side.NONPROFIT: " e. V."}
"""How a second clerk writes the name."""

_DAY = -4_900.0
"""When somebody looks through the list, in seconds before the gong; only the order matters."""


def person_of(number: int) -> int:
    """The number of the person who speaks for an organisation."""
    return number - 1 if number and number % SHARED == 0 else number


def entered_twice(guest: Guest, name: str, entered: Mapping[int, Step]) -> list[Step]:
    """The guest's second entry, and its merging into the first; `entered` is the last step of each entry."""
    first = entered[guest.number]
    second = Step(
        name=f"organisation/{guest.number}/again",
        at=first.at + 0.5,
        role="clerk",
        path="organisations",
        body={"name": name + _LATER[guest.side], "side": guest.side.value, "rehearsal": True},
        after=(first.name,),
        makes=f"organisation/{guest.number}/again",
    )
    merge = Step(
        name=f"merge/{guest.number}",
        at=_DAY,
        role="clerk",
        path="organisations/{id}/merge",
        body={"into": Thing(f"organisation/{guest.number}")},
        after=(second.name,),
        thing=second.makes,
    )
    return [second, merge]


def look_alike(entered: Mapping[int, Step]) -> list[Step]:
    """The first two that share their representative are two."""
    if SHARED not in entered:
        return []
    one, other = SHARED, SHARED - 1
    return [
        Step(
            name=f"tell-apart/{one}",
            at=_DAY + 1,
            role="clerk",
            path="organisations/{id}/tell-apart",
            body={"other": Thing(f"organisation/{other}")},
            after=(entered[one].name, entered[other].name),
            thing=f"organisation/{one}",
        )
    ]
