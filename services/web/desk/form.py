"""Typing in a form: drafted, signed on paper before the clerk, handed to the notary, with one submit."""

from dataclasses import replace

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.contract.commands import CapturePaper, CorrectForm, DraftFromForm, PaperSignature, Sign, SubmitToNotary
from domain.contract.form import Manner, Signature
from domain.identity import ContractId, MarketplaceId, ParticipationId, PersonId, StreamId
from domain.instant import instant
from domain.ledger.row import LedgerState
from domain.negotiation.terms import Terms, terms_hash
from domain.refusal import NotThere, Refusal
from infra.clock import fresh_id, now
from services.application.asking import Receipt
from services.application.views import LedgerRowView, MarketplaceView
from services.web import showing
from services.web.desk import written
from services.web.desk.editions import everyone
from services.web.desk.typed import Typed
from services.web.desk.visit import FIRST, Asked, Desk, Shown, Visit
from services.web.rooms import marketplace, stream
from services.web.speech import Speech

IN_HAND = (LedgerState.DRAFTED, LedgerState.SIGNED, LedgerState.RETURNED)
"""The states in which the parties have the form in hand."""


class BrokenOff(Exception):
    """The form is written, and a later step was refused: its own page tells which, and goes on from there."""

    def __init__(self, refusal: Refusal, contract: ContractId, position: int) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.contract = contract
        self.position = position


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
        return await _form_page(visit, home, _more(typed))
    plan = await desk.queries.marketplace(visit.tenant, home)
    known = written.choices(await everyone(visit, home, "on_the_floor"), visit.asking.speech)
    wanted = written.read(typed, plan, known, visit.asking.speech)
    if typed.faults:
        return await _form_page(visit, home, Shown(422, typed))
    try:
        contract, done, complete = await _record(visit, home, wanted)
    except BrokenOff as broken:
        return await _broken_off(visit, broken)
    except Refusal as refusal:
        return await _form_page(visit, home, await visit.alarmed(refusal))
    if complete:
        return visit.go(f"{visit.home}/{home}/form", done, just=contract)
    return visit.go(f"{visit.home}/contracts/{contract}", done)


async def _record(visit: Visit, home: MarketplaceId, wanted: written.Written) -> tuple[ContractId, Receipt, bool]:
    """Record what is on the paper, and hand it in. Broken off anywhere, the same form sent again goes on there.

    A form with a number is typed in from paper, with its signatures; one without is written straight at the desk.
    """
    parties = dict(enumerate(wanted.parties, start=1))
    command: CapturePaper | DraftFromForm
    if wanted.form_number is None:
        command = DraftFromForm(
            marketplace=home, parties=wanted.parties, terms=wanted.terms, form_number=None, broker=None
        )
    else:
        command = _captured(visit, home, wanted, wanted.form_number)
        typed = visit.typed or Typed()
        parties = {number: party for number, party in parties.items() if not typed.ticked(f"signed-{number}")}
    drafted = await visit.do("draft", StreamId(fresh_id()), command, creates=True)
    contract = ContractId(drafted.id)
    done, complete = await _hand_in(visit, contract, drafted, parties, terms_hash(wanted.terms))
    return contract, done, complete


def _captured(visit: Visit, home: MarketplaceId, wanted: written.Written, form_number: str) -> CapturePaper:
    """The paper form with the signatures that its clerk sees on it."""
    typed, at, seen_by = visit.typed or Typed(), instant(now()), visit.may(CapturePaper)
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
        broker=None,
        occurred_at=wanted.filled_at or at,
        signatures=tuple(signatures),
        at=at,
    )


async def _hand_in(
    visit: Visit, contract: ContractId, before: Receipt, unsigned: dict[int, ParticipationId], signed_hash: str
) -> tuple[Receipt, bool]:
    """The ticked signatures, and when none is missing the notary; whether it came so far."""
    done, typed = before, visit.typed or Typed()
    missing = [number for number in unsigned if not typed.ticked(f"signed-{number}")]
    try:
        for number, party in unsigned.items():
            if number not in missing:
                signing = _signature(visit, party, signed_hash, publicity=typed.ticked(f"public-{number}"))
                done = await visit.do(f"sign.{number}", contract, signing, seen=done.version)
        if not missing:
            done = await visit.do("submit", contract, SubmitToNotary(), seen=done.version)
    except Refusal as refusal:
        raise BrokenOff(refusal, contract, done.position) from refusal
    return done, not missing


def _signature(visit: Visit, party: ParticipationId, signed_hash: str, *, publicity: bool) -> Sign:
    """A signature on paper, seen by whoever types it in."""
    seen_by = visit.may(Sign)
    return Sign(
        signature=Signature(
            party=party,
            person=None,
            manner=Manner.ON_PAPER,
            witness=None if seen_by is None else PersonId(seen_by.member),
            terms_hash=signed_hash,
            publicity=publicity,
        )
    )


async def _broken_off(visit: Visit, broken: BrokenOff) -> Response[str]:
    await visit.desk.queries.wait_for(visit.tenant, broken.position)
    how = await visit.alarmed(broken.refusal)
    return await _contract_page(visit, broken.contract, replace(how, typed=None))


def _more(typed: Typed) -> Shown:
    """The form with a row more, and where to go on typing."""
    before = written.rows(typed)
    after = before.with_more(typed.get("more"))
    values = {name: text for name, text in typed.values.items() if name != "more"}
    values |= {"parties": str(len(after.pledges))}
    values |= {f"pledges-{party}": str(after.pledges[party - 1]) for party in after.parties}
    focus = None
    if len(after.pledges) > len(before.pledges):
        focus = f"party-{len(after.pledges)}"
    elif after != before:
        grown = int(typed.get("more"))
        focus = f"title-{grown}-{after.pledges[grown - 1]}"
    return Shown(typed=Typed(values), focus=focus)


async def _form_page(visit: Visit, home: MarketplaceId, how: Shown = FIRST) -> Response[str]:
    queries, speech = visit.desk.queries, visit.asking.speech
    edition = await queries.marketplace(visit.tenant, home)
    known = written.choices(await everyone(visit, home, "on_the_floor"), speech)
    typed = how.typed or Typed()
    just = visit.asking.query.get("just")
    handed_in = await _row(visit, ContractId(stream(just))) if just and how is FIRST else None
    return visit.show(
        "form.html",
        replace(how, typed=typed, focus=how.focus or "form_number"),
        edition=edition,
        names=list(known),
        may=visit.may(CapturePaper) is not None,
        just=None if handed_in is None else showing.row(handed_in, speech, edition.time_zone),
        contract=None,
        **_rows(typed, edition, None, speech),
    )


def _rows(typed: Typed, edition: MarketplaceView, row: LedgerRowView | None, speech: Speech) -> dict[str, object]:
    """The rows of the page, and what can be chosen in them; parties by their names where the form is written."""
    table = written.rows(typed)
    parties = [(number, speech.word("desk.form.party", number=number)) for number in table.parties]
    if row is not None:
        parties = [(number, party.name or name) for (number, name), party in zip(parties, row.parties, strict=True)]
    choices = {
        "areas": [(area.id, area.label) for area in edition.areas],
        "contacts": parties,
        "receivers": {giver: [each for each in parties if each[0] != giver] for giver in table.parties},
    }
    return {"rows": table, "choices": choices}


@get("/{tenant:str}/desk/contracts/{contract:str}", name="desk-contract")
async def contract(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], contract: FromPath[str]
) -> Response[str]:
    """A form that is written: what stands on it, and what it still needs."""
    visit = await desk.enter(request, tenant)
    return await _contract_page(visit, ContractId(stream(contract)))


@post("/{tenant:str}/desk/contracts/{contract:str}", status_code=200)
async def go_on(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], contract: FromPath[str]
) -> Response[str]:
    """Add the missing signatures and hand the form in."""
    visit = await desk.enter(request, tenant)
    await visit.sent()
    case = ContractId(stream(contract))
    row = await _row(visit, case)
    if row is None:
        raise NotThere
    try:
        done = await _sign_and_submit(visit, case, row)
    except Refusal as refusal:
        return await _contract_page(visit, case, await visit.alarmed(refusal, case))
    return visit.go(f"{visit.home}/contracts/{case}", done)


async def _sign_and_submit(visit: Visit, case: ContractId, row: LedgerRowView) -> Receipt | None:
    """Each ticked signature, then, when none is missing, the notary. None: nothing was ticked."""
    typed, done, seen = visit.typed or Typed(), None, None
    ticked = {int(number) for number in typed.beginning("signed-") if number.isdigit()}
    for number, party in enumerate(row.parties, start=1):
        if number in ticked:
            of = ParticipationId(StreamId(party.participation))
            signing = _signature(visit, of, row.terms_hash, publicity=typed.ticked(f"public-{number}"))
            done = await visit.do(f"sign.{number}", case, signing, seen=seen)
            seen = done.version
    if all(party.signed or number in ticked for number, party in enumerate(row.parties, start=1)):
        done = await visit.do("submit", case, SubmitToNotary(), seen=seen)
    return done


async def _contract_page(visit: Visit, case: ContractId, how: Shown = FIRST) -> Response[str]:
    row = await _row(visit, case)
    if row is None:
        raise NotThere
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
        returned=await _reasons(visit, case) if row.state is LedgerState.RETURNED else "",
        may=visit.may(Sign) is not None,
    )


async def _reasons(visit: Visit, case: ContractId) -> str:
    """Why the notary gave the form back last."""
    steps = (await visit.desk.queries.trail(visit.tenant, case)).items
    given = [step.details.get("reasons") or [] for step in steps if step.type.startswith("contract.returned_")]
    return visit.asking.speech.listed([visit.asking.speech.word(f"reason.{one}") for one in given[-1]]) if given else ""


async def _row(visit: Visit, case: ContractId) -> LedgerRowView | None:
    try:
        return await visit.desk.queries.contract(visit.tenant, case)
    except NotThere:
        return None


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
        return await _correct_page(visit, case, _more(typed))
    row, edition = await _written(visit, case)
    parties = [ParticipationId(StreamId(party.participation)) for party in row.parties]
    terms: Terms = written.read_terms(typed, edition, parties, visit.asking.speech)
    if typed.faults:
        return await _correct_page(visit, case, Shown(422, typed))
    try:
        corrected = await visit.do("correct", case, CorrectForm(terms=terms))
        signers = dict(enumerate(parties, start=1))
        done, _ = await _hand_in(visit, case, corrected, signers, terms_hash(terms))
    except BrokenOff as broken:
        return await _broken_off(visit, broken)
    except Refusal as refusal:
        return await _correct_page(visit, case, await visit.alarmed(refusal, case))
    return visit.go(f"{visit.home}/contracts/{case}", done)


async def _written(visit: Visit, case: ContractId) -> tuple[LedgerRowView, MarketplaceView]:
    row = await visit.desk.queries.contract(visit.tenant, case)
    return row, await visit.desk.queries.marketplace(visit.tenant, marketplace(row.marketplace))


async def _correct_page(visit: Visit, case: ContractId, how: Shown = FIRST) -> Response[str]:
    row, edition = await _written(visit, case)
    speech = visit.asking.speech
    typed = how.typed or written.filled_in(row, speech)
    return visit.show(
        "form.html",
        replace(how, typed=typed, focus=how.focus or "title-1-1"),
        edition=edition,
        names=[],
        may=visit.may(CorrectForm) is not None and row.state in IN_HAND,
        just=None,
        contract=showing.row(row, speech, edition.time_zone),
        version=len(row.lineage),
        **_rows(typed, edition, row, speech),
    )
