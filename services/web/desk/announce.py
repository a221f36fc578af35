"""The announcement: figures with qualifiers, filled in from the ledger; a later one corrects it."""

from dataclasses import replace

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.directory.fold import Kind
from domain.identity import MarketplaceId, StatementId, StreamId
from domain.organisation.events import Side
from domain.refusal import Refusal
from domain.results.figures import Figure, Figures, Qualifier, Strength, Subject
from domain.results.statement import MAX_FIGURE, AnnounceResults, CorrectResults, StatementReason
from domain.shapes import MAX_INTEGER
from infra.clock import fresh_id, now
from services.application.views import ResultsView, StatementView
from services.web.desk.editions import everyone
from services.web.desk.typed import Typed, Unreadable
from services.web.desk.visit import FIRST, Asked, Desk, Shown, Visit
from services.web.rooms import marketplace
from services.web.speech import Speech, zone_of

FIGURES = ("agreements", "value", "business_side", "nonprofit_side", "participants")
SAID = (Qualifier.EXACT, Qualifier.ABOUT, Qualifier.JUST_UNDER, Qualifier.OVER)
"""The qualifiers of a figure; one that is left empty is unknown."""


@get("/{tenant:str}/desk/{edition:str}/announce", name="desk-announce")
async def announce(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """A form with the ledger's figures, or with those that were announced."""
    visit = await desk.enter(request, tenant)
    return await _page(visit, marketplace(edition))


@post("/{tenant:str}/desk/{edition:str}/announce", status_code=200)
async def announce_it(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Announce, or correct what was announced."""
    visit = await desk.enter(request, tenant)
    typed = await visit.sent()
    home = marketplace(edition)
    results = await desk.queries.results(visit.tenant, home)
    figures, source = _figures(typed, results.marketplace.noun, visit.asking.speech.lang), typed.needed("source")
    said, why = typed.get("statement"), typed.get("reason")
    word = next((each for each in results.statements if each.id == said), None)
    if word is not None and why not in {each.value for each in StatementReason}:
        typed.fault("reason", "choose")
    drawn = _drawn(typed)
    if typed.faults:
        return await _page(visit, home, Shown(422, typed))
    try:
        if word is None:
            new = AnnounceResults(marketplace=home, figures=figures, source=source, notes=(), as_of=drawn)
            done = await visit.do("announce", StreamId(fresh_id()), new, creates=True)
        else:
            other = CorrectResults(
                figures=figures, source=source, notes=tuple(word.notes), reason=StatementReason(why), as_of=drawn
            )
            done = await visit.do("correct", StatementId(StreamId(word.id)), other)
    except Refusal as refusal:
        thing = None if word is None else StreamId(word.id)
        return await _page(visit, home, await visit.alarmed(refusal, thing))
    return visit.go(f"{visit.home}/{home}", done)


def _drawn(typed: Typed) -> int | None:
    """The state of the ledger that the figures come from, as the page said it; None where they come from elsewhere."""
    position, ticked = _held(typed), typed.ticked("drawn")
    if "position" in typed.faults or (ticked and position is None):
        raise Unreadable
    return position if ticked else None


def _held(typed: Typed) -> int | None:
    return typed.whole("position", most=MAX_INTEGER)


async def _page(visit: Visit, home: MarketplaceId, how: Shown = FIRST) -> Response[str]:
    results = await visit.desk.queries.results(visit.tenant, home)
    word = results.statements[-1] if results.statements else None
    begun = _of_statement(word, results) if word else await _of_ledger(visit, results, home)
    version = 0
    if word is not None:
        version = (await visit.desk.queries.thing(visit.tenant, Kind.RESULTS, StreamId(word.id)))[0].version
    typed = how.typed or begun
    how = replace(how, typed=typed, focus="agreements")
    return visit.show(
        "announce.html",
        how,
        edition=results.marketplace,
        results=results,
        word=word,
        version=version,
        figures=FIGURES,
        states=_states(typed, word, results, visit.asking.speech),
        reasons=[(each.value, visit.asking.speech.word(f"desk.statement.{each.value}")) for each in StatementReason],
        qualifiers=[(each.value, visit.asking.speech.word(f"desk.qualifier.{each.value}")) for each in SAID],
        may=visit.may(AnnounceResults) is not None,
    )


async def _of_ledger(visit: Visit, results: ResultsView, home: MarketplaceId) -> Typed:
    """What the ledger says now; people nobody has counted are left open."""
    here = [each.side for each in await everyone(visit, home, "on_the_floor")]
    zone, speech = results.marketplace.time_zone, visit.asking.speech
    at = now().astimezone(zone_of(zone))
    told = {
        "agreements": str(results.ledger.contracts),
        "value": str(results.ledger.value_minor // 100) if results.ledger.value_minor else "",
        "business_side": str(here.count(Side.COMPANY)),
        "nonprofit_side": str(here.count(Side.NONPROFIT)),
        **_position(results),
        "source": speech.word("desk.announce.source.ledger", day=speech.day(at.date()), time=at.strftime("%H:%M")),
    }
    exact = results.ledger.value_minor % 100 == 0 and not results.ledger.unvalued
    how = dict.fromkeys((f"{name}-how" for name in FIGURES), Qualifier.EXACT.value)
    return Typed(told | how | ({} if exact else {"value-how": Qualifier.ABOUT.value}))


def _position(results: ResultsView) -> dict[str, str]:
    """The ledger's state of now; none where nothing stands in it yet."""
    position = results.ledger.position
    return {"position": str(position), "drawn": "yes"} if position else {"position": "", "drawn": ""}


def _of_statement(word: StatementView, results: ResultsView) -> Typed:
    """What was announced, to be said otherwise: figures that came from the ledger, with the state they came from."""
    told = {"source": word.source, **_position(results)}
    told |= {"drawn": ""} if word.drawn_from is None else {"drawn": "yes", "position": str(word.drawn_from)}
    for name in FIGURES:
        figure: Figure = getattr(word.figures, name)
        told[name] = "" if figure.value is None else str(figure.value)
        told[f"{name}-how"] = (Qualifier.EXACT if figure.value is None else figure.qualifier).value
    return Typed(told)


def _states(typed: Typed, word: StatementView | None, results: ResultsView, speech: Speech) -> list[tuple[int, str]]:
    """The ledger's states that the figures can come from: as announced, as the page was filled in, and as it is now."""
    held, announced, ledger = _held(typed), word and word.drawn_from, results.ledger
    if not announced or not held:
        return []
    told = {held: "as.shown", announced: "as.announced", ledger.position: "as.now"}
    count = f"{speech.number(ledger.contracts)} {speech.noun(results.marketplace.noun, ledger.contracts).striptags()}"
    return [
        (position, speech.word(f"desk.announce.{which}", number=speech.number(position), count=count))
        for position, which in sorted(told.items())
    ]


def _figures(typed: Typed, noun: str, lang: str) -> Figures:
    """The five figures; look for faults before they are used."""
    return Figures(
        agreements=_figure(typed, "agreements", lang, noun=noun, strength=Strength.AGREED),
        value=_figure(typed, "value", lang, unit="EUR"),
        business_side=_figure(typed, "business_side", lang, subject=Subject.ORGANISATION),
        nonprofit_side=_figure(typed, "nonprofit_side", lang, subject=Subject.ORGANISATION),
        participants=_figure(typed, "participants", lang, subject=Subject.PERSON),
    )


def _figure(
    typed: Typed,
    name: str,
    lang: str,
    *,
    unit: str | None = None,
    noun: str | None = None,
    subject: Subject | None = None,
    strength: Strength | None = None,
) -> Figure:
    """A figure, or, where nothing was typed, that it is unknown. Euro are whole, as they are announced."""
    hundredths = typed.cents(name, lang)
    if hundredths is not None and (hundredths % 100 or hundredths > 100 * MAX_FIGURE):
        typed.fault(name, "whole")
    value = None if hundredths is None else hundredths // 100
    how = typed.get(f"{name}-how")
    known = how if how in {each.value for each in SAID} else Qualifier.EXACT.value
    qualifier = Qualifier.UNKNOWN if value is None else Qualifier(known)
    return Figure(value=value, qualifier=qualifier, unit=unit, subject=subject, noun=noun, strength=strength)
