"""Where a reader goes on: behind a position that this log has come to, or not at all."""

from domain.identity import TenantId
from domain.refusal import NotThere
from infra.streams.feed import Feed
from services.application.reading.trouble import NotRecordedYet


async def head_behind(feed: Feed, tenant: TenantId, after: int) -> int:
    """The position of the host's newest record, for a reader who goes on after position `after`.

    Raises `NotThere`, and `NotRecordedYet` for a place beyond it: that is another log's, and what this one records
    next would be left out in silence. Read after the request came: whoever was told a position was told it after its
    commit, and the log itself is asked, so no true place is ever beyond the head.
    """
    try:
        head = await feed.head(tenant)
    except LookupError:
        raise NotThere from None
    if after > head:
        raise NotRecordedYet(after, head)
    return head
