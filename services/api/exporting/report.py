"""The report as one long table: a line a figure, with what it is of."""

from collections.abc import Iterable
from dataclasses import fields

from domain.results.report import Share
from infra.documents.spreadsheet import Cell
from services.api.exporting.cells import money
from services.api.exporting.ledger import local
from services.api.exporting.words import say
from services.application.questions.report import ReportView
from services.application.views import MarketplaceView

COLUMNS = ("part", "what", "figure", "count", "of", "denominator", "value")
"""The columns of a figure, by the keys of their words."""


def report_rows(told: ReportView, edition: MarketplaceView, lang: str) -> Iterable[list[Cell]]:
    """Every figure of the report."""
    for part, what, figure, share, minor in (*_whole(told), *_parts(told, lang), *_tables(told, lang)):
        count, of, denominator = share if isinstance(share, tuple) else _shared(share, lang)
        yield [say(lang, f"part.{part}"), what, say(lang, f"figure.{figure}"), count, of, denominator, money(minor)]
    for name in ("opened_at", "first_certified_at"):
        at = local(getattr(told.over_time, name), edition)
        yield [say(lang, "part.over_time"), at, say(lang, f"figure.{name}"), None, None, None, None]


_Figure = tuple[str, str | None, str, Share | tuple[int | None, None, None], int | None]


def _shared(share: Share, lang: str) -> tuple[int, int, str]:
    return share.count, share.of, say(lang, f"of.{share.denominator}")


def _plain(count: int | None) -> tuple[int | None, None, None]:
    return count, None, None


def _whole(told: ReportView) -> Iterable[_Figure]:
    yield "whole", told.title, "position", _plain(told.position), None
    yield "whole", told.title, "contracts", _plain(told.contracts), told.value_minor
    yield "whole", told.title, "unvalued", _plain(told.unvalued), None
    for name in ("revoked", "annulled", "repudiated"):
        yield "whole", told.title, name, _plain(getattr(told, name)), None
    yield "whole", told.title, "with_broker", told.with_broker, None
    yield "whole", told.title, "returned", told.returned, None
    yield "whole", told.title, "returns", _plain(told.returns), None


def _parts(told: ReportView, lang: str) -> Iterable[_Figure]:
    for area in told.areas:
        yield "areas", area.label, "contracts", area.contracts, area.value_minor
        yield "areas", area.label, "pledges", area.pledges, None
        yield "areas", area.label, "unvalued", _plain(area.unvalued), None
    for side in told.sides:
        name = say(lang, f"side.{side.side}")
        yield "sides", name, "given", side.pledges, side.given_minor
        yield "sides", name, "unvalued", _plain(side.unvalued), None
        yield "sides", name, "admitted", _plain(side.admitted), None
        yield "sides", name, "with_contract", side.with_contract, None
        yield "sides", name, "without_contract", side.without_contract, None
    for shape in told.shapes:
        yield "shapes", say(lang, f"shape.{shape.shape}"), "contracts", shape.contracts, None
    for source in told.sources:
        yield "sources", say(lang, f"source.{source.source}"), "contracts", source.contracts, None
    yield "over_time", None, "seconds_to_first", _plain(told.over_time.seconds_to_first), None
    for slot in told.over_time.slots:
        until = slot.from_minute + told.slot_minutes
        minutes = say(lang, "minutes", since=slot.from_minute, until=until)
        yield "over_time", minutes, "contracts", _plain(slot.contracts), slot.value_minor
    yield "over_time", None, "outside", _plain(told.over_time.outside), None


def _tables(told: ReportView, lang: str) -> Iterable[_Figure]:
    tables = told.tables
    yield "tables", None, "recorded", _plain(tables.recorded), None
    for field in fields(tables):
        share = getattr(tables, field.name)
        if isinstance(share, Share):
            yield "tables", None, field.name, share, None
    for way in tables.ended:
        reason = f": {say(lang, f'reason.{way.reason}')}" if way.reason is not None else ""
        yield "ended", say(lang, f"ending.{way.ending}") + reason, "negotiations", way.negotiations, None
