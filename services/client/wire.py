"""Where a host's records are asked for, and what the answers are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import httpx2

from services.client.event import Event
from services.client.trouble import Refused, Unreachable, refused

PAGE = 200
"""Records asked for at a time; the service gives no more."""

Query = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Place:
    """A host's records at a service, for whoever holds `key`."""

    url: str
    tenant: str
    key: str | None = field(repr=False)

    @property
    def events(self) -> str:
        """Pages of records."""
        return self.at("events")

    @property
    def stream(self) -> str:
        """Records as they come."""
        return self.at("events/stream")

    def at(self, path: str) -> str:
        """An address of this host's."""
        return f"{self.url.rstrip('/')}/v1/{self.tenant}/{path}"

    @property
    def headers(self) -> Mapping[str, str]:
        """Who asks; without a key, everybody, who is told what a board shows."""
        return {} if self.key is None else {"Authorization": f"Bearer {self.key}"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are wanted: of some types, of one edition, of one contract; None and nothing: of all."""

    types: Collection[str] = ()
    marketplace: str | None = None
    contract: str | None = None

    def after(self, position: int, **more: int) -> Query:
        """The query for those after a position."""
        told = {"type": ",".join(sorted(self.types)), "marketplace": self.marketplace, "contract": self.contract}
        return {"after": position, **{name: value for name, value in told.items() if value}, **more}


@dataclass(frozen=True, slots=True)
class Page:
    """The events of a page, how far the log was looked through for them, and whether there are more by now."""

    events: Sequence[Event]
    reached: int
    more: bool


def page_of(response: httpx2.Response, after: int) -> Page:
    """The page that was asked for `after` a position. Raises `Refused`, `RecordMalformed`."""
    must_be_ok(response)
    events, rest = Event.page(response.text)
    newest = events[-1].position if events else after
    reached = rest.get("reached")
    return Page(events, reached if isinstance(reached, int) else newest, rest.get("next") is not None)


def must_be_ok(response: httpx2.Response) -> None:
    """Raises `Refused` unless the service said yes."""
    if not response.is_success:
        raise refused(response)


def passing(trouble: Exception) -> str:
    """Why it is worth asking again, in a few words; raises `trouble` itself when it isn't."""
    match trouble:
        case httpx2.TransportError():
            return f"{type(trouble).__name__} {trouble}".strip()
        case TimeoutError():
            return "nothing came for too long"
        case Refused(passes=True) | Unreachable():
            return str(trouble)
        case _:
            raise trouble
