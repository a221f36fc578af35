"""Trails that go across cases: of a person who acted, and of an organisation wherever it appears."""

from collections.abc import Collection

from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import JSONB

from domain.directory.fold import Kind
from domain.identity import NegotiationId, OrganisationId, StreamId, contract_of
from domain.trail.step import TrailStep
from infra.projections import tables
from infra.projections.reader import FIRST_CASE, Snapshot, step_of


async def trail_of_actor(snapshot: Snapshot, actor: str, *, limit: int, after: int = 0) -> list[TrailStep]:
    """Up to `limit` steps that a member took, in order, each once, after position `after`."""
    trail = tables.trail
    query = select(trail).where(trail.c.actor == actor, trail.c.nth == FIRST_CASE, trail.c.position > after)
    return [step_of(row) for row in await snapshot.rows_of(query.order_by(trail.c.position).limit(limit), trail)]


async def trail_of_cases(
    snapshot: Snapshot, cases: Collection[StreamId], *, limit: int, after: int = 0
) -> list[TrailStep]:
    """Up to `limit` steps of several cases, in order, each record once."""
    trail = tables.trail
    query = (
        select(trail)
        .distinct(trail.c.position)
        .where(trail.c.case_id.in_(cases), trail.c.position > after)
        .order_by(trail.c.position, trail.c.nth)
        .limit(limit)
    )
    return [step_of(row) for row in await snapshot.rows_of(query, trail)]


async def cases_of_organisation(snapshot: Snapshot, organisation: OrganisationId) -> set[StreamId]:
    """The cases in which an organisation appears: its own, its participations, their listings, its tables and forms."""
    directory, ledger = tables.directory, tables.ledger
    doc = cast(directory.c.doc, JSONB)
    of_party = {"parties": [{"organisation": organisation}]}
    parts = await snapshot.rows_of(
        select(directory.c.id).where(
            directory.c.kind == Kind.PARTICIPATION.value, doc["organisation"].astext == organisation
        ),
        directory,
    )
    participations = [row.id for row in parts]
    listed = await snapshot.rows_of(
        select(directory.c.id).where(directory.c.kind == Kind.LISTING.value, doc["by"].astext.in_(participations)),
        directory,
    )
    tables_of = await snapshot.rows_of(
        select(directory.c.id).where(directory.c.kind == Kind.NEGOTIATION.value, doc.contains(of_party)), directory
    )
    forms = await snapshot.rows_of(
        select(ledger.c.id).where(ledger.c.valid_until.is_(None), cast(ledger.c.doc, JSONB).contains(of_party)), ledger
    )
    return {
        StreamId(organisation),
        *(StreamId(each) for each in participations),
        *(StreamId(row.id) for row in (*listed, *forms)),
        *(contract_of(NegotiationId(StreamId(row.id))) for row in tables_of),
    }
