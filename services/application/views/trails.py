"""Who did what, when, as which role."""

from typing import Any

from msgspec import Struct


class ActorView(Struct, kw_only=True, frozen=True):
    """Who did it. `name` is None where `erased`, or not shown; `on_behalf_of` is a participation, then named.

    `id` is None for readers without a key (but in rehearsals): a pseudonym is personal data too.
    """

    id: str | None
    name: str | None
    role: str
    on_behalf_of: str | None
    on_behalf_of_name: str | None
    erased: bool = False


class TrailStepView(Struct, kw_only=True, frozen=True):
    """One step of a trail. `details` holds ids and figures, `names` the names for the ids in it.

    `erased` are those of the ids whose names are erased, where this reader could have read them.
    """

    position: int
    event: str
    stream: str
    type: str
    at: str
    actor: ActorView
    rehearsal: bool
    details: dict[str, Any]
    names: dict[str, str | None]
    erased: list[str] = []
