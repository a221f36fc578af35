"""Finding offers and needs of an edition: what a filter lets through, and what words in the titles find.

Words are searched with the server's own German and English text search (PostgreSQL, chapter 12), each title read in
both. An index would never be read: under row-level security only leakproof operators reach one, and `@@` isn't.
`directory_of_marketplace` leads to an edition's listings, and reading a title costs microseconds
(docs/decisions/2026-11-23-search-without-an-index.md).
"""

import re

from domain.directory.fold import Kind
from domain.frozen import dataclass
from domain.identity import AreaId, MarketplaceId, OrganisationId, StreamId
from domain.ledger.row import LedgerState
from domain.listing.events import ListingKind
from domain.listing.state import Published
from infra.projections.question import Question
from infra.projections.reader import LISTED, Listed, Snapshot, listed_of

_READ = "(to_tsvector('german', doc ->> 'title') || to_tsvector('english', doc ->> 'title'))"
_SOUGHT = "(to_tsquery('german', %s) || to_tsquery('english', %s))"
_IS_OPEN = (
    "(state = %s and (doc ->> 'quantity')::integer"
    " > (select coalesce(sum(value::integer), 0) from jsonb_each_text(doc -> 'promised')))"
)
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
    question = _wanted(snapshot, marketplace, wanted).go_on("and first > %s", after)
    return [listed_of(row) for row in await snapshot.answer(question.go_on("order by first limit %s", limit))]


async def found(
    snapshot: Snapshot, marketplace: MarketplaceId, wanted: Wanted, words: str, *, limit: int
) -> list[Listed]:
    """Up to `limit` listings whose title holds all `words`, in one of the two languages, best first.

    The last word may be the beginning of one. Words that mean nothing to either language find nothing.
    """
    asked = " & ".join(_WORD.findall(words))
    if not asked:
        return []
    sought = (f"{asked}:*",) * 2
    question = _wanted(snapshot, marketplace, wanted).go_on(f"and {_READ} @@ {_SOUGHT}", *sought)
    question.go_on(f"order by ts_rank({_READ}, {_SOUGHT}) desc, first limit %s", *sought, limit)
    return [listed_of(row) for row in await snapshot.answer(question)]


def _wanted(snapshot: Snapshot, marketplace: MarketplaceId, wanted: Wanted) -> Question:
    question = snapshot.about(LISTED, "directory")
    question.go_on("and kind = %s and marketplace = %s", Kind.LISTING.value, marketplace)
    if wanted.kind is not None:
        question.go_on("and doc ->> 'kind' = %s", wanted.kind.value)
    if wanted.area is not None:
        question.go_on("and doc ->> 'area' = %s", wanted.area)
    if wanted.open is not None:
        question.go_on(f"and {_IS_OPEN} is {'true' if wanted.open else 'not true'}", Published.__name__)
    return question


async def contracted(snapshot: Snapshot, marketplace: MarketplaceId) -> frozenset[OrganisationId]:
    """The organisations with a contract at this edition, unless it was abandoned, void or annulled."""
    question = snapshot.about(
        "distinct jsonb_path_query(doc::jsonb, '$.parties[*].organisation') #>> '{}' as organisation", "ledger"
    )
    question.go_on("and marketplace = %s and valid_until is null", marketplace)
    question.go_on("and state <> all(%s)", [state.value for state in NO_CONTRACT])
    return frozenset(OrganisationId(StreamId(organisation)) for (organisation,) in await snapshot.answer(question))
