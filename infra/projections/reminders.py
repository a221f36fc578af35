"""Which contracts, of every host, nobody has yet asked about although their time has come; read by the timekeeper.

The index `ledger_to_be_reminded` holds only what wasn't reminded yet, so a look costs what is open, not what there is.
Days here are a first sieve, a day too generous: the calendar of the edition's zone is judged by who asked.
"""

from typing import TypeAlias
from uuid import UUID

import asyncpg

from domain.directory.fold import STATES
from domain.frozen import dataclass
from domain.identity import TenantId
from domain.ledger.row import LedgerRow
from domain.marketplace.plan import Plan
from infra.projections import docs

_AWAITING = """
    select ledger.tenant, ledger.generation, ledger.id, ledger.doc, edition.state, edition.doc
    from views.ledger
    join views.generations live on live.tenant = ledger.tenant and live.live = ledger.generation
    join views.directory edition on edition.tenant = ledger.tenant and edition.generation = ledger.generation
     and edition.id = ledger.marketplace
    where ledger.valid_until is null and not ledger.rehearsal
      and ledger.state in ('certified', 'running')
      and not (ledger.doc::jsonb @> '{"calls": [{"reminder": "did_it_happen"}]}')
      and (
        (
          ledger.doc::jsonb @> '{"first_contact_made": false}'
          and not (ledger.doc::jsonb @> '{"calls": [{"reminder": "first_contact"}]}')
          and (ledger.doc ->> 'certified_at')::timestamptz
              + make_interval(days => coalesce(
                  (ledger.doc ->> 'first_contact_days')::integer,
                  (edition.doc #>> '{plan,first_contact_days}')::integer)) < now()
        )
        or exists (
          select from json_array_elements(ledger.doc -> 'pledges') pledge
          where (pledge ->> 'due_until')::date <= (now() + interval '14 hours')::date
        )
      )
      and ($2::text is null or (ledger.tenant, ledger.generation, ledger.id) > ($2, $3, $4))
    order by ledger.tenant, ledger.generation, ledger.id
    limit $1
"""


Place: TypeAlias = tuple[TenantId, int, UUID]
"""How far a look came: host, generation, contract."""


@dataclass(frozen=True, slots=True)
class Unasked:
    """A contract of a real edition whose parties may have to be asked, and the edition's plan."""

    tenant: TenantId
    row: LedgerRow
    plan: Plan


async def unasked(follower: asyncpg.Pool, most: int, after: Place | None = None) -> tuple[list[Unasked], Place | None]:
    """Contracts whose first contact is late and unrecorded, or one of whose pledges should have come.

    Looks at `most` behind the place `after`; the other place is where to go on, None at the end.
    """
    rows = await follower.fetch(_AWAITING, most, *(after or (None, None, None)))
    found = [
        Unasked(TenantId(tenant), docs.ledger_row(row), docs.state(state, edition).plan)
        for tenant, _, _, row, state, edition in rows
        if state in STATES
    ]
    return found, tuple(rows[-1])[:3] if len(rows) == most else None
