"""What is shown to those who come without a key."""

from random import Random

import asyncpg
import pytest

from domain.contract.events import AmendmentProposed, ContractDisputed, FollowUpCalled
from domain.contract.fulfilment import CallOutcome
from domain.contract.reasons import DisputeReason
from domain.identity import EventId, PersonId, TenantId
from domain.marketplace.plan import Visibility
from domain.negotiation.terms import terms_hash
from domain.refusal import NotThere
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.vault.vault import Vault
from services.application.queries import Queries
from services.application.questions.listings import listings, search
from tests.infra.projections.histories import History
from tests.infra.projections.telling import catch_up
from tests.infra.projections.writing import append


async def test_a_real_edition_shows_certified_contracts_and_consented_names(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, vault: Vault, tenant: TenantId
) -> None:
    """Given a real edition, then the public sees what is certified, who consented, and no person."""
    history = History(Random(51))
    edition = history.edition()
    history.open(edition)
    parties = history.pair(edition)
    consented = history.deal(edition, parties)
    silent = history.deal(edition, parties, publicity=False)
    draft = history.agreed(edition, parties)
    await vault.keep(tenant, history.notary, EventId(fresh_id()), {"name": "Dr. Nele Notz"})
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    ledger = await queries.ledger(tenant, edition, public=True, limit=1)
    rest = await queries.ledger(tenant, edition, public=True, limit=1, cursor=ledger.next)
    assert [row.id for row in (*ledger.items, *rest.items)] == [consented, silent]
    assert rest.next is None
    company, charity = ledger.items[0].parties
    assert company.name is not None
    assert (charity.name, charity.publicity) == (None, False)
    assert [party.name for party in rest.items[0].parties] == [None, None]
    assert (ledger.items[0].notary, ledger.items[0].notary_name) == (None, None)
    with pytest.raises(NotThere):
        await queries.contract(tenant, draft, public=True)
    with pytest.raises(NotThere):
        await queries.trail(tenant, draft, public=True)

    steps = (await queries.trail(tenant, consented, public=True)).items
    assert {step.actor.id for step in steps} == {step.actor.name for step in steps} == {None}
    assert not any({"person", "notary", "broker", "witness"} & step.details.keys() for step in steps)
    told = {name for step in steps for name in step.names.values()}
    assert told == {company.name, None}
    seen = (await queries.trail_of_marketplace(tenant, edition, public=True)).items
    streams = {step.stream for step in seen}
    assert {edition, consented, silent} <= streams
    assert draft not in streams
    assert not streams & {party.participation for party in parties}
    keyed = (await queries.trail(tenant, consented)).items
    pseudonyms: set[str] = {history.notary, *(step.details["person"] for step in keyed if "person" in step.details)}
    assert len(pseudonyms) == 3
    assert not any(pseudonym in str((seen, steps, ledger)) for pseudonym in pseudonyms)
    assert {view.name for view in (await queries.organisations(tenant, public=True)).items} == {None}
    assert {view.name for view in (await queries.participations(tenant, edition, public=True)).items} == {None}


async def test_what_isnt_certified_of_a_certified_contract_is_nobodys_business(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, tenant: TenantId
) -> None:
    """Given a contract with an amendment that not all have signed, calls and a dispute, the public is told of none."""
    history = History(Random(54))
    edition = history.edition()
    history.open(edition)
    parties = history.pair(edition)
    contract = history.deal(edition, parties)
    by, terms = parties[0].participation, history.terms(parties)
    history.tell(contract, AmendmentProposed(by=by, terms=terms, terms_hash=terms_hash(terms)))
    history.tell(contract, FollowUpCalled(party=by, outcome=CallOutcome.NOT_REACHED))
    history.tell(contract, ContractDisputed(by=by, pledge=0, reason=DisputeReason.NOT_DELIVERED))
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    untold = {"contract.amendment_proposed.v1", "contract.follow_up_called.v1", "contract.disputed.v1"}
    assert (await queries.contract(tenant, contract)).amendment is not None
    assert (await queries.contract(tenant, contract, public=True)).amendment is None
    for public, seen in ((False, untold), (True, set())):
        steps = (await queries.trail(tenant, contract, public=public)).items
        steps += (await queries.trail_of_marketplace(tenant, edition, public=public)).items
        assert {step.type for step in steps} & untold == seen
        assert "contract.certified.v1" in {step.type for step in steps}


async def test_what_was_certified_then(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, tenant: TenantId
) -> None:
    """Given a contract certified later, then as of a moment before, the public doesn't see it."""
    history = History(Random(52))
    edition = history.edition()
    history.open(edition)
    contract = history.deal(edition, history.pair(edition))
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)
    sealed = next(n for n, told in enumerate(history.told, 1) if told.type == "contract.certified.v1")
    assert (await queries.ledger(tenant, edition, public=True, as_of=sealed - 1)).items == []
    assert [row.id for row in (await queries.ledger(tenant, edition, public=True, as_of=sealed)).items] == [contract]
    with pytest.raises(NotThere):
        await queries.contract(tenant, contract, public=True, as_of=sealed - 1)


async def test_a_rehearsal_is_open(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, vault: Vault, tenant: TenantId
) -> None:
    """Given a rehearsal, whose names are invented, then the public sees drafts, names and persons."""
    history = History(Random(53), rehearsal=True)
    edition = history.edition()
    history.open(edition)
    parties = history.pair(edition)
    draft = history.agreed(edition, parties)
    done = history.deal(edition, parties, publicity=False)
    await vault.keep(tenant, PersonId(history.notary), EventId(fresh_id()), {"name": "Frau Probe"})
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    rows = (await queries.ledger(tenant, edition, public=True)).items
    assert [row.id for row in rows] == [draft, done]
    assert all(party.name for row in rows for party in row.parties)
    assert rows[1].notary_name == "Frau Probe"
    steps = (await queries.trail(tenant, draft, public=True)).items
    assert steps[0].actor.name == "Frau Probe"
    assert all(name for name in steps[0].names.values())
    assert len((await queries.trail_of_marketplace(tenant, edition, public=True)).items) > len(steps)


@pytest.mark.parametrize(
    ("visibility", "before", "trading"),
    [(Visibility.BEFORE, True, True), (Visibility.AT_THE_DOOR, False, True), (Visibility.NEVER, False, False)],
)
async def test_lists_are_public_when_the_host_says_so(
    visibility: Visibility,
    before: bool,
    trading: bool,
    queries: Queries,
    event_log: EventLog,
    follower: asyncpg.Pool,
    tenant: TenantId,
) -> None:
    """Given the host's choice, then offers and needs are public before the day, at the door, or never."""
    history = History(Random(54))
    edition = history.edition(visibility=visibility)
    organisation = history.pair(edition)[0]
    listing = history.listing(edition, organisation.participation)
    told = len(history.told)
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    async def shown() -> bool:
        try:
            found = (await listings(queries, tenant, edition, public=True)).items
            assert (await search(queries, tenant, edition, "Bagger", public=True)).items == found
        except NotThere:
            with pytest.raises(NotThere):
                await search(queries, tenant, edition, "Bagger", public=True)
            return False
        assert all(view.by_name is None for view in found)
        return [view.id for view in found] == [listing]

    assert await shown() is before
    history.open(edition)
    await append(event_log, tenant, history.told[told:])
    await catch_up(follower, tenant)
    assert await shown() is trading
    (view,) = (await listings(queries, tenant, edition)).items
    assert view.by_name is not None
