"""A form that is written: its signatures, its way to the notary, and its correction."""

from dataclasses import replace

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.contract.commands import CorrectForm, Sign, SubmitToNotary
from domain.identity import ContractId, ParticipationId, StreamId
from domain.negotiation.terms import Terms, terms_hash
from domain.refusal import Refusal
from services.application.asking import Receipt
from services.application.views import LedgerRowView, MarketplaceView
from services.web import showing
from services.web.desk import correcting, written
from services.web.desk.handing_in import BrokenOff, hand_in, signature
from services.web.desk.in_hand import IN_HAND
from services.web.desk.typed import Typed, Unreadable
from services.web.desk.visit import FIRST, Alarm, Asked, Desk, Shown, Visit
from services.web.rooms import marketplace, stream


@get("/{tenant:str}/desk/contracts/{contract:str}", name="desk-contract")
async def contract(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], contract: FromPath[str]
) -> Response[str]:
    """A form that is written: what stands on it, and what it still needs."""
    visit = await desk.enter(request, tenant)
    return await contract_page(visit, ContractId(stream(contract)))


@post("/{tenant:str}/desk/contracts/{contract:str}", status_code=200)
async def go_on(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], contract: FromPath[str]
) -> Response[str]:
    """Add the missing signatures and hand the form in."""
    visit = await desk.enter(request, tenant)
    await visit.sent()
    case = ContractId(stream(contract))
    row = await visit.written(case)
    try:
        done = await _sign_and_submit(visit, case, row)
    except BrokenOff as broken:
        return await broken_off_page(visit, broken)
    except Refusal as refusal:
        return await contract_page(visit, case, await visit.alarmed(refusal, case))
    return visit.go(f"{visit.home}/contracts/{case}", done)


async def _sign_and_submit(visit: Visit, case: ContractId, row: LedgerRowView) -> Receipt | None:
    """Each ticked signature, then, when none is missing, the notary. None: nothing was ticked.

    Raises `BrokenOff` when something was recorded and the rest is refused.
    """
    typed, done, seen = visit.typed or Typed(), None, None
    ticked = {int(number) for number in typed.beginning("signed-") if number.isascii() and number.isdigit()}
    try:
        for number, party in enumerate(row.parties, start=1):
            if number in ticked:
                of = ParticipationId(StreamId(party.participation))
                signing = signature(visit, of, row.terms_hash, publicity=typed.ticked(f"public-{number}"))
                done = await visit.do(f"sign.{number}", case, signing, seen=seen)
                seen = done.version
        if all(party.signed or number in ticked for number, party in enumerate(row.parties, start=1)):
            done = await visit.do("submit", case, SubmitToNotary(), seen=seen)
    except Refusal as refusal:
        if done is None:
            raise
        raise BrokenOff(refusal, case, done.position) from refusal
    return done


async def broken_off_page(visit: Visit, broken: BrokenOff) -> Response[str]:
    """The form that came about, and why it went no further."""
    await visit.desk.queries.wait_for(visit.tenant, broken.position)
    how = await visit.alarmed(broken.refusal)
    alarm = Alarm(visit.sentence(broken.refusal), [], words="desk.alarm.partly")
    return await contract_page(visit, broken.contract, replace(how, typed=None, alarm=alarm))


async def contract_page(visit: Visit, case: ContractId, how: Shown = FIRST) -> Response[str]:
    """What stands on a form, and what it still needs."""
    row = await visit.written(case)
    home = marketplace(row.marketplace)
    edition = await visit.desk.queries.marketplace(visit.tenant, home)
    speech = visit.asking.speech
    return visit.show(
        "contract.html",
        how,
        edition=edition,
        contract=showing.row(row, speech, edition.time_zone),
        sides=showing.sides(row, speech),
        version=len(row.lineage),
        in_hand=row.state in IN_HAND,
        returned=speech.listed([speech.word(f"reason.{reason.value}") for reason in row.return_reasons]),
        may=visit.may(Sign) is not None,
    )


@get("/{tenant:str}/desk/contracts/{contract:str}/correct", name="desk-correct")
async def may_correct(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], contract: FromPath[str]
) -> Response[str]:
    """A written form, to be changed."""
    visit = await desk.enter(request, tenant)
    return await _correct_page(visit, ContractId(stream(contract)))


@post("/{tenant:str}/desk/contracts/{contract:str}/correct", status_code=200)
async def correct(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], contract: FromPath[str]
) -> Response[str]:
    """Write other terms on the form; everybody signs again."""
    visit = await desk.enter(request, tenant)
    typed = await visit.sent()
    case = ContractId(stream(contract))
    if typed.get("more"):
        grown, focus = written.with_more(typed)
        return await _correct_page(visit, case, Shown(typed=grown, focus=focus))
    row, edition = await _written(visit, case)
    begun = await _begun(visit, row, typed)
    parties = [ParticipationId(StreamId(party.participation)) for party in row.parties]
    terms: Terms = written.read_terms(typed, edition, parties, visit.asking.speech, begun)
    if typed.faults:
        return await _correct_page(visit, case, Shown(422, typed))
    try:
        corrected = await visit.do("correct", case, CorrectForm(terms=terms))
        signers = dict(enumerate(parties, start=1))
        done, _ = await hand_in(visit, case, corrected, signers, terms_hash(terms))
    except BrokenOff as broken:
        return await broken_off_page(visit, broken)
    except Refusal as refusal:
        return await _correct_page(visit, case, await visit.alarmed(refusal, case))
    return visit.go(f"{visit.home}/contracts/{case}", done)


async def _written(visit: Visit, case: ContractId) -> tuple[LedgerRowView, MarketplaceView]:
    row = await visit.written(case)
    return row, await visit.desk.queries.marketplace(visit.tenant, marketplace(row.marketplace))


async def _begun(visit: Visit, row: LedgerRowView, typed: Typed) -> correcting.Begun:
    """The form as it was when the fields were filled in, whatever has been written on it since."""
    version = correcting.version_begun(typed, len(row.lineage))
    if len(written.rows(typed).parties) != len(row.parties):
        raise Unreadable
    if version < len(row.lineage):
        row = await visit.desk.queries.contract(
            visit.tenant, ContractId(StreamId(row.id)), as_of=row.lineage[version - 1]
        )
    return correcting.begin(row, visit.asking.speech)


async def _correct_page(visit: Visit, case: ContractId, how: Shown = FIRST) -> Response[str]:
    row, edition = await _written(visit, case)
    speech = visit.asking.speech
    typed = how.typed or correcting.filled_in(row, speech)
    return visit.show(
        "form.html",
        replace(how, typed=typed, focus=how.focus or "title-1-1"),
        edition=edition,
        names=[],
        may=visit.may(CorrectForm) is not None and row.state in IN_HAND,
        just=None,
        contract=showing.row(row, speech, edition.time_zone),
        version=len(row.lineage),
        rows=written.rows(typed),
        choices=written.options(typed, edition, await _begun(visit, row, typed), speech),
    )
