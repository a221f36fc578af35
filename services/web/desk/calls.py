"""The calls months later: whom to call, and what a party says of each pledge."""

from dataclasses import replace

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.contract.commands import PledgeTold, RecordCall
from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason
from domain.identity import ContractId, MarketplaceId, ParticipationId, PersonId, StreamId
from domain.marketplace.commands import StartFollowUp
from domain.personal import Personal
from domain.refusal import Refusal
from services.application.questions.follow_up import follow_up, to_call
from services.application.views import LedgerRowView, PledgeView
from services.web import showing
from services.web.desk.typed import Typed
from services.web.desk.visit import FIRST, Asked, Desk, Shown, Visit
from services.web.rooms import marketplace, stream
from services.web.steps import party_name

RUNNING, ALL = "running", "all"
"""What a party may say of a pledge, besides why it won't come."""


@get("/{tenant:str}/desk/{edition:str}/calls", name="desk-calls")
async def calls(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Whom to call, the oldest contract first, and how far the edition has come."""
    visit = await desk.enter(request, tenant)
    return await _list_page(visit, marketplace(edition))


@post("/{tenant:str}/desk/{edition:str}/calls", status_code=200)
async def begin(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Begin to call everyone."""
    visit = await desk.enter(request, tenant)
    await visit.sent()
    home = marketplace(edition)
    try:
        done = await visit.do("follow-up", home, StartFollowUp())
    except Refusal as refusal:
        return await _list_page(visit, home, await visit.alarmed(refusal, home))
    return visit.go(f"{visit.home}/{home}/calls", done)


async def _list_page(visit: Visit, home: MarketplaceId, how: Shown = FIRST) -> Response[str]:
    queries, speech = visit.desk.queries, visit.asking.speech
    edition = await queries.marketplace(visit.tenant, home)
    told = await follow_up(queries, visit.tenant, home)
    waiting = await to_call(queries, visit.tenant, home)
    called = await visit.just(home, how)
    zone = edition.time_zone
    return visit.show(
        "calls.html",
        how,
        edition=edition,
        told=told,
        percent=None if told.done_percent is None else told.done_percent.replace(".", speech.point),
        waiting=[(each, showing.row(each.contract, speech, zone)) for each in waiting.items],
        may_begin=edition.state == "over" and visit.may(StartFollowUp) is not None,
        just=None if called is None else showing.row(called, speech, zone),
    )


@get("/{tenant:str}/desk/contracts/{contract:str}/call", name="desk-call")
async def may_call(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], contract: FromPath[str]
) -> Response[str]:
    """A contract to be called about."""
    visit = await desk.enter(request, tenant)
    return await _call_page(visit, ContractId(stream(contract)))


@post("/{tenant:str}/desk/contracts/{contract:str}/call", status_code=200)
async def call(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], contract: FromPath[str]
) -> Response[str]:
    """Record the call."""
    visit = await desk.enter(request, tenant)
    typed = await visit.sent()
    case = ContractId(stream(contract))
    row = await visit.written(case)
    command = _told(visit, typed, row)
    if typed.faults or command is None:
        return await _call_page(visit, case, Shown(422, typed))
    try:
        done = await visit.do("call", case, command)
    except Refusal as refusal:
        return await _call_page(visit, case, await visit.alarmed(refusal, case))
    return visit.go(f"{visit.home}/{row.marketplace}/calls", done, just=case)


def _told(visit: Visit, typed: Typed, row: LedgerRowView) -> RecordCall | None:
    """The call as typed; None when it isn't said whom, or what came of it."""
    party, outcome = typed.get("party"), typed.get("outcome")
    if party not in {each.participation for each in row.parties}:
        typed.fault("party", "choose")
    if outcome not in {each.value for each in CallOutcome}:
        typed.fault("outcome", "choose")
    told = [said for pledge in row.pledges if (said := _said(typed, pledge)) is not None]
    note, caller = typed.get("note"), visit.may(RecordCall)
    if typed.faults:
        return None
    sealed = Personal(person=PersonId(caller.member), values={"note": note}) if note and caller is not None else None
    return RecordCall(
        party=ParticipationId(StreamId(party)), outcome=CallOutcome(outcome), told=tuple(told), note=sealed
    )


def _said(typed: Typed, pledge: PledgeView) -> PledgeTold | None:
    """What was said of one pledge; None when nothing was."""
    said, came = typed.get(f"said-{pledge.place}"), typed.whole(f"came-{pledge.place}", most=pledge.quantity)
    left = pledge.quantity - pledge.delivered
    reasons = {each.value for each in NonFulfilmentReason}
    delivered = left if said == ALL else came or 0
    if not delivered and said not in {RUNNING, *reasons}:
        return None
    return PledgeTold(
        pledge=pledge.place,
        running=said == RUNNING,
        delivered=delivered,
        reason=NonFulfilmentReason(said) if said in reasons else None,
    )


async def _call_page(visit: Visit, case: ContractId, how: Shown = FIRST) -> Response[str]:
    queries, speech = visit.desk.queries, visit.asking.speech
    row = await visit.written(case)
    edition = await queries.marketplace(visit.tenant, marketplace(row.marketplace))
    names = {party.participation: party_name(party, speech) for party in row.parties}
    words = {RUNNING: speech.word("desk.calls.running"), ALL: speech.word("desk.calls.all")} | {
        each.value: speech.word("desk.calls.not", reason=speech.word(f"reason.{each.value}"))
        for each in NonFulfilmentReason
    }
    return visit.show(
        "call.html",
        replace(how, focus=how.focus or "party"),
        edition=edition,
        contract=showing.row(row, speech, edition.time_zone),
        version=len(row.lineage),
        names=list(names.items()),
        giver=names,
        outcomes=[(each.value, speech.word(f"desk.calls.{each.value}")) for each in CallOutcome],
        said=list(words.items()),
        open=[pledge for pledge in row.pledges if pledge.reason is None and pledge.delivered < pledge.quantity],
        may=visit.may(RecordCall) is not None and showing.row(row, speech, edition.time_zone).sealed,
    )
