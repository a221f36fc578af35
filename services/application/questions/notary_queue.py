"""The notary's queue: what was handed in, in the order of its handing in, and what deserves a second look."""

from collections import Counter

from msgspec import Struct

from domain.identity import MarketplaceId, TenantId
from domain.ledger.row import LedgerRow, LedgerState
from domain.marketplace.paper import plain_number
from domain.negotiation.money_words import looks_like_money
from services.application.queries import Queries
from services.application.questions.edition_rows import every_row
from services.application.reading.checks import edition_of
from services.application.views import LedgerRowView


class ChecklistItemView(Struct, kw_only=True, frozen=True):
    """Something the host wants the notary to look at."""

    id: str
    label: str


class QueuedView(Struct, kw_only=True, frozen=True):
    """A form in the queue. `place` counts from 1; `version` is what certifying or returning it has to name.

    `flags` are for the notary's eyes: money_like, one_sided, form_number_twice, returned_before, unvalued.
    """

    place: int
    version: int
    flags: list[str]
    contract: LedgerRowView


class NotaryQueueView(Struct, kw_only=True, frozen=True):
    """The queue of an edition with its host's checklist; `next_number` is the number that certifying gives next."""

    marketplace: str
    next_number: int
    checklist: list[ChecklistItemView]
    forms: list[QueuedView]
    position: int


async def notary_queue(queries: Queries, tenant: TenantId, marketplace: MarketplaceId) -> NotaryQueueView:
    """The queue as it stands now."""
    async with queries.at(tenant, None) as (snapshot, _):
        edition = await edition_of(snapshot, marketplace)
        rows = await every_row(snapshot, marketplace)
        queued = sorted((row for row in rows if row.state is LedgerState.AT_NOTARY), key=lambda row: row.submitted or 0)
        seen = Counter(plain_number(row.form_number) for row in rows if row.form_number is not None)
        views = await queries.rows(snapshot, queued, public=False)
        return NotaryQueueView(
            marketplace=marketplace,
            next_number=1 + max((row.number or 0 for row in rows), default=0),
            checklist=[ChecklistItemView(id=item.id, label=item.label) for item in edition.state.rules.checklist],
            forms=[
                QueuedView(place=place, version=len(row.lineage), flags=_flags(row, seen), contract=view)
                for place, (row, view) in enumerate(zip(queued, views, strict=True), 1)
            ],
            position=snapshot.position,
        )


def _flags(row: LedgerRow, seen: Counter[str]) -> list[str]:
    told = {
        "money_like": any(looks_like_money(pledge.title) for pledge in row.pledges),
        "one_sided": row.one_sided,
        "form_number_twice": row.form_number is not None and seen[plain_number(row.form_number)] > 1,
        "returned_before": row.returns > 0,
        "unvalued": row.value.unvalued > 0,
    }
    return [flag for flag, so in told.items() if so]
