"""Finding offers and needs of an edition: what a filter lets through, and what words in the titles find.

Words are searched with the server's own German and English text search (PostgreSQL, chapter 12), each title read in
both. An index would never be read: under row-level security only leakproof operators reach one, and `@@` isn't.
`directory_of_marketplace` leads to an edition's listings, and reading a title costs microseconds
(docs/decisions/2026-11-23-search-without-an-index.md).
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from domain.directory.fold import Kind
from domain.frozen import dataclass
from domain.identity import AreaId, MarketplaceId, OrganisationId, StreamId
from domain.ledger.row import LedgerState
from domain.listing.events import ListingKind
from domain.listing.state import Published
from infra.projections import tables
from infra.projections.reader import ENTRY, Listed, Snapshot
from infra.projections.store import entry_of

_DIRECTORY = tables.directory
_DOC = cast(_DIRECTORY.c.doc, JSONB)
_GERMAN: ColumnElement[str] = literal_column("'german'::regconfig")
_ENGLISH: ColumnElement[str] = literal_column("'english'::regconfig")
_WORD = re.compile(r"[^\W_]+")
NO_CONTRACT = (LedgerState.ABANDONED, LedgerState.VOID, LedgerState.ANNULLED)
"""A contract that came to this leaves its parties without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which listings: None lets all through. `open`: something of it can still be promised, or nothing can."""

    kind: ListingKind | None = None
    area: AreaId | None = None
    open: bool | None = None


async def listed(
    snapshot: Snapshot, marketplace: MarketplaceId, wanted: Wanted, *, limit: int, after: int = 0
) -> list[Listed]:
    """Up to `limit` listings in the order in which they were published, after position `after`."""
    query = _wanted(marketplace, wanted).where(_DIRECTORY.c.first > after)
    return await _all(snapshot, query.order_by(_DIRECTORY.c.first).limit(limit))


async def found(
    snapshot: Snapshot, marketplace: MarketplaceId, wanted: Wanted, words: str, *, limit: int
) -> list[Listed]:
    """Up to `limit` listings whose title holds all `words`, in one of the two languages, best first.

    The last word may be the beginning of one. Words that mean nothing to either language find nothing.
    """
    asked = " & ".join(_WORD.findall(words))
    if not asked:
        return []
    title = _DOC["title"].astext
    read = func.to_tsvector(_GERMAN, title).op("||")(func.to_tsvector(_ENGLISH, title))
    sought = func.to_tsquery(_GERMAN, f"{asked}:*").op("||")(func.to_tsquery(_ENGLISH, f"{asked}:*"))
    query = _wanted(marketplace, wanted).where(read.op("@@")(sought))
    return await _all(snapshot, query.order_by(func.ts_rank(read, sought).desc(), _DIRECTORY.c.first).limit(limit))


def _wanted(marketplace: MarketplaceId, wanted: Wanted) -> Select[Any]:
    query = select(_DIRECTORY.c.first, *ENTRY).where(
        _DIRECTORY.c.kind == Kind.LISTING.value, _DIRECTORY.c.marketplace == marketplace
    )
    if wanted.kind is not None:
        query = query.where(_DOC["kind"].astext == wanted.kind.value)
    if wanted.area is not None:
        query = query.where(_DOC["area"].astext == wanted.area)
    if wanted.open is not None:
        held = func.jsonb_each_text(_DOC["promised"]).table_valued("key", "value")
        bound = select(func.coalesce(func.sum(cast(held.c.value, Integer)), 0)).scalar_subquery()
        is_open = (_DIRECTORY.c.state == Published.__name__) & (cast(_DOC["quantity"].astext, Integer) > bound)
        query = query.where(is_open if wanted.open else func.coalesce(is_open, False).is_(False))
    return query


async def _all(snapshot: Snapshot, query: Select[Any]) -> list[Listed]:
    return [Listed(first, entry_of(entry)) for first, *entry in await snapshot.rows_of(query, _DIRECTORY)]


async def contracted(snapshot: Snapshot, marketplace: MarketplaceId) -> frozenset[OrganisationId]:
    """The organisations with a contract at this edition, unless it was abandoned, void or annulled."""
    ledger = tables.ledger
    party = func.jsonb_path_query(cast(ledger.c.doc, JSONB), literal_column("'$.parties[*].organisation'"))
    query = select(party.op("#>>")(literal_column("'{}'"))).distinct()
    query = query.where(
        ledger.c.marketplace == marketplace,
        ledger.c.valid_until.is_(None),
        ledger.c.state.not_in([state.value for state in NO_CONTRACT]),
    )
    return frozenset(
        OrganisationId(StreamId(organisation)) for (organisation,) in await snapshot.rows_of(query, ledger)
    )
