"""The one table of event types: name, version, class, who sees it, what it means, an example, and what replaces it.

Schemas, AsyncAPI, the page for those who listen, CloudEvents and their tests are all made from it.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from domain.codec import to_data
from domain.frozen import dataclass
from domain.names import CLASSES
from domain.streaming.audience import Audience
from domain.streaming.examples import example_entry, example_fact
from domain.streaming.schemas import data_schema, meaning
from domain.streaming.visibility import SHOWN

NOTICE_DAYS = 365
"""A type is recorded for at least so long after it was said that another will take its place: twelve months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """Another type, `by` name, takes a type's place: said on the day `announced`, done on the day `sunset`.

    From then on the old type is recorded no more. What was recorded stays and is told as it was stored.
    """

    by: str
    announced: date
    sunset: date


REPLACED: Mapping[str, Replaced] = MappingProxyType({})
"""By the name of the type whose place is taken. Nothing is replaced yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """A type of record, by its stored `name`, which ends in its `version`. `audience` is the least that hears of it."""

    name: str
    version: int
    fact: type
    audience: Audience
    meaning: str
    replaced: Replaced | None

    def schema(self) -> dict[str, Any]:
        """The schema of its `data`, as stored."""
        return data_schema(self.name)

    def example(self) -> dict[str, Any]:
        """An example of its `data`."""
        told: dict[str, Any] = to_data(example_fact(self.name))
        return told

    def entry(self) -> dict[str, Any]:
        """An example of a whole record."""
        return example_entry(self.name)


def _event_type(name: str, fact: type) -> EventType:
    return EventType(
        name=name,
        version=int(name.rpartition(".v")[2]),
        fact=fact,
        audience=SHOWN[name].audience,
        meaning=meaning(fact),
        replaced=REPLACED.get(name),
    )


CATALOGUE: Mapping[str, EventType] = MappingProxyType({name: _event_type(name, fact) for name, fact in CLASSES.items()})
"""Every type that is, or ever was, recorded; by name, in the order in which they came."""
