"""A record as it comes over the wire, its bytes untouched."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import unquote

from domain.transparency.merkle import leaf_hash
from services.client.trouble import ClientTrouble

_value = json.JSONDecoder().raw_decode
_space = re.compile(r"[ \t\n\r]*").match


class RecordMalformed(ClientTrouble):
    """What came isn't a record of Handschlag, or not the one whose hash it bears."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a member's pseudonym (or `timekeeper`), in which role, and for which participation, if for one."""

    id: str
    role: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A record: what happened on a stream, at `position` of the host's log.

    `id` names the record everywhere, for ever; `version` is its place on its stream; `data` says what happened. `time`
    is aware, in UTC. `raw` are the entry's exact bytes, and `leaf_hash` (lower-case hex) is what a receipt proves of
    them. Readers who don't see all of a record get no `raw`, `leaf_hash` and `actor`, and of `data` what they may see;
    a CloudEvent has no `raw` either. `persons` is what the vault held on persons, by pseudonym, for keys with the
    right to it.
    """

    position: int
    id: str
    stream: str
    version: int
    type: str
    time: datetime
    actor: Actor | None
    data: Mapping[str, Any]
    rehearsal: bool
    origin: str
    cause: str | None
    correlation: str | None
    raw: bytes | None = field(repr=False)
    leaf_hash: str | None = field(repr=False)
    persons: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    @classmethod
    def parse(cls, record: str | bytes) -> Self:
        """The event of one record: a line of NDJSON, or the `data` of a server-sent event. Raises `RecordMalformed`."""
        with _malformed("a record"):
            text = record.decode() if isinstance(record, bytes) else record
            members, _ = _members(text, 0)
            return cls.from_cloudevent(text) if "specversion" in members else cls._of(text, members)

    @classmethod
    def page(cls, page: str) -> tuple[list[Self], Mapping[str, Any]]:
        """The events of a page, and the page's other members. Raises `RecordMalformed`."""
        with _malformed("a page of records"):
            members, _ = _members(page, 0)
            start, _, _ = members.pop("items")
            events = [cls._of(page, item) for item in _items(page, start)]
            return events, {name: value for name, (_, _, value) in members.items()}

    @classmethod
    def from_cloudevent(cls, body: str | bytes) -> Self:
        """The event of a CloudEvent (1.0, JSON format), as webhooks and the relay bring it. Raises `RecordMalformed`.

        Check a webhook's signature first (`verify_webhook`): this doesn't.
        """
        with _malformed("a CloudEvent of Handschlag"):
            told = json.loads(body)
            if told["specversion"] != "1.0":
                raise ValueError("another version of CloudEvents")
            data = dict(told.get("data") or {})
            data.pop("sealed", None)
            return cls(
                position=int(told["sequence"]),
                id=told["id"],
                stream=told["subject"],
                version=int(told["streamversion"]),
                type=told["type"],
                time=_moment(told["time"]),
                actor=Actor(told["actor"], told["actorrole"], told.get("onbehalfof")) if "actor" in told else None,
                persons=data.pop("persons", {}),
                data=data,
                rehearsal=told["rehearsal"],
                origin=unquote(told["source"]),
                cause=told.get("cause"),
                correlation=told.get("correlation"),
                raw=None,
                leaf_hash=told.get("leafhash"),
            )

    @classmethod
    def _of(cls, text: str, members: "_Members") -> Self:
        start, end, entry = members["entry"]
        position = int(members["position"][2])
        _, _, told = members.get("leaf_hash", (0, 0, None))
        raw = None if told is None else text[start:end].encode()
        if raw is not None and leaf_hash(raw).hex() != told:
            raise ValueError(f"the entry at {position} isn't the one whose hash it bears")
        actor = entry.get("actor")
        return cls(
            position=position,
            id=entry["id"],
            stream=entry["stream"],
            version=entry["version"],
            type=entry["type"],
            time=_moment(entry["time"]),
            actor=Actor(actor["id"], actor["role"], actor["on_behalf_of"]) if actor else None,
            data=entry["data"],
            rehearsal=entry["rehearsal"],
            origin=entry["origin"],
            cause=entry.get("cause"),
            correlation=entry.get("correlation"),
            raw=raw,
            leaf_hash=told,
            persons=members.get("persons", (0, 0, {}))[2],
        )


@contextmanager
def _malformed(what: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise RecordMalformed(f"this isn't {what}: {error!r}") from error


def _moment(told: str) -> datetime:
    return datetime.strptime(told, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


_Members = dict[str, tuple[int, int, Any]]
"""By name: where a member's value begins and ends in the text, and what it says."""


def _members(text: str, at: int) -> tuple[_Members, int]:
    """The members of the JSON object at `at`, and where it ends. The bytes in between are what is hashed."""
    found: _Members = {}
    at = _after(text, at, "{")
    while text[at] != "}":
        name, end = _value(text, at)
        start = _after(text, end, ":")
        value, end = _value(text, start)
        found[name] = (start, end, value)
        at = _space(text, end).end()  # type: ignore[union-attr]
        if text[at] != "}":
            at = _after(text, at, ",")
    return found, at + 1


def _items(text: str, at: int) -> Iterator[_Members]:
    """The objects of the JSON array at `at`, each by its members."""
    at = _after(text, at, "[")
    while text[at] != "]":
        item, end = _members(text, at)
        yield item
        at = _space(text, end).end()  # type: ignore[union-attr]
        if text[at] != "]":
            at = _after(text, at, ",")


def _after(text: str, at: int, mark: str) -> int:
    """Where the next thing begins after `mark`, which has to stand next."""
    at = _space(text, at).end()  # type: ignore[union-attr]
    if text[at] != mark:
        raise ValueError(f"{mark} is missing at {at}")
    return _space(text, at + 1).end()  # type: ignore[union-attr]
