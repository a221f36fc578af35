"""Where a host's records are asked for, and what the answers are."""

from collections.abc import Collection, Mapping
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
    key: str = field(repr=False)

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
        """Who asks."""
        return {"Authorization": f"Bearer {self.key}"}


def query(after: int, types: Collection[str], **more: str | int) -> Query:
    """What is asked for: records after a position, of these types (none named: of all)."""
    return {"after": after, **({"type": ",".join(sorted(types))} if types else {}), **more}


def page_of(response: httpx2.Response) -> tuple[list[Event], bool]:
    """The events of a page, and whether there are more by now. Raises `Refused`, `RecordMalformed`."""
    must_be_ok(response)
    events, rest = Event.page(response.text)
    return events, rest.get("next") is not None


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
