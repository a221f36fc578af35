"""What the desks work from: the notary's queue, numbers on two forms, whom to call, how far it has come."""

from typing import Any

from domain.identity import ContractId, MarketplaceId, StreamId, TenantId
from domain.ledger.row import LedgerState
from services.api.lists.directory import LEDGER_STATES
from services.api.lists.route import QueryRoute
from services.api.paths import Query
from services.application.queries import Queries
from services.application.questions import follow_up, form_numbers, notary_queue, notes


async def _notary_queue(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await notary_queue.notary_queue(queries, tenant, MarketplaceId(id_))


async def _form_numbers(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await form_numbers.shared_form_numbers(queries, tenant, MarketplaceId(id_))


async def _follow_up(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await follow_up.follow_up(queries, tenant, MarketplaceId(id_), as_of=query.as_of())


async def _to_call(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    told = query.one_of("state", LEDGER_STATES)
    state = None if told is None else LedgerState(told)
    return await follow_up.to_call(queries, tenant, MarketplaceId(id_), state=state)


async def _notes(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await notes.notes(queries, tenant, ContractId(id_))


DESKS: tuple[QueryRoute, ...] = (
    QueryRoute(
        "marketplaces/{id}/notary-queue",
        "GetNotaryQueue",
        "The forms in the notary's queue, in the order in which they were handed in, and the host's checklist.",
        notary_queue.NotaryQueueView,
        _notary_queue,
    ),
    QueryRoute(
        "marketplaces/{id}/shared-form-numbers",
        "GetSharedFormNumbers",
        "Numbers that stand on more than one form.",
        form_numbers.SharedNumbersView,
        _form_numbers,
    ),
    QueryRoute(
        "marketplaces/{id}/follow-up",
        "GetFollowUp",
        "How far an edition's contracts have come, as a partition with its denominator and date.",
        follow_up.FollowUpView,
        _follow_up,
        ("as_of",),
    ),
    QueryRoute(
        "marketplaces/{id}/to-call",
        "ListToCall",
        "The contracts to be followed up, the oldest first, with their deadlines.",
        follow_up.ToCallPage,
        _to_call,
        ("state",),
        states=LEDGER_STATES,
    ),
    QueryRoute(
        "contracts/{id}/notes",
        "GetContractNotes",
        "What people wrote beside their reasons. It stands in the vault alone, and can be erased.",
        notes.NotesView,
        _notes,
        roles=notes.MAY_READ,
    ),
)
