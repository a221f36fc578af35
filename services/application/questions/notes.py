"""Notes beside reasons: words about people, so they are read from the vault, by the desks and auditors alone."""

from msgspec import Struct

from domain.access.role import Role
from domain.identity import ContractId, TenantId
from domain.refusal import NotThere
from services.application.queries import Queries
from services.application.reading.names import Names

NOTE = "note"
"""The vault's field that holds a note."""

MAY_READ = frozenset(
    {
        Role.HOST_ADMIN,
        Role.LEAD,
        Role.CLERK,
        Role.NOTARY,
        Role.VALUER,
        Role.FOLLOW_UP_OFFICER,
        Role.AUDITOR,
    }
)
"""The roles that read notes."""

MOST = 1_000
"""Steps of one contract that are looked through."""


class NoteView(Struct, kw_only=True, frozen=True):
    """A note, at the record that committed to it; `by` wrote it."""

    position: int
    type: str
    at: str
    by: str | None
    note: str


class NotesView(Struct, kw_only=True, frozen=True):
    """A contract's notes, oldest first; what was erased is missing."""

    contract: str
    notes: list[NoteView]


async def notes(queries: Queries, tenant: TenantId, contract: ContractId) -> NotesView:
    """The notes of a contract."""
    async with queries.at(tenant, None) as (snapshot, _):
        steps = await snapshot.trail(contract, limit=MOST)
        if not steps:
            raise NotThere
        kept = await queries.vault.of_events(tenant, [step.event for step in steps], NOTE)
        noted = [step for step in steps if step.event in kept]
        names = Names(snapshot, queries.vault)
        await names.ask((), {step.actor.id for step in noted})
        return NotesView(
            contract=contract,
            notes=[
                NoteView(
                    position=step.position,
                    type=step.type,
                    at=step.at,
                    by=names.person(step.actor.id),
                    note=kept[step.event],
                )
                for step in noted
            ],
        )
