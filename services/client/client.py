"""The client: one host's log at a service, for whoever holds a key that may read it."""

from collections.abc import AsyncGenerator, Collection, Iterator
from types import TracebackType
from typing import Self

import httpx2

from services.client.event import Event
from services.client.following import Following, Watch
from services.client.trouble import Unreachable
from services.client.wire import PAGE, Place, Wanted, must_be_ok, page_of


class Handschlag:
    """A host's log: `events` reads what is there, `follow` goes on with what comes, `receipt` proves a record.

    `url` is the service's (`https://…`), `tenant` the host's short name, `key` one of its keys, which goes into a
    header and nowhere else; without a key everything is told that everybody may see. Close it, or use it as a context
    manager; one is good for one thread.
    """

    def __init__(self, url: str, tenant: str, key: str | None = None, *, timeout: float = 30.0) -> None:
        self._place = Place(url, tenant, key)
        self._timeout = timeout
        self._http: httpx2.Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def events(
        self,
        after: int = 0,
        types: Collection[str] = (),
        *,
        marketplace: str | None = None,
        contract: str | None = None,
        wait: int = 0,
    ) -> Iterator[Event]:
        """Every record after position `after`, up to the newest, page by page; of some types, an edition, a contract.

        When there is none, the service holds the answer back until one comes, for `wait` seconds (30 at most). Each is
        asked for when it is needed. Raises `Refused` (`PlaceUnknown` when the log hasn't come to `after`) and
        `Unreachable`; what came before stands, so go on after the last one you got.
        """
        wanted = Wanted(types, marketplace, contract)
        more = {"limit": PAGE} | ({"wait": wait} if wait else {})
        while True:
            page = page_of(self._get(self._place.events, wanted.after(after, **more), wait), after)
            yield from page.events
            after = page.reached
            if not page.more:
                return

    async def follow(
        self,
        after: int = 0,
        types: Collection[str] = (),
        *,
        marketplace: str | None = None,
        contract: str | None = None,
        watch: Watch | None = None,
    ) -> AsyncGenerator[Event, None]:
        """Every record after position `after`, then each as it comes, without end, each once and in order.

        A service that is away or starting anew is asked again, ever more slowly, and `watch` is told. Leave it by
        closing it (`contextlib.aclosing`) or by cancelling. Raises `Refused` when the service says no for good, and
        `PlaceUnknown` when the log hasn't come to where you are.
        """
        events = Following(self._place, after, Wanted(types, marketplace, contract), watch).events()
        try:
            async for event in events:
                yield event
        finally:
            await events.aclose()

    def receipt(self, position: int) -> bytes:
        """The receipt of a record (C2SP tlog-proof), for `verify_receipt`; it is there within a second.

        Raises `Refused`, which `passes` as long as no checkpoint covers the record.
        """
        return self._get(self._place.at(f"log/receipt/{position}"), {}).content

    def _get(self, address: str, asked: dict[str, str | int], wait: int = 0) -> httpx2.Response:
        if self._http is None:
            self._http = httpx2.Client(headers=self._place.headers)
        try:
            response = self._http.get(address, params=asked, timeout=self._timeout + wait)
        except httpx2.TransportError as error:
            raise Unreachable(f"{self._place.url} doesn't answer: {error}") from error
        must_be_ok(response)
        return response
