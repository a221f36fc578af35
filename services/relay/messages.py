"""An endpoint's messages: the records that it wants, as CloudEvents, told to the audience that it has.

Persons' values are never among them: what is pushed can't be asked who reads it. Whoever has the right to them pulls.
"""

from datetime import datetime
from urllib.parse import quote

import asyncpg
import msgspec

from domain.identity import ContractId, MarketplaceId, StreamId
from domain.instant import instant
from domain.streaming.audience import Audience
from domain.streaming.choice import Filter
from infra.streams.cloudevent import cloudevent
from infra.streams.endpoints import Endpoint, Errand
from infra.streams.feed import Feed
from services.relay.lane import Batch, Message

TEST = "handschlag.webhook_tested.v1"
"""The type of a test's message. No record has it."""

_PATH = "/:@!$&'()*,;=~-._"
"""What a log's name keeps as a URI-reference (RFC 3986 §3.3)."""


class Messages:
    """Makes messages from the log. `address` is where this service is reached from outside; it owns no pool."""

    def __init__(self, pool: asyncpg.Pool, address: str) -> None:
        self._pool = pool
        self._feed = Feed(pool)
        self._address = address

    async def batch(self, endpoint: Endpoint, after: int, most: int) -> Batch:
        """What the endpoint is to get of the next records after a position, `most` looked at."""
        chosen = choice_of(endpoint)
        stretch = await self._feed.stretch(endpoint.tenant, after, chosen, most)
        messages = []
        for heard in stretch.heard:
            body = cloudevent(endpoint.tenant, heard, chosen.audience, address=self._address, thin=endpoint.thin)
            if body is not None:
                recorded = heard.recorded
                id_ = heard.entry["id"]
                messages.append(Message(id=id_, type=recorded.type, position=recorded.position, body=body))
        return Batch(messages, stretch.reached)

    async def test(self, endpoint: Endpoint, errand: Errand, at: datetime) -> Message:
        """A CloudEvent that stands for no record: it has no `sequence`, and a type that no record has."""
        origin = await self._pool.fetchval("select origin from log.tenants where tenant = $1", endpoint.tenant)
        event = {
            "specversion": "1.0",
            "id": errand.id,
            "source": quote(origin, safe=_PATH),
            "type": TEST,
            "time": instant(at),
            "tenant": endpoint.tenant,
            "datacontenttype": "application/json",
            "data": {"endpoint": endpoint.id, "description": endpoint.description},
        }
        return Message(id=errand.id, type=TEST, position=None, body=msgspec.json.encode(event))


def choice_of(endpoint: Endpoint) -> Filter:
    """What the endpoint chose, within what its maker's key may see."""
    wanted = endpoint.wanted
    edition = endpoint.marketplace or wanted.marketplace
    return Filter(
        audience=Audience(wanted.audience),
        types=frozenset(wanted.types),
        marketplace=None if edition is None else MarketplaceId(StreamId(edition)),
        contract=None if wanted.contract is None else ContractId(StreamId(wanted.contract)),
    )
