"""Paper forms that bear one number twice: found and shown, never dropped."""

from msgspec import Struct

from domain.identity import MarketplaceId, TenantId
from domain.ledger.row import LedgerRow
from domain.marketplace.paper import plain_number
from services.application.queries import Queries
from services.application.questions.edition_rows import every_row
from services.application.reading.checks import edition_of
from services.application.views import LedgerRowView


class SharedNumberView(Struct, kw_only=True, frozen=True):
    """Forms with one number, however it is spelt on each, in the order in which they were drafted."""

    form_number: str
    contracts: list[LedgerRowView]


class SharedNumbersView(Struct, kw_only=True, frozen=True):
    """All numbers of an edition that stand on more than one form."""

    marketplace: str
    items: list[SharedNumberView]
    position: int


async def shared_form_numbers(queries: Queries, tenant: TenantId, marketplace: MarketplaceId) -> SharedNumbersView:
    """Which numbers stand on more than one form, given up ones and revoked ones included."""
    async with queries.at(tenant, None) as (snapshot, _):
        await edition_of(snapshot, marketplace)
        by_number: dict[str, list[LedgerRow]] = {}
        for row in await every_row(snapshot, marketplace):
            if row.form_number is not None:
                by_number.setdefault(plain_number(row.form_number), []).append(row)
        return SharedNumbersView(
            marketplace=marketplace,
            items=[
                SharedNumberView(
                    form_number=rows[0].form_number or "", contracts=await queries.rows(snapshot, rows, public=False)
                )
                for rows in by_number.values()
                if len(rows) > 1
            ],
            position=snapshot.position,
        )
