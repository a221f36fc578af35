"""To which edition a thing belongs."""

from domain.identity import ContractId, MarketplaceId, StreamId, TenantId
from services.application.queries import Queries


async def home_of(queries: Queries, tenant: TenantId, thing: StreamId) -> MarketplaceId | None:
    """The edition of a contract, negotiation, listing, participation or statement; None for anything else."""
    async with queries.at(tenant, None) as (snapshot, _):
        entry = (await snapshot.entries([thing])).get(thing)
        if entry is not None:
            return entry.marketplace
        row = (await snapshot.contracts([ContractId(thing)])).get(ContractId(thing))
        return None if row is None else row.marketplace
