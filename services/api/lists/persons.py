"""What is held on a person, for the host's administration alone."""

from typing import Any

from domain.identity import PersonId, StreamId, TenantId
from services.api.lists.route import QueryRoute
from services.api.paths import Query
from services.application.queries import Queries
from services.application.questions import persons


async def _person(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await persons.person(queries, tenant, PersonId(id_))


PERSONS: tuple[QueryRoute, ...] = (
    QueryRoute(
        "persons/{id}",
        "GetPerson",
        "What is held on a person, in short: name, contact, whether it has to be kept, or is erased.",
        persons.PersonView,
        _person,
        roles=persons.MAY_READ,
    ),
)
