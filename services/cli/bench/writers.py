"""Writers at the log's door: entries built, hashed, under the root; a key, a version check and a guard on each."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

from domain.envelope import Actor, Envelope
from domain.identity import AreaId, EventId, ParticipationId, StreamId, TenantId
from domain.money import CURRENCY, Basis, Value
from domain.negotiation.events import TermsCountered
from domain.negotiation.terms import Pledge, PledgeKind, Terms
from domain.organisation.events import OrganisationRegistered, Side
from infra.clock import fresh_id, present
from infra.event_log.outcomes import Append, Appended, Outcome, Stale
from infra.event_log.store import EventLog
from infra.postgres.embedded import Urls


class Unexpected(Exception):
    """An append came to another end than the measurement stands on."""


@dataclass(slots=True)
class Writer:
    """Counters terms again and again, on a negotiation of its own at each of its tenants.

    `stale` is the share of appends that come too late on purpose: judged at a version that has passed.
    """

    log: EventLog
    tenants: Sequence[TenantId]
    floors: dict[TenantId, StreamId]
    turn: int
    batch: int = 1
    stale: float = 0.0
    chance: Random = field(default_factory=lambda: Random(2006))  # noqa: S311 - spreads refusals, guards nothing
    streams: dict[TenantId, StreamId] = field(default_factory=lambda: defaultdict(lambda: StreamId(fresh_id())))
    versions: dict[TenantId, int] = field(default_factory=lambda: defaultdict(int))
    recorded: int = 0

    async def run(self, until: float) -> None:
        """Append until the clock of `time.monotonic` says so."""
        while time.monotonic() < until:
            self.turn += 1
            await self._append(self.tenants[self.turn % len(self.tenants)])

    async def _append(self, tenant: TenantId) -> None:
        stream, version = self.streams[tenant], self.versions[tenant]
        late = version > 0 and self.stale > 0 and self.chance.random() < self.stale
        outcome = await self._asked(tenant, stream, version - late)
        if late and isinstance(outcome, Stale):
            return
        if not isinstance(outcome, Appended):
            raise Unexpected(f"{Unexpected.__doc__} {outcome}")
        self.versions[tenant] += self.batch
        self.recorded += self.batch

    async def _asked(self, tenant: TenantId, stream: StreamId, version: int) -> Outcome:
        key = fresh_id()
        return await self.log.append(
            Append(
                tenant=tenant,
                key=key,
                request=sha256(key.encode()).digest(),
                expected={stream: version},
                guards={self.floors[tenant]: 1},
                entries=[countered(tenant, stream, version + n, key) for n in range(1, self.batch + 1)],
            )
        )


def countered(tenant: TenantId, stream: StreamId, version: int, correlation: str) -> Envelope:
    """A counter-offer of two pledges: an entry such as a log holds most of."""
    return _entry(tenant, stream, version, correlation, "negotiation.terms_countered.v1", _COUNTERED)


def _entry(tenant: TenantId, stream: StreamId, version: int, correlation: str, type_: str, data: Any) -> Envelope:
    return Envelope(
        origin=f"handschlag/{tenant}",
        id=EventId(fresh_id()),
        stream=stream,
        version=version,
        type=type_,
        time=present(),
        actor=_CLERK,
        cause=None,
        correlation=correlation,
        rehearsal=True,
        data=data,
    )


def _pledge(giver: ParticipationId, receiver: ParticipationId, title: str, minor: int) -> Pledge:
    return Pledge(
        giver=giver,
        receiver=receiver,
        area=AreaId("helping-hands"),
        title=title,
        kind=PledgeKind.SERVICE,
        quantity=1,
        unit="Tag",
        due_from=None,
        due_until=None,
        value=Value(minor=minor, currency=CURRENCY, basis=Basis.LUMP_SUM, rate_minor=None, minutes=None),
        listing=None,
    )


_ONE = ParticipationId(StreamId("018f0000-0000-7000-8000-000000000001"))
_OTHER = ParticipationId(StreamId("018f0000-0000-7000-8000-000000000002"))
_CLERK = Actor(id="018f0000-0000-7000-8000-000000000003", role="clerk", on_behalf_of=_ONE)
_COUNTERED = TermsCountered(
    by=_ONE,
    terms=Terms(
        pledges=(
            _pledge(_ONE, _OTHER, "Ein Tag im Garten", 10_000),
            _pledge(_OTHER, _ONE, "Ein Plakat für das Foyer", 5_000),
        ),
        first_contact_by=_ONE,
        first_contact_days=14,
    ),
)
_REGISTERED = OrganisationRegistered(name="Bench", side=Side.COMPANY, rehearsal=True)


@asynccontextmanager
async def open_log(urls: Urls) -> AsyncIterator[EventLog]:
    """The log as the service opens it."""
    log = await EventLog.open(urls.runtime)
    try:
        yield log
    finally:
        await log.close()


async def floor(log: EventLog, tenant: TenantId) -> StreamId:
    """An organisation's stream at version 1, which every append to the tenant consults."""
    stream = StreamId(fresh_id())
    entry = _entry(tenant, stream, 1, fresh_id(), "organisation.registered.v1", _REGISTERED)
    outcome = await log.append(Append(tenant=tenant, expected={stream: 0}, guards={}, entries=[entry]))
    if not isinstance(outcome, Appended):
        raise Unexpected(f"{Unexpected.__doc__} {outcome}")
    return stream


async def written(writers: Sequence[Writer], seconds: float) -> float:
    """Events recorded a second by all writers together."""
    before, began = sum(writer.recorded for writer in writers), time.monotonic()
    await asyncio.gather(*(writer.run(began + seconds) for writer in writers))
    return (sum(writer.recorded for writer in writers) - before) / (time.monotonic() - began)
