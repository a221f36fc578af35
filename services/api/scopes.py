"""Who may follow a host's records, and how much of them a key tells."""

from typing import Any

from litestar import Request

from domain.access.roles import Role
from domain.frozen import dataclass
from domain.identity import ContractId, MarketplaceId, TenantId
from domain.names import CLASSES
from domain.streaming.audience import Audience
from domain.streaming.choice import Filter
from services.api.keys import Doorkeeper
from services.api.paths import Query
from services.application.asking import WHOLE_RECORDS, Caller, Scope
from services.application.trouble import OnlyYourEdition, RoleNotAllowed

READERS = frozenset({Role.HOST_ADMIN, Role.LEAD, Role.AUDITOR, Role.INTEGRATOR})
"""Whose keys tell the records as they stand, if they aren't for streams alone."""

EVERYBODY = Scope(audience=Audience.PUBLIC, persons=False)
"""What is told without a key."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody who may follow: the `caller` (None: without a key), and what it is told."""

    tenant: TenantId
    caller: Caller | None
    scope: Scope

    def edition(self, asked: MarketplaceId | None) -> MarketplaceId | None:
        """The edition to which this is narrowed. Raises `OnlyYourEdition` for a key of one that asks for more."""
        bound = None if self.caller is None else self.caller.marketplace
        if bound is not None and asked != bound:
            raise OnlyYourEdition
        return asked


async def admitted(request: Request[Any, Any, Any], doorkeeper: Doorkeeper) -> Admitted:
    """Who follows. Raises as `Doorkeeper.listener`, and `RoleNotAllowed` for roles that read no records."""
    tenant = TenantId(request.path_params["tenant"])
    authorization = request.headers.get("authorization")
    if authorization is None:
        return Admitted(tenant, None, EVERYBODY)
    caller = await doorkeeper.listener(tenant, authorization)
    if caller.scope is not None:
        return Admitted(tenant, caller, caller.scope)
    if caller.role not in READERS:
        raise RoleNotAllowed
    return Admitted(tenant, caller, WHOLE_RECORDS)


def chosen_by(query: Query, who: Admitted) -> Filter:
    """What a reader wants of what it may see. Raises `OnlyYourEdition` for a key of one edition that asks for more."""
    types = query.words("type", tuple(CLASSES))
    marketplace, contract = query.id("marketplace"), query.id("contract")
    return Filter(
        audience=who.scope.audience,
        types=types,
        marketplace=who.edition(None if marketplace is None else MarketplaceId(marketplace)),
        contract=None if contract is None else ContractId(contract),
    )
