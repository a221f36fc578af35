"""Trails that go across cases: of a person who acted, and of an organisation wherever it appears."""

import json
from collections.abc import Collection
from typing import Any

from domain.directory.fold import Kind
from domain.identity import NegotiationId, OrganisationId, StreamId, contract_of
from domain.trail.step import TrailStep
from infra.projections.reader import STEP, Snapshot, step_of


async def trail_of_actor(snapshot: Snapshot, actor: str, *, limit: int, after: int = 0) -> list[TrailStep]:
    """Up to `limit` steps that a member took, in order, each once, after position `after`."""
    question = snapshot.about(STEP, "trail").go_on("and actor = %s and nth = 0 and position > %s", actor, after)
    return [step_of(row) for row in await snapshot.answer(question.go_on("order by position limit %s", limit))]


async def trail_of_cases(
    snapshot: Snapshot, cases: Collection[StreamId], *, limit: int, after: int = 0
) -> list[TrailStep]:
    """Up to `limit` steps of several cases, in order, each record once."""
    question = snapshot.about(f"distinct on (position) {STEP}", "trail")
    question.go_on("and case_id = any(%s) and position > %s", list(cases), after)
    return [step_of(row) for row in await snapshot.answer(question.go_on("order by position, nth limit %s", limit))]


async def cases_of_organisation(snapshot: Snapshot, organisation: OrganisationId) -> set[StreamId]:
    """The cases in which an organisation appears: its own, its participations, their listings, its tables and forms."""
    of_party = json.dumps({"parties": [{"organisation": organisation}]})

    async def ids(table: str, condition: str, *values: Any) -> list[str]:
        return [str(id_) for (id_,) in await snapshot.answer(snapshot.about("id", table).go_on(condition, *values))]

    of_kind = "and kind = %s and"
    participations = await ids(
        "directory", f"{of_kind} doc ->> 'organisation' = %s", Kind.PARTICIPATION.value, organisation
    )
    listed = await ids("directory", f"{of_kind} doc ->> 'by' = any(%s)", Kind.LISTING.value, participations)
    tables = await ids("directory", f"{of_kind} doc @> %s::jsonb", Kind.NEGOTIATION.value, of_party)
    forms = await ids("ledger", "and valid_until is null and doc::jsonb @> %s::jsonb", of_party)
    return {
        StreamId(organisation),
        *(StreamId(id_) for id_ in (*participations, *listed, *forms)),
        *(contract_of(NegotiationId(StreamId(id_))) for id_ in tables),
    }
