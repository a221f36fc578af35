"""Webhooks: every record at least once, in order, for who answers; and for who doesn't, three days of patience."""

import asyncio
import json
import random
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from standardwebhooks.webhooks import Webhook

from infra.clock import fresh_id
from infra.streams.endpoints import Attempt, Endpoint, Wanted
from infra.streams.keeping import SecretKeeper
from infra.streams.webhook import Scheme, Secret
from services.relay import lane
from tests.infra.event_log.entries import new_stream
from tests.infra.streams.receivers import Got, Receiver, accept, receiving, saying, slam
from tests.infra.streams.test_webhook import verify_ed25519
from tests.services.relay.desk import Desk, eventually


def positions(receiver: Receiver) -> list[int]:
    """The positions that came in, in order."""
    return [int(json.loads(got.body)["sequence"]) for got in receiver.got]


async def failed_at(desk: Desk, id_: str, failures: int) -> Endpoint:
    """The endpoint when it has failed so often in a row."""

    async def so_often() -> Endpoint | None:
        found = await desk.now_at(id_)
        return found if found.failures >= failures or found.state == "disabled" else None

    found: Endpoint = await eventually(so_often)
    return found


async def attempted(desk: Desk, id_: str, number: int) -> list[Attempt]:
    """The attempts when there are so many."""

    async def so_many() -> list[Attempt] | None:
        found = await desk.attempts(id_)
        return found if len(found) >= number else None

    found: list[Attempt] = await eventually(so_many)
    return found


async def test_records_arrive_in_order_signed_and_complete(desk: Desk) -> None:
    """Given records before and after an endpoint is made, when delivered, then all arrive once, in order, signed."""
    await desk.records(60)
    async with receiving() as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        await desk.until_position(id_, 60)
        await desk.records(5)
        await desk.until_position(id_, 65)
    assert positions(receiver) == list(range(1, 66))
    got = receiver.got[64]
    event: Any = Webhook(str(desk.secrets[id_])).verify(got.body, got.headers)
    (entry,) = await desk.log.page(desk.tenant, 64, 1)
    assert event["id"] == got.headers["webhook-id"] == json.loads(entry.bytes)["id"]
    assert event["type"] == "test.noted.v1"
    assert got.headers["content-type"].startswith("application/cloudevents+json")


async def test_what_is_not_taken_is_sent_again_and_what_follows_waits(desk: Desk) -> None:
    """Given a receiver that fails at first, when time goes by, then the same message comes again, and then the rest."""
    await desk.records(3)
    async with receiving(saying(500)) as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        await failed_at(desk, id_, 1)
        desk.ahead += timedelta(seconds=10)
        waiting = await failed_at(desk, id_, 2)
        assert waiting.position == 0
        assert waiting.failing_since is not None
        receiver.answer = accept
        desk.ahead += timedelta(minutes=1)
        done = await desk.until_position(id_, 3)
    assert positions(receiver) == [1, 1, 1, 2, 3]
    first, second = receiver.got[:2]
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert int(first.headers["webhook-timestamp"]) < int(second.headers["webhook-timestamp"])
    assert (done.failures, done.failing_since) == (0, None)
    tried = await desk.attempts(id_)
    assert [(each.number, each.position, each.taken, each.status) for each in tried] == [
        (1, 1, False, 500), (2, 1, False, 500), (3, 1, True, 200), (4, 2, True, 200), (5, 3, True, 200),
    ]  # fmt: skip
    assert tried[0].retry_at is not None


async def test_however_a_receiver_stumbles_it_sees_the_records_in_order(desk: Desk) -> None:
    """Given a receiver that fails or hangs up at random, when it is sent many, then each comes after the one before."""
    dice = random.Random(2006)
    answers = [accept, accept, accept, saying(500), saying(503, "retry-after: 30"), slam]

    async def stumble(got: Got, writer: asyncio.StreamWriter) -> None:
        await dice.choice(answers)(got, writer)

    async def hurry() -> None:
        while True:
            await asyncio.sleep(0.02)
            desk.ahead += timedelta(minutes=10)
            desk.log.wakeups.moved({desk.tenant})

    await desk.records(25)
    async with receiving(stumble) as receiver, desk.delivering():
        hurrying = asyncio.create_task(hurry())
        id_ = await desk.endpoint(receiver.url)
        await desk.until_position(id_, 25)
        hurrying.cancel()
    came = positions(receiver)
    assert list(dict.fromkeys(came)) == list(range(1, 26))
    assert came == sorted(came)
    assert len(came) > 25


async def test_a_receiver_says_when_to_come_again(desk: Desk) -> None:
    """Given a receiver that answers 503 with Retry-After, when it fails, then it is left alone for so long."""
    await desk.records(1)
    async with receiving(saying(503, "retry-after: 120")) as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        failed = await failed_at(desk, id_, 1)
        assert failed.failing_since is not None
        assert failed.next_at is not None
        assert failed.next_at - failed.failing_since >= timedelta(seconds=120)
        desk.ahead += timedelta(seconds=60)
        other = await desk.endpoint(receiver.url)
        await failed_at(desk, other, 1)
        assert len(receiver.got) == 2


async def test_gone_disables_at_once_and_says_so(desk: Desk) -> None:
    """Given a receiver that answers 410, when it was sent one message, then it gets no more, until it is resumed."""
    await desk.records(2)
    async with receiving(saying(410)) as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        disabled = await failed_at(desk, id_, 1)
        assert (disabled.state, disabled.notice, disabled.position) == ("disabled", "gone", 0)
        desk.ahead += timedelta(days=1)
        receiver.answer = accept
        async with desk.endpoints.changing(desk.tenant) as book:
            await book.resume(id_, None)
        await desk.until_position(id_, 2)
    assert positions(receiver) == [1, 1, 2]


async def test_three_days_of_failing_disable(desk: Desk) -> None:
    """Given a receiver that fails, when three days have gone by, then it was tried to the end and is disabled."""
    await desk.records(1)
    async with receiving(saying(500)) as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        await failed_at(desk, id_, 1)
        desk.ahead += timedelta(days=2, hours=23)
        assert (await failed_at(desk, id_, 2)).state == "active"
        desk.ahead += timedelta(hours=2)
        disabled = await failed_at(desk, id_, 3)
        assert (disabled.state, disabled.notice) == ("disabled", "failing")
        assert disabled.noticed_at is not None
    assert len(receiver.got) == 3


async def test_a_paused_endpoint_goes_on_where_it_stopped(desk: Desk) -> None:
    """Given a paused endpoint, when records come, then it gets none; resumed, it gets them all, in order."""
    async with receiving() as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        other = await desk.endpoint(receiver.url + "/other")
        async with desk.endpoints.changing(desk.tenant) as book:
            await book.pause(id_)
        await desk.records(4)
        await desk.until_position(other, 4)
        assert {got.target for got in receiver.got} == {"/hook/other"}
        async with desk.endpoints.changing(desk.tenant) as book:
            await book.resume(id_, None)
        await desk.until_position(id_, 4)
    assert [got.target for got in receiver.got] == ["/hook/other"] * 4 + ["/hook"] * 4


async def test_a_record_that_cant_be_taken_may_be_left_out_by_who_says_so(desk: Desk) -> None:
    """Given a receiver that stumbles over a record, when it is resumed behind that, then it gets what follows."""
    await desk.records(3)
    async with receiving(saying(422)) as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        await failed_at(desk, id_, 1)
        receiver.answer = accept
        async with desk.endpoints.changing(desk.tenant) as book:
            await book.resume(id_, 1)
        await desk.until_position(id_, 3)
    assert positions(receiver) == [1, 2, 3]


async def test_only_what_is_wanted_is_sent(desk: Desk) -> None:
    """Given an endpoint for another type, and one for the public, when records come, then they get none, and go on."""
    async with receiving() as receiver, desk.delivering():
        picky = await desk.endpoint(receiver.url, wanted=Wanted(audience="internal", types=("test.closed.v1",)))
        public = await desk.endpoint(receiver.url)
        strangers = await desk.endpoint(receiver.url + "/public", wanted=Wanted())
        await desk.records(3)
        for id_ in (picky, public, strangers):
            await desk.until_position(id_, 3)
    assert [got.target for got in receiver.got] == ["/hook"] * 3


async def test_a_thin_message_says_where_to_look(desk: Desk) -> None:
    """Given an endpoint that wants thin messages, when a record comes, then its data stay at home."""
    await desk.records(1)
    async with receiving() as receiver, desk.delivering():
        await desk.until_position(await desk.endpoint(receiver.url, thin=True), 1)
    event = json.loads(receiver.got[0].body)
    assert "data" not in event
    assert event["dataref"].endswith(f"/v1/{desk.tenant}/events?after=0&limit=1")


async def test_a_test_is_sent_once_whatever_the_state(desk: Desk) -> None:
    """Given a paused endpoint, when a test is asked for, then it comes, is no record, and isn't tried again."""
    await desk.records(1)
    async with receiving(saying(500)) as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        async with desk.endpoints.changing(desk.tenant) as book:
            await book.pause(id_)
        for answer in (saying(500), accept):
            receiver.answer = answer
            async with desk.endpoints.changing(desk.tenant) as book:
                await book.add_errand(id_, fresh_id(), None)
            before = len(await desk.attempts(id_))
            await attempted(desk, id_, before + 1)
        tried = [each for each in await desk.attempts(id_) if each.kind == "test"]
        assert [each.taken for each in tried] == [False, True]
        assert (await desk.now_at(id_)).failures == 0
    event = json.loads(receiver.got[-1].body)
    assert "sequence" not in event
    assert event["type"] == "handschlag.webhook_tested.v1"
    assert Webhook(str(desk.secrets[id_])).verify(receiver.got[-1].body, receiver.got[-1].headers)


async def test_a_range_is_sent_again_as_it_was_before_anything_new(desk: Desk) -> None:
    """Given delivered records, when some are asked for again, then they come with their ids, before what follows."""
    await desk.records(70)
    async with receiving() as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        await desk.until_position(id_, 70)
        async with desk.endpoints.changing(desk.tenant) as book:
            await book.pause(id_)
            await book.add_errand(id_, fresh_id(), (5, 64))
            await book.add_errand(id_, fresh_id(), (70, 70))
        await desk.records(2)
        async with desk.endpoints.changing(desk.tenant) as book:
            await book.resume(id_, None)
        await desk.until_position(id_, 72)
    assert positions(receiver) == [*range(1, 71), *range(5, 65), 70, 71, 72]
    assert receiver.got[70].headers["webhook-id"] == receiver.got[4].headers["webhook-id"]
    assert receiver.got[70].body == receiver.got[4].body
    kinds = [each.kind for each in await desk.attempts(id_)]
    assert kinds == ["delivery"] * 70 + ["redelivery"] * 61 + ["delivery"] * 2
    async with desk.endpoints.reading(desk.tenant) as book:
        assert await book.errands(id_) == []


async def test_while_a_secret_is_replaced_both_sign(desk: Desk) -> None:
    """Given an old secret with some time left, when a message is sent, then both sign; then the new one alone."""
    async with receiving() as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        key = Secret.fresh(Scheme.ED25519)
        sealed = await SecretKeeper(desk.vault).seal(desk.tenant, id_, 2, key)
        async with desk.endpoints.changing(desk.tenant) as book:
            await book.add_secret(id_, 2, key.scheme, sealed, key.public)
            await book.expire_secrets(id_, 2, desk.clock() + timedelta(hours=1))
        await desk.records(1)
        await desk.until_position(id_, 1)
        desk.ahead += timedelta(hours=2)
        await desk.records(1)
        await desk.until_position(id_, 2)
    overlapping, later = receiver.got
    assert Webhook(str(desk.secrets[id_])).verify(overlapping.body, overlapping.headers)
    assert verify_ed25519(key.public or "", overlapping.headers, overlapping.body)
    assert verify_ed25519(key.public or "", later.headers, later.body)
    assert "v1," not in later.headers["webhook-signature"]


async def test_of_two_deliverers_one_works_and_the_other_takes_over(desk: Desk) -> None:
    """Given two deliverers, when one ends, then the other goes on, and nothing comes twice or out of order."""
    async with receiving() as receiver:
        id_ = await desk.endpoint(receiver.url)
        async with desk.delivering():
            await desk.records(1)
            await desk.until_position(id_, 1)
            async with desk.delivering():
                stream = new_stream()
                for version in range(20):
                    await desk.records(1, stream, version)
                await desk.until_position(id_, 21)
                last = desk.delivering()
                await last.__aenter__()
        await desk.records(3)
        await desk.until_position(id_, 24)
        await last.__aexit__(None, None, None)
    assert positions(receiver) == list(range(1, 25))


async def test_who_may_no_longer_read_gets_nothing_more(desk: Desk) -> None:
    """Given an endpoint whose maker lost the key, when a record comes, then it isn't sent, and a notice says why."""
    async with receiving() as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        desk.withdrawn.add(id_)
        await desk.records(1)

        async def disabled() -> bool:
            return (await desk.now_at(id_)).notice == "access-withdrawn"

        await eventually(disabled)
    assert not receiver.got


async def test_access_that_is_withdrawn_stops_what_is_being_caught_up_with(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an endpoint that is catching up, when its maker loses the key, then it ends in the middle."""
    monkeypatch.setattr(lane, "FRESH", 0.1)
    await desk.records(60)
    async with receiving() as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url, rate=10)
        await desk.until_position(id_, 2)
        desk.withdrawn.add(id_)

        async def disabled() -> bool:
            return (await desk.now_at(id_)).notice == "access-withdrawn"

        await eventually(disabled)
    assert 2 <= len(receiver.got) < 60


async def test_catching_up_keeps_the_pace(desk: Desk) -> None:
    """Given many records and an endpoint with a limit, when it catches up, then no faster than that."""
    await desk.records(11)
    async with receiving() as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url, rate=20)
        await desk.until_position(id_, 11)
    first, last = (await desk.attempts(id_))[0], (await desk.attempts(id_))[-1]
    assert (last.at - first.at).total_seconds() >= 10 * (1 / 20) * 0.9
    assert positions(receiver) == list(range(1, 12))


async def test_the_list_of_attempts_stays_bounded(desk: Desk) -> None:
    """Given attempts of a month ago, when the tables are swept, then they are gone, and the newest are kept."""
    async with receiving() as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        await desk.records(3)
        await desk.until_position(id_, 3)
    desk.ahead += timedelta(days=31)
    async with desk.delivering():

        async def swept() -> bool:
            return await desk.attempts(id_) == []

        await eventually(swept)


async def test_a_lost_connection_ends_nothing_for_good(desk: Desk) -> None:
    """Given a deliverer at work, when the database cuts its connections, then it comes back and misses nothing."""
    async with receiving() as receiver, desk.delivering():
        id_ = await desk.endpoint(receiver.url)
        stream = new_stream()
        cutting = await asyncpg.connect(desk.database.follower)
        for version in range(30):
            await desk.records(1, stream, version)
            if version % 10 == 5:
                await cutting.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where application_name = 'handschlag-webhooks' and pid <> pg_backend_pid()"
                )
        await cutting.close()
        await desk.until_position(id_, 30)
    assert sorted(set(positions(receiver))) == list(range(1, 31))
    assert (await desk.now_at(id_)).position == 30
