"""The one reader behind every stream, over a real log."""

import asyncpg
import pytest

from domain.contract.events import SubmittedToNotary
from domain.identity import TenantId
from domain.streaming.audience import Audience
from domain.streaming.choice import Filter
from infra.event_log.store import EventLog
from infra.streams.feed import Feed, Stretch
from tests.infra.streams.records import Story, fact, record

INTERNAL = Filter(audience=Audience.INTERNAL)


@pytest.fixture
async def story(event_log: EventLog, tenant: TenantId) -> Story:
    """A host whose log tells the story."""
    story = Story(tenant)
    await record(event_log, tenant, story.told())
    return story


async def heard(feed: Feed, story: Story, chosen: Filter, most: int = 5) -> list[tuple[int, str]]:
    """All that a filter sees, page by page."""
    found: list[tuple[int, str]] = []
    after, more = 0, True
    while more:
        stretch = await feed.stretch(story.tenant, after, chosen, most)
        found += [(one.recorded.position, one.recorded.type) for one in stretch.heard]
        assert stretch.reached > after or not stretch.more
        after, more = stretch.reached, stretch.more
    assert after == 12
    return found


async def test_a_reader_of_everything_hears_every_record_in_order(event_log: EventLog, story: Story) -> None:
    """Position by position, and the end is where the log ends."""
    told = await heard(Feed(event_log.pool), story, INTERNAL)
    assert [position for position, _ in told] == list(range(1, 13))


async def test_an_edition_is_heard_whole_although_most_records_do_not_name_it(
    event_log: EventLog, story: Story
) -> None:
    """A signature says only which form; the form's first record says where."""
    chosen = Filter(audience=Audience.INTERNAL, marketplace=story.edition)
    for feed in (Feed(event_log.pool), Feed(event_log.pool)):
        assert [position for position, _ in await heard(feed, story, chosen, most=3)] == [1, 5, 6, 7, 9, 11, 12]


async def test_a_contract_is_heard_with_the_negotiation_that_it_came_of(event_log: EventLog, story: Story) -> None:
    """From the first word at the table to the number."""
    chosen = Filter(audience=Audience.INTERNAL, contract=story.contract)
    told = await heard(Feed(event_log.pool), story, chosen)
    assert [type_ for _, type_ in told] == [
        "negotiation.opened.v1",
        "negotiation.terms_proposed.v1",
        "contract.drafted.v1",
        "contract.signed.v1",
        "contract.certified.v1",
        "register.numbered.v1",
    ]


async def test_the_public_hears_of_the_seal_and_how_far_the_log_reaches(event_log: EventLog, story: Story) -> None:
    """A reader who sees little is told how far it has come, so that it never looks at the same stretch twice."""
    told = await heard(Feed(event_log.pool), story, Filter(audience=Audience.PUBLIC))
    assert told == [
        (1, "marketplace.planned.v1"),
        (2, "marketplace.planned.v1"),
        (11, "contract.certified.v1"),
        (12, "register.numbered.v1"),
    ]


async def test_a_filter_that_can_see_nothing_comes_to_the_head_at_once(event_log: EventLog, story: Story) -> None:
    """The public asks for what is internal: nothing, and nothing is read."""
    nothing = Filter(audience=Audience.PUBLIC, types=frozenset({"contract.signed.v1"}))
    assert await Feed(event_log.pool).stretch(story.tenant, 0, nothing) == Stretch([], 12, False)


async def test_a_streams_edition_is_looked_up_once(
    event_log: EventLog, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many records and readers come after: it never changes."""
    asked: list[object] = []
    fetch = asyncpg.Connection.fetch

    async def counted(self: asyncpg.Connection, query: str, *arguments: object, **more: object) -> object:
        if "version = 1" in query:
            asked.append(arguments[1])
        return await fetch(self, query, *arguments, **more)

    monkeypatch.setattr(asyncpg.Connection, "fetch", counted)
    feed = Feed(event_log.pool)
    chosen = Filter(audience=Audience.INTERNAL, marketplace=story.edition)
    await feed.stretch(story.tenant, 8, chosen)  # behind the drafts
    assert len(asked) == 1
    await feed.stretch(story.tenant, 8, chosen)
    assert len(asked) == 1
    await record(event_log, story.tenant, [story.say(story.contract, fact(SubmittedToNotary))])
    stretch = await feed.stretch(story.tenant, 12, chosen)
    assert [one.edition for one in stretch.heard] == [story.edition]
    assert len(asked) == 1
