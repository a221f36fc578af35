"""Typing in a form: drafted, signed on paper before the clerk, handed to the notary, with one submit."""

from dataclasses import replace

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.access.roles import Role
from domain.contract.commands import CapturePaper, DraftFromForm, PaperSignature
from domain.identity import ContractId, MarketplaceId, PersonId, StreamId
from domain.negotiation.terms import terms_hash
from domain.refusal import Refusal
from infra.clock import fresh_id, present
from services.application.asking import Receipt
from services.application.members import members_in
from services.web import showing
from services.web.desk import written
from services.web.desk.contract import broken_off_page
from services.web.desk.editions import everyone
from services.web.desk.handing_in import BrokenOff, hand_in
from services.web.desk.typed import Typed
from services.web.desk.visit import FIRST, Asked, Desk, Shown, Visit
from services.web.rooms import marketplace


@get("/{tenant:str}/desk/{edition:str}/form", name="desk-form")
async def form(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """An empty form."""
    visit = await desk.enter(request, tenant)
    return await _form_page(visit, marketplace(edition))


@post("/{tenant:str}/desk/{edition:str}/form", status_code=200)
async def type_in(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Record the form, or show it again with a row more."""
    visit = await desk.enter(request, tenant)
    typed = await visit.sent()
    home = marketplace(edition)
    if typed.get("more"):
        grown, focus = written.with_more(typed)
        return await _form_page(visit, home, Shown(typed=grown, focus=focus))
    plan = await desk.queries.marketplace(visit.tenant, home)
    known = written.choices(await everyone(visit, home, "on_the_floor"), visit.asking.speech)
    wanted = replace(written.read(typed, plan, known, visit.asking.speech), broker=await _broker(visit, typed))
    if typed.faults:
        return await _form_page(visit, home, Shown(422, typed))
    try:
        contract, done, complete = await _record(visit, home, wanted)
    except BrokenOff as broken:
        return await broken_off_page(visit, broken)
    except Refusal as refusal:
        return await _form_page(visit, home, await visit.alarmed(refusal))
    if complete:
        return visit.go(f"{visit.home}/{home}/form", done, just=contract)
    return visit.go(f"{visit.home}/contracts/{contract}", done)


async def _broker(visit: Visit, typed: Typed) -> PersonId | None:
    """The broker who was chosen, one of the host's."""
    told = PersonId(typed.get("broker"))
    if told and told not in await members_in(visit.desk.application, visit.tenant, Role.BROKER):
        typed.fault("broker", "choose")
    return told or None


async def _record(visit: Visit, home: MarketplaceId, wanted: written.Written) -> tuple[ContractId, Receipt, bool]:
    """Record what is on the paper, and hand it in. Broken off anywhere, the same form sent again goes on there.

    A form with a number is typed in from paper, with its signatures; one without is written straight at the desk.
    """
    parties = dict(enumerate(wanted.parties, start=1))
    command: CapturePaper | DraftFromForm
    if wanted.form_number is None:
        command = DraftFromForm(
            marketplace=home, parties=wanted.parties, terms=wanted.terms, form_number=None, broker=wanted.broker
        )
    else:
        command = _captured(visit, home, wanted, wanted.form_number)
        typed = visit.typed or Typed()
        parties = {number: party for number, party in parties.items() if not typed.ticked(f"signed-{number}")}
    drafted = await visit.do("draft", StreamId(fresh_id()), command, creates=True)
    contract = ContractId(drafted.id)
    done, complete = await hand_in(visit, contract, drafted, parties, terms_hash(wanted.terms))
    return contract, done, complete


def _captured(visit: Visit, home: MarketplaceId, wanted: written.Written, form_number: str) -> CapturePaper:
    """The paper form with the signatures that its clerk sees on it."""
    typed, at, seen_by = visit.typed or Typed(), present(), visit.may(CapturePaper)
    signatures = [
        PaperSignature(
            party=party,
            person=None,
            witness=PersonId("" if seen_by is None else seen_by.member),
            publicity=typed.ticked(f"public-{number}"),
        )
        for number, party in enumerate(wanted.parties, start=1)
        if typed.ticked(f"signed-{number}")
    ]
    return CapturePaper(
        marketplace=home,
        parties=wanted.parties,
        terms=wanted.terms,
        form_number=form_number,
        broker=wanted.broker,
        occurred_at=wanted.filled_at or at,
        signatures=tuple(signatures),
        at=at,
    )


async def _form_page(visit: Visit, home: MarketplaceId, how: Shown = FIRST) -> Response[str]:
    queries, speech = visit.desk.queries, visit.asking.speech
    edition = await queries.marketplace(visit.tenant, home)
    known = written.choices(await everyone(visit, home, "on_the_floor"), speech)
    typed = how.typed or Typed()
    handed_in = await visit.just(home, how)
    brokers = await members_in(visit.desk.application, visit.tenant, Role.BROKER)
    return visit.show(
        "form.html",
        replace(how, typed=typed, focus=how.focus or "form_number"),
        edition=edition,
        names=list(known),
        may=visit.may(CapturePaper) is not None,
        just=None if handed_in is None else showing.row(handed_in, speech, edition.time_zone),
        contract=None,
        rows=written.rows(typed),
        choices=written.options(typed, edition, None, speech),
        brokers=[(person, name or speech.word("role.broker")) for person, name in brokers.items()],
    )
