"""The questions that are asked most, said to asyncpg as they stand; each asks of a tenant ($1) and a generation ($2).

SQLAlchemy takes longer to put such a question than the server to answer it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from domain.identity import MarketplaceId, TenantId
from domain.ledger.row import NUMBERED, LedgerState

LIVE = """
select live.live, reached.position
  from views.generations live
  join views.tracking reached on reached.tenant = live.tenant and reached.generation = live.live
 where live.tenant = $1
"""
"""The generation that readers read, and how far it has come."""

ENTRIES = """
select id, kind, version, marketplace, rehearsal, position, state, doc
  from views.directory where tenant = $1 and generation = $2 and id = any ($3::uuid[])
"""

HELD_BACK = "select exists (select from views.parked where tenant = $1 and generation = $2 and things && $3::uuid[])"


@dataclass(slots=True)
class Question:
    """A statement that is put together: conditions, and the values they speak of."""

    values: list[Any]
    conditions: list[str] = field(default_factory=lambda: ["tenant = $1", "generation = $2"])

    def where(self, condition: str, value: Any) -> None:
        """One more condition, which speaks of `value` as `{}`."""
        self.conditions.append(condition.format(self.place(value)))

    def place(self, value: Any) -> str:
        """How the statement speaks of `value`."""
        self.values.append(value)
        return f"${len(self.values)}"


def ledger_page(
    tenant: TenantId,
    generation: int,
    *,
    limit: int,
    at: int | None,
    marketplace: MarketplaceId | None,
    states: Collection[LedgerState] | None,
    certified_only: bool,
    newest: bool,
    after: int | None,
) -> tuple[str, list[Any]]:
    """The statement of `Snapshot.ledger`, and its values."""
    asked = Question([tenant, generation])
    if at is None:
        asked.conditions.append("valid_until is null")
    else:
        asked.where("valid_from <= {0} and (valid_until is null or valid_until > {0})", at)
        asked.where("drafted <= {}", at)  # says nothing new, but where in the index to begin
    if marketplace is not None:
        asked.where("marketplace = {}", marketplace)
    if states is not None:
        asked.where("state = any ({}::text[])", [state.value for state in states])
    if certified_only:
        asked.where("(rehearsal or state = any ({}::text[]))", sorted(state.value for state in NUMBERED))
    if after is not None:
        asked.where("drafted < {}" if newest else "drafted > {}", after)
    order = "drafted desc" if newest else "drafted"
    statement = f"select doc from views.ledger where {' and '.join(asked.conditions)} order by {order}"  # noqa: S608 - words of ours
    return f"{statement} limit {asked.place(limit)}", asked.values
