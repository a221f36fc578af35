"""From a GET to a stream: who listens, to what, and from where on."""

from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from domain.refusal import Refusal
from domain.streaming.audience import Audience
from services.api.keys import Doorkeeper
from services.api.paths import MAX_POSITION, Query
from services.api.problems import Problem, QueryUnusable
from services.api.scopes import Admitted, admitted, chosen_by
from services.api.streaming import CLOUDEVENT, FORMS, RECORD, Listener, Streams
from services.application.reach import is_out_of_reach

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def listening_route(streams: Streams, doorkeeper: Doorkeeper) -> HTTPRouteHandler:
    """The one route of all streams of a host."""

    @get("/v1/{tenant:str}/events/stream", name="StreamEvents")
    async def stream_events(request: Request[Any, Any, Any]) -> Response[Any]:
        who = await admitted(request, doorkeeper)
        listener = _listener(request, who, doorkeeper)
        await streams.admit(listener, who.caller)
        return Stream(streams.open(listener), media_type="text/event-stream", headers=HEADERS)

    return stream_events


def _listener(request: Request[Any, Any, Any], who: Admitted, doorkeeper: Doorkeeper) -> Listener:
    query = Query(request.query_params.dict(), several=("type",))
    after, chosen = query.whole("after") or 0, chosen_by(query, who)
    form = _form(query.one_of("form", FORMS), who)
    query.end()
    resumed = last_event_id(request.headers.get("last-event-id"))

    async def still_welcome() -> bool:
        try:
            again = await admitted(request, doorkeeper)
        except (Refusal, Problem):
            return False
        except Exception as error:
            if not is_out_of_reach(error):
                raise
            return True
        return again.scope == who.scope

    return Listener(
        tenant=who.tenant,
        after=after if resumed is None else resumed,
        filter=chosen,
        form=form,
        persons=who.scope.persons,
        stranger=who.caller is None,
        still_welcome=still_welcome,
    )


def _form(asked: str | None, who: Admitted) -> str:
    """Records as they stand are for the house; others get CloudEvents, in which only theirs stands."""
    whole = who.scope.audience is Audience.INTERNAL and not who.scope.persons
    if asked == RECORD and not whole:
        detail = "Records as they stand are for internal keys without personal values. Ask for cloudevent."
        raise QueryUnusable(errors=[{"parameter": "form", "detail": detail}])
    return asked or (RECORD if whole else CLOUDEVENT)


def last_event_id(header: str | None) -> int | None:
    """Where a reader was cut off (WHATWG HTML, Server-sent events); it wins over `after`."""
    if header is None or not header.strip():
        return None
    told = header.strip()
    if not (told.isascii() and told.isdigit() and len(told) < 17 and int(told) <= MAX_POSITION):
        raise QueryUnusable("Last-Event-ID is the id of the last event you got: a position.")
    return int(told)
