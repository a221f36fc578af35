"""The notary's queue: the form that is on, certify or return, and who waits behind it."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.contract.commands import Certify, ReturnForCorrection
from domain.contract.form import ReturnReason
from domain.identity import ContractId, MarketplaceId, PersonId
from domain.refusal import NotThere, Refusal
from services.application.asking import Receipt
from services.application.questions.notary_queue import notary_queue
from services.application.trouble import RoleNotAllowed
from services.web import showing
from services.web.desk.typed import Typed
from services.web.desk.visit import FIRST, Asked, Desk, Shown, Visit
from services.web.rooms import marketplace, stream


@get("/{tenant:str}/desk/{edition:str}/notary", name="desk-notary")
async def notary(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """The queue in order of submission, with the first form in full, or the one that `?form=` names."""
    visit = await desk.enter(request, tenant)
    chosen = visit.asking.query.get("form")
    return await _page(visit, marketplace(edition), ContractId(stream(chosen)) if chosen else None)


@post("/{tenant:str}/desk/{edition:str}/notary", status_code=200)
async def judge(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Certify the form, or return it with reasons."""
    visit = await desk.enter(request, tenant)
    typed = await visit.sent()
    home, case = marketplace(edition), ContractId(stream(typed.get("form")))
    try:
        done = await _judge(visit, typed, case)
    except Refusal as refusal:
        if isinstance(refusal, NotThere):
            raise
        return await _page(visit, home, case, await visit.alarmed(refusal, case))
    if done is None:
        return await _page(visit, home, case, Shown(422, typed))
    return visit.go(f"{visit.home}/{home}/notary", done, just=case)


async def _judge(visit: Visit, typed: Typed, case: ContractId) -> Receipt | None:
    """None: it is to be returned, and no reason is ticked."""
    if typed.get("verdict") == "certify":
        caller = visit.may(Certify)
        if caller is None:
            raise RoleNotAllowed
        checked = tuple(typed.beginning("check-"))
        return await visit.do("certify", case, Certify(notary=PersonId(caller.member), checked=checked))
    reasons = tuple(reason for reason in ReturnReason if typed.ticked(f"reason-{reason.value}"))
    if not reasons:
        typed.fault("reasons", "reasons")
        return None
    return await visit.do("return", case, ReturnForCorrection(reasons=reasons))


async def _page(visit: Visit, home: MarketplaceId, chosen: ContractId | None, how: Shown = FIRST) -> Response[str]:
    queries, speech = visit.desk.queries, visit.asking.speech
    edition = await queries.marketplace(visit.tenant, home)
    queue = await notary_queue(queries, visit.tenant, home)
    on = next((each for each in queue.forms if each.contract.id == chosen), None)
    if on is None and how.alarm is None:
        on = queue.forms[0] if queue.forms else None
    just = await visit.just(home, how)
    zone = edition.time_zone
    return visit.show(
        "notary.html",
        how,
        edition=edition,
        queue=[showing.row(each.contract, speech, zone) for each in queue.forms],
        next_number=queue.next_number,
        checklist=queue.checklist,
        on=None if on is None else showing.row(on.contract, speech, zone),
        flags=[] if on is None else on.flags,
        sides=[] if on is None else showing.sides(on.contract, speech),
        version=0 if on is None else on.version,
        reasons=list(ReturnReason),
        may=visit.may(Certify) is not None,
        just=None if just is None else showing.row(just, speech, zone),
    )
