"""What readers get: pages that lose nothing, names joined at reading, results, seasons, worklists."""

from random import Random

import asyncpg
import pytest

from domain.identity import ContractId, EventId, PersonId, StreamId, TenantId, contract_of
from domain.ledger.row import LedgerState
from domain.refusal import NotThere
from domain.results.figures import Qualifier
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.projections.rebuild import rebuild
from infra.vault.vault import Vault
from services.application.queries import Queries
from services.application.questions.listings import listings
from services.application.reading.cursors import cursor
from services.application.reading.trouble import CursorExpired, CursorUnusable
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.projections.histories import History, figures
from tests.infra.projections.telling import catch_up
from tests.infra.projections.writing import append


async def test_pages_follow_each_other_through_a_rebuild(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given a cursor of a generation that a rebuild replaced, then its page goes on without a gap or a double."""
    history = History(Random(41))
    edition = history.edition()
    history.open(edition)
    parties = history.pair(edition)
    contracts = [history.deal(edition, parties) for _ in range(7)]
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    first = await queries.ledger(tenant, edition, limit=3)
    await rebuild(database.follower, tenant)
    second = await queries.ledger(tenant, edition, limit=3, cursor=first.next)
    third = await queries.ledger(tenant, edition, limit=3, cursor=second.next)
    assert [row.id for page in (first, second, third) for row in page.items] == contracts
    assert third.next is None

    newest = await queries.ledger(tenant, edition, newest=True, limit=4)
    rest = await queries.ledger(tenant, edition, newest=True, limit=4, cursor=newest.next)
    assert [row.id for page in (newest, rest) for row in page.items] == contracts[::-1]

    steps, following = [], None
    while True:
        page = await queries.trail_of_marketplace(tenant, edition, limit=10, cursor=following)
        steps += [step.position for step in page.items]
        following = page.next
        if following is None:
            break
    organisations = {party.organisation for party in parties}
    there = [n for n, envelope in enumerate(history.told, 1) if envelope.stream not in organisations]
    assert steps == there


async def test_cursors_that_cant_be_used(queries: Queries, tenant: TenantId) -> None:
    """Given a cursor of another list, of no list, or of views that aren't there yet, then it is refused."""
    for odd in ("", "x", "a" * 500, cursor("trail", 1, 4), cursor("ledger", 1, -4)):
        with pytest.raises(CursorUnusable):
            await queries.ledger(tenant, cursor=odd)
    with pytest.raises(CursorExpired):
        await queries.ledger(tenant, cursor=cursor("ledger", 2, 4))


async def test_filters(queries: Queries, event_log: EventLog, follower: asyncpg.Pool, tenant: TenantId) -> None:
    """Given things in all states, then lists by state hold just those."""
    history = History(Random(42))
    edition, other = history.edition(), history.edition(title="Gute Geschäfte")
    history.open(edition)
    parties = history.pair(edition)
    done, waiting = history.deal(edition, parties), history.drafted(edition, parties)
    history.signed(waiting, parties)
    history.submitted(waiting)
    open_table = history.negotiation(edition, parties)
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    queue = await queries.ledger(tenant, edition, state=LedgerState.AT_NOTARY)
    assert [row.id for row in queue.items] == [waiting]
    both = await queries.ledger(tenant, state={LedgerState.AT_NOTARY, LedgerState.CERTIFIED})
    assert [row.id for row in both.items] == [done, waiting]
    assert (await queries.ledger(tenant, other)).items == []
    tables = await queries.negotiations(tenant, edition, state="proposed")
    assert [(table.id, table.contract) for table in tables.items] == [(open_table, contract_of(open_table))]
    assert tables.items[0].parties[0].name is not None
    assert len((await queries.negotiations(tenant, edition, state="agreed")).items) == 1
    assert (await queries.negotiations(tenant, edition, state="lapsed")).items == []
    assert [view.id for view in (await queries.marketplaces(tenant, state="trading")).items] == [edition]
    assert [view.id for view in (await queries.marketplaces(tenant)).items] == [edition, other]
    floor = await queries.participations(tenant, edition, state="on_the_floor")
    assert {view.organisation for view in floor.items} == {party.organisation for party in parties}
    assert (await queries.participations(tenant, edition, state="requested")).items == []


async def test_names_are_joined_at_reading(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, vault: Vault, tenant: TenantId
) -> None:
    """Given a sole trader and a notary in the vault, then rows and trails name them, and others read as None."""
    history = History(Random(43))
    edition = history.edition()
    history.open(edition)
    parties = history.trader_and_charity(edition)
    trader = parties[0].organisation
    contract = history.deal(edition, parties)
    for person, name in ((PersonId(trader), "Uta Uhl, Malermeisterin"), (history.notary, "Dr. Nele Notz")):
        await vault.keep(tenant, person, EventId(fresh_id()), {"name": name})
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    row = await queries.contract(tenant, contract)
    assert [party.name for party in row.parties] == ["Uta Uhl, Malermeisterin", "Tafel e. V."]
    assert row.notary_name == "Dr. Nele Notz"
    assert row.pledges[0].area_label == "Helfende Hände"
    assert row.lineage == [n for n, envelope in enumerate(history.told, 1) if envelope.stream == contract]
    steps = (await queries.trail(tenant, contract)).items
    assert steps[0].type == "negotiation.opened.v1"
    assert steps[0].names == {
        parties[0].participation: "Uta Uhl, Malermeisterin",
        parties[1].participation: "Tafel e. V.",
    }
    certified = next(step for step in steps if step.type == "contract.certified.v1")
    assert certified.actor.name == "Dr. Nele Notz"
    assert certified.names[history.notary] == "Dr. Nele Notz"
    signed = next(step for step in steps if step.type == "contract.signed.v1")
    assert signed.names[signed.details["person"]] is None
    assert (await queries.organisation(tenant, trader)).name == "Uta Uhl, Malermeisterin"
    assert [step.type for step in steps][-1] == "register.numbered.v1"
    assert (await queries.trail(tenant, StreamId(steps[0].stream))).items == steps


async def test_corrected_results_keep_the_earlier_words(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, tenant: TenantId
) -> None:
    """Given an announcement and two corrections, then the last stands, and the earlier ones are told with it."""
    history = History(Random(44))
    edition = history.edition()
    statement = history.announced(edition, figures(97))
    history.announced(edition, figures(98), statement)
    history.announced(edition, figures(99, 200_000), statement)
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    (said,) = (await queries.results(tenant, edition)).statements
    assert said.figures == figures(99, 200_000)
    assert said.earlier == [figures(97), figures(98)]
    (then,) = (await queries.results(tenant, edition, as_of=3)).statements
    assert (then.figures, then.earlier, then.position) == (figures(98), [figures(97)], 3)
    assert (await queries.results(tenant, edition, as_of=1)).statements == []


async def test_season_over_all_hosts(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, database: DatabaseUrls
) -> None:
    """Given hosts that announced, kept silent or rehearsed, then a season adds what was said and names the rest."""
    season = 3006 + int(fresh_id()[:6], 16)
    said = {"exact": figures(97, 200_000), "unvalued": figures(84), "silent": None}
    names: dict[str, TenantId] = {}
    for word, figure in said.items():
        history = History(Random(45))
        edition = history.edition(season=season)
        if figure is not None:
            history.announced(edition, figure)
        names[word] = await new_tenant(database)
        await append(event_log, names[word], history.told)
    for history in (History(Random(46), rehearsal=True), History(Random(47))):
        history.announced(history.edition(season=season if history.rehearsal else season + 1), figures(1000))
        names["other"] = await new_tenant(database)
        await append(event_log, names["other"], history.told)
        await catch_up(follower, names["other"])
    for word in said:
        await catch_up(follower, names[word])

    view = await queries.season(season)
    assert {host.tenant for host in view.hosts} == {names[word] for word in said}
    assert (view.agreements.value, view.agreements.qualifier) == (181, Qualifier.EXACT)
    assert view.agreements.missing == [names["silent"]]
    assert (view.value.value, view.value.unit, view.value.qualifier) == (200_000, "EUR", Qualifier.ABOUT)
    assert set(view.value.missing) == {names["silent"], names["unvalued"]}
    empty = await queries.season(1999)
    assert (empty.agreements.value, empty.agreements.qualifier, empty.hosts) == (None, Qualifier.UNKNOWN, [])


async def test_what_the_timekeeper_has_to_do(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, tenant: TenantId
) -> None:
    """Given an open edition and one that is over with a table left open, then both are on the timekeeper's lists."""
    history = History(Random(48))
    running, over = history.edition(), history.edition()
    history.open(running)
    history.open(over)
    left = history.negotiation(over, history.pair(over))
    history.negotiation(running, history.pair(running))
    history.close(over)
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    mine = [edition for edition in await queries.running_editions() if edition.tenant == tenant]
    assert [(edition.marketplace, edition.version, edition.grace_minutes) for edition in mine] == [(running, 3, 15)]
    assert [
        (table.negotiation, table.version) for table in await queries.tables_left_open() if table.tenant == tenant
    ] == [(left, 2)]


async def test_another_tenants_things_dont_exist(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given a contract of one host, then for another host, and for a host that isn't there, it doesn't exist."""
    history = History(Random(49))
    edition = history.edition()
    history.open(edition)
    contract = history.deal(edition, history.pair(edition))
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)
    for stranger in (await new_tenant(database), TenantId("nobody")):
        assert (await queries.ledger(stranger)).items == []
        assert (await queries.marketplaces(stranger)).items == []
        for asked in (
            queries.contract(stranger, contract),
            queries.trail(stranger, contract),
            queries.marketplace(stranger, edition),
            queries.results(stranger, edition),
            listings(queries, stranger, edition),
        ):
            with pytest.raises(NotThere):
                await asked
    with pytest.raises(NotThere):
        await queries.contract(tenant, ContractId(StreamId(fresh_id())))
