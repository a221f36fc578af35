"""The desk as one router; `services.cli` mounts it beside pages and API."""

from typing import Any

from litestar import Request, Response, Router
from litestar.di import Provide
from litestar.types import ExceptionHandlersMap

from services.application.commands import Application
from services.application.doorkeeping import Keyring
from services.application.queries import Queries
from services.application.reach import is_out_of_reach
from services.application.reading.trouble import ProjectionBehind
from services.web.desk import announce, calls, contract, editions, entrance, form, gong, notary, paper, signing
from services.web.desk.typed import Unreadable
from services.web.desk.visit import PRIVATE, Desk, NotFromHere, SignedOut
from services.web.rendering import HEADERS, Asking, page
from services.web.rooms import Hosts
from services.web.troubles import EXCEPTION_HANDLERS, error_page


def create_desk(application: Application, queries: Queries, keyring: Keyring, hosts: Hosts) -> Router:
    """All pages of the desk, which alone among the pages record something: for people with a key."""
    desk = Desk(application, queries, keyring, hosts)
    return Router(
        path="/",
        route_handlers=[
            signing.home,
            signing.sign_in,
            signing.sign_out,
            editions.plan,
            editions.plan_it,
            editions.edition,
            editions.open_registration,
            entrance.organisations,
            entrance.enter,
            gong.gong,
            gong.open_trading,
            gong.may_extend,
            gong.extend,
            gong.may_close,
            gong.close,
            form.form,
            form.type_in,
            contract.contract,
            contract.go_on,
            contract.may_correct,
            contract.correct,
            calls.calls,
            calls.begin,
            calls.may_call,
            calls.call,
            notary.notary,
            notary.judge,
            paper.paper,
            paper.record,
            announce.announce,
            announce.announce_it,
        ],
        dependencies={"desk": Provide(lambda: desk, sync_to_thread=False)},
        exception_handlers=_HANDLERS,
        include_in_schema=False,
    )


def answer_signed_out(request: Request[Any, Any, Any], _: SignedOut) -> Response[Any]:
    """A page leads to the key; a form that was sent stays in the browser and can be sent again afterwards."""
    asking = Asking(request)
    home = "/" + request.url.path.split("/")[1] + "/desk"
    if request.method in ("GET", "HEAD"):
        wanted = "" if request.url.path == home else request.url.path
        answer: Response[Any] = Response(b"", status_code=303, headers={**HEADERS, **PRIVATE})
        answer.headers["Location"] = asking.link(home, next=wanted)
        return answer
    return _stopped(asking, "signed_out", 401, home)


def answer_stranger(request: Request[Any, Any, Any], _: NotFromHere) -> Response[Any]:
    """Another site's form, or one of ours from before somebody signed in."""
    return _stopped(Asking(request), "not_from_here", 403, request.url.path)


def answer_unreadable(request: Request[Any, Any, Any], _: Unreadable) -> Response[Any]:
    """No form of ours looks like that."""
    return _stopped(Asking(request), "unreadable", 400, request.url.path)


def answer_trouble(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A lost database under a form that was sent: it stays in the browser, to be sent again as it is."""
    if request.method == "POST" and (is_out_of_reach(error) or isinstance(error, ProjectionBehind)):
        return _stopped(Asking(request), "out_of_reach", 503, request.url.path)
    return error_page(request, error)


def _stopped(asking: Asking, words: str, status: int, onward: str) -> Response[Any]:
    answer = page("desk/stopped.html", asking, status=status, words=words, onward=asking.link(onward))
    answer.headers.update(PRIVATE)
    return answer


_HANDLERS: ExceptionHandlersMap = {
    **EXCEPTION_HANDLERS,
    Exception: answer_trouble,
    ProjectionBehind: answer_trouble,
    SignedOut: answer_signed_out,
    NotFromHere: answer_stranger,
    Unreadable: answer_unreadable,
}
