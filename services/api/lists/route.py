"""What a row of the tables of questions holds, and what several rows ask of a query in the same way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.access.role import Role
from domain.identity import MarketplaceId, StreamId, TenantId
from services.api.paths import Query
from services.api.problems import QueryUnusable
from services.application.queries import Queries

Ask = Callable[[Queries, TenantId, StreamId, Query], Awaitable[Any]]

PAGED = ("limit", "cursor")


@dataclass(frozen=True)
class QueryRoute:
    """`GET /v1/{tenant}/{path}` answers with `view`.

    `parameters` are those of its query besides `wait_for`, `required` those that must be given, `states` the words
    that its parameter `state` can be. With `roles` only they may ask; without, everyone who has a key.
    """

    path: str
    operation: str
    summary: str
    view: Any
    ask: Ask
    parameters: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    states: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()

    @property
    def paged(self) -> bool:
        """Whether it is a list with a cursor."""
        return "cursor" in self.parameters


def required_marketplace(query: Query) -> MarketplaceId:
    """The edition that the query names; raises `QueryUnusable` when it names none."""
    marketplace = query.id("marketplace")
    if marketplace is None:
        raise QueryUnusable(errors=[{"parameter": "marketplace", "detail": "Say of which edition: its id."}])
    return MarketplaceId(marketplace)


def required_moment(query: Query, name: str) -> int | datetime:
    """The position or time that the query names as `name`; raises `QueryUnusable` when it names none."""
    moment = query.as_of(name)
    if moment is None:
        raise QueryUnusable(errors=[{"parameter": name, "detail": "Say which moment: a position or a time."}])
    return moment


OF_AN_EDITION = frozenset({"marketplace"})
