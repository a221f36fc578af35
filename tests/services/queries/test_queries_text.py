"""Rows as JSON: what is spelt once and what is put in between make the very bytes of the row's view."""

from random import Random
from typing import Any

import asyncpg
import msgspec
import pytest

from domain.identity import EventId, PersonId, TenantId
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.vault.vault import Vault
from services.application.queries import Queries
from services.application.questions.ledger import ledger_text
from tests.infra.projections.histories import History, random_history
from tests.infra.projections.telling import catch_up
from tests.infra.projections.writing import append


@pytest.mark.parametrize("seed", range(3))
async def test_texts_are_the_views_as_json(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, tenant: TenantId, seed: int
) -> None:
    """Given a random history, when its ledger is read both ways, page by page, then both say the same."""
    await append(event_log, tenant, random_history(Random(seed), 250).told)
    await catch_up(follower, tenant)
    for asked in ({}, {"newest": True}, {"as_of": 400}):
        views = await queries.ledger(tenant, limit=10, **asked)
        texts = await ledger_text(queries, tenant, limit=10, **asked)
        assert views.items
        assert msgspec.json.encode(texts) == msgspec.json.encode(views)


async def test_names_are_put_in_at_every_reading(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, vault: Vault, tenant: TenantId
) -> None:
    """Given names that change, and one that goes, when a row is read again and again, then it has what holds then."""
    history = History(Random(44))
    edition = history.edition()
    history.open(edition)
    parties = history.trader_and_charity(edition)
    trader = parties[0].organisation
    history.deal(edition, parties)
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    for name in ("Uta Uhl", 'Uta "Farbe" Uhl \\ Söhne', "\x00\x1f 🎨", "Uta Uhl"):
        for person in (PersonId(trader), history.notary):
            await vault.keep(tenant, person, EventId(fresh_id()), {"name": name})
        (row,) = await _told_both_ways(queries, tenant)
        assert (row["parties"][0]["name"], row["notary_name"], row["erased"]) == (name, name, [])

    async with vault.transaction(tenant) as connection:
        await connection.execute("update vault.persons set leaving_at = now() where tenant = $1", tenant)
    (row,) = await _told_both_ways(queries, tenant)
    assert (row["parties"][0]["name"], row["parties"][0]["erased"]) == (None, True)
    assert (row["notary_name"], row["erased"]) == (None, [history.notary])


async def _told_both_ways(queries: Queries, tenant: TenantId) -> list[dict[str, Any]]:
    text = msgspec.json.encode(await ledger_text(queries, tenant))
    assert text == msgspec.json.encode(await queries.ledger(tenant))
    items: list[dict[str, Any]] = msgspec.json.decode(text)["items"]
    return items
