"""A record as JSON: for the house its exact bytes, for others what they may see of it."""

from collections.abc import Mapping

import msgspec

from domain.streaming.audience import Audience
from domain.streaming.persons import pseudonyms
from domain.streaming.visibility import reduced
from domain.transparency.merkle import leaf_hash
from infra.event_log.outcomes import RecordedBytes
from infra.streams.cloudevent import Persons
from infra.streams.feed import Heard


class PersonTold(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What the vault held on a person when this was answered; nothing, once it is erased."""

    erased: bool
    name: str | None = None
    contact: str | None = None


class EventView(msgspec.Struct, kw_only=True, frozen=True):
    """A record. Internal keys get its leaf hash (hex) and its exact bytes as `entry`, others what they may see of it.

    `persons` is there for keys with the right to personal values: by pseudonym, what the vault held on them by now.
    """

    position: int
    leaf_hash: str | msgspec.UnsetType = msgspec.UNSET
    persons: dict[str, PersonTold] | msgspec.UnsetType = msgspec.UNSET
    entry: msgspec.Raw


class EventPage(msgspec.Struct, kw_only=True, frozen=True):
    """A page of records. `next` is the `after` of the following page, or None at the head; a page may be empty before.

    `reached` is how far the log was looked through, whether something was found or not: go on after it.
    """

    items: list[EventView]
    next: str | None
    reached: int


def view_of(entry: RecordedBytes) -> EventView:
    """A record as it stands: its bytes are the entry's, not written anew."""
    return EventView(
        position=entry.position,
        leaf_hash=leaf_hash(entry.bytes).hex(),
        entry=msgspec.Raw(entry.bytes),
    )


def told(heard: Heard, audience: Audience, persons: Persons | None) -> EventView:
    """A record as `audience` may see it, which hears of its type; with `persons`, unless None."""
    seen = reduced(heard.entry, audience)
    if seen is None:
        raise ValueError(f"{heard.recorded.type} isn't for {audience}")
    beside = msgspec.UNSET if persons is None else _persons(pseudonyms(seen), persons)
    if audience is Audience.INTERNAL:
        return msgspec.structs.replace(view_of(heard.recorded), persons=beside)
    return EventView(position=heard.recorded.position, persons=beside, entry=msgspec.Raw(msgspec.json.encode(seen)))


def _persons(named: frozenset[str], persons: Persons) -> dict[str, PersonTold]:
    return {each: _person(persons[each]) for each in sorted(named & persons.keys())}


def _person(values: Mapping[str, str] | None) -> PersonTold:
    return PersonTold(erased=True) if values is None else PersonTold(erased=False, **values)
