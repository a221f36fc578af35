"""What templates show of ledger rows, boards and seasons: sides sorted, sums worded, nothing left to work out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from domain.contract.fulfilment import PledgeStatus
from domain.frozen import dataclass
from domain.instant import Instant, moment
from domain.ledger.row import COUNTS
from domain.marketplace.plan import Counted
from domain.organisation.events import Side
from services.application.views import (
    LedgerRowView,
    PartyView,
    PledgeView,
    ResultsView,
    SeasonHostView,
    SeasonView,
    StatementView,
    TallyView,
)
from services.web.speech import Speech
from services.web.steps import party_name

CERTIFIED = COUNTS
"""The states that bear the seal."""


@dataclass(frozen=True, slots=True)
class Named:
    """A party with the name that may be shown; `hidden` where that is only its kind."""

    party: PartyView
    name: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Pledged:
    """A pledge's title, and the side that gives."""

    side: Side | None
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """A contract for a line of the ledger, a line of the board, and the head of its own page."""

    row: LedgerRowView
    companies: list[Named]
    nonprofits: list[Named]
    sealed: bool
    number: str
    title: str
    value: str
    partly: bool
    pledges: list[Pledged]
    exchange: str
    certified_day: str | None
    certified_at: str | None
    zone: str


def row(row: LedgerRowView, speech: Speech, zone: str) -> Row:
    """The contract as shown in this language, times as clocks in the edition's zone showed them."""
    named = [Named(party, party_name(party, speech), party.name is None) for party in row.parties]
    when = row.certified_at
    counted = _counted(row)
    valued = any(pledge.standing is not None for pledge in counted)
    return Row(
        row=row,
        companies=[one for one in named if one.party.side is Side.COMPANY],
        nonprofits=[one for one in named if one.party.side is Side.NONPROFIT],
        sealed=row.state in CERTIFIED,
        number=str(row.number) if row.number else speech.word("ledger.no_number"),
        title=_title(row, speech),
        value=speech.money(row.value.minor, row.value.currency)
        if valued
        else speech.word("ledger.unvalued" if counted else "ledger.uncounted"),
        partly=valued and row.value.unvalued > 0,
        pledges=_pledged(row),
        exchange=_exchange(row),
        certified_day=speech.short_day(when, zone) if when else None,
        certified_at=speech.clock(when, zone) if when else None,
        zone=speech.zone(when or row.drafted_at, zone),
    )


def _counted(row: LedgerRowView) -> list[PledgeView]:
    """The pledges that make the equivalent value: all, or the companies' alone."""
    companies = {party.participation for party in row.parties if party.side is Side.COMPANY}
    return [one for one in row.pledges if row.value.counted is Counted.BOTH or one.giver in companies]


def _pledged(row: LedgerRowView) -> list[Pledged]:
    sides = {party.participation: party.side for party in row.parties}
    return [Pledged(sides.get(pledge.giver), pledge.title) for pledge in row.pledges]


def _exchange(row: LedgerRowView) -> str:
    """The first thing that each party gives: `Ein Tag im Garten ⇄ Ein Plakat`."""
    firsts: dict[str, str] = {}
    for pledge in row.pledges:
        firsts.setdefault(pledge.giver, pledge.title)
    return " ⇄ ".join(firsts.values())


def _title(row: LedgerRowView, speech: Speech) -> str:
    if row.number:
        return speech.word("contract.title", number=row.number)
    if row.form_number:
        return speech.word("contract.title.form", form=row.form_number)
    return speech.word("contract.title.none")


@dataclass(frozen=True, slots=True)
class Promise:
    """One pledge, worded. `corrected` says what stands on the form where the valuer has set it right.

    `became` tells what became of it, and is None as long as nobody has said anything.
    """

    pledge: PledgeView
    receiver: str
    amount: str
    value: str
    basis: str | None
    corrected: str | None
    due: str
    became: str | None


@dataclass(frozen=True, slots=True)
class Giving:
    """A party and all that it gives."""

    named: Named
    promises: list[Promise]


def sides(row: LedgerRowView, speech: Speech) -> list[Giving]:
    """Every party with its pledges, companies first: the left of the hall."""
    names = {party.participation: party_name(party, speech) for party in row.parties}
    ordered = sorted(row.parties, key=lambda party: party.side is not Side.COMPANY)
    return [
        Giving(
            Named(party, names[party.participation], party.name is None),
            [_promise(one, names, speech) for one in row.pledges if one.giver == party.participation],
        )
        for party in ordered
    ]


def _promise(pledge: PledgeView, names: dict[str, str], speech: Speech) -> Promise:
    value = pledge.standing
    return Promise(
        pledge=pledge,
        receiver=names.get(pledge.receiver) or speech.word("hidden.party"),
        amount=f"{speech.number(pledge.quantity)} {pledge.unit}",
        value=speech.money(value.minor, value.currency) if value else speech.word("ledger.unvalued"),
        basis=_basis(pledge, speech),
        corrected=_corrected(pledge, speech),
        due=_due(pledge, speech),
        became=_became(pledge, speech),
    )


def _corrected(pledge: PledgeView, speech: Speech) -> str | None:
    if pledge.standing == pledge.value:
        return None
    form = pledge.value
    said = speech.word("ledger.unvalued") if form is None else speech.money(form.minor, form.currency)
    return speech.word("contract.corrected", value=said)


def _became(pledge: PledgeView, speech: Speech) -> str | None:
    if pledge.status is None or pledge.status is PledgeStatus.OPEN:
        return None
    said = speech.word(
        f"became.{pledge.status.value}",
        delivered=speech.number(pledge.delivered),
        quantity=speech.number(pledge.quantity),
    )
    return said if pledge.reason is None else f"{said}: {speech.word(f'reason.{pledge.reason.value}')}"


def _basis(pledge: PledgeView, speech: Speech) -> str | None:
    value = pledge.standing
    if value is None:
        return None
    said = speech.hours(value.minutes or 0)
    rate = speech.money(value.rate_minor or 0, value.currency)
    return speech.word(f"basis.{value.basis.value}", minutes=said, rate=rate)


def _due(pledge: PledgeView, speech: Speech) -> str:
    since, until = pledge.due_from, pledge.due_until
    if since and until:
        return speech.word("contract.due.period", since=speech.day(since), until=speech.day(until))
    if until:
        return speech.word("contract.due", until=speech.day(until))
    return speech.word("contract.due.from", since=speech.day(since)) if since else speech.word("contract.due.none")


@dataclass(frozen=True, slots=True)
class Board:
    """The board. `state` is the edition's, `announced` where all that is known is what was announced."""

    state: str
    count: str
    noun: Markup
    value: str | None
    newest: list[Row]
    statement: StatementView | None
    ledger: Any
    end: str | None
    zone: str | None
    left: int
    struck: str | None

    @property
    def minutes(self) -> int:
        """Whole minutes that are left, a begun one counted."""
        return -(-self.left // 60)

    @property
    def announced(self) -> bool:
        """Whether there is an announcement, and no form in the ledger."""
        return self.statement is not None and self.ledger.forms == 0


def board(results: ResultsView, newest: Sequence[LedgerRowView], speech: Speech, now: datetime) -> Board:
    """The board of an edition in this language, `now` for what is left until the gong."""
    edition, tally = results.marketplace, results.ledger
    end = edition.announced_end
    return Board(
        state=edition.state,
        count=speech.number(tally.contracts),
        noun=speech.noun(edition.noun, tally.contracts),
        value=speech.money(tally.value_minor, tally.currency) if tally.value_minor else None,
        newest=[row(one, speech, edition.time_zone) for one in newest],
        statement=results.statements[-1] if results.statements else None,
        ledger=tally,
        end=speech.clock(end, edition.time_zone) if end else None,
        zone=speech.zone(end, edition.time_zone) if end else None,
        left=max(0, round((moment(Instant(end)) - now).total_seconds())) if end else 0,
        struck=_struck(tally, speech),
    )


def _struck(tally: TallyView, speech: Speech) -> str | None:
    """Why the count fell, in words; None when nothing was struck."""
    counts = {"revoked": tally.revoked, "annulled": tally.annulled, "repudiated": tally.repudiated}
    said = [speech.count(f"board.struck.{why}", count) for why, count in counts.items() if count]
    return speech.listed(said) if said else None


@dataclass(frozen=True, slots=True)
class Bar:
    """A host's bar: `share` of the longest, in percent."""

    host: SeasonHostView
    share: float
    initiated: bool


@dataclass(frozen=True, slots=True)
class Season:
    """A season's sums in words, and its hosts' figures compared."""

    agreements: str
    value: str
    cities: str
    missing_agreements: str
    missing_value: str
    initiated: str
    nouns: str
    bars: list[Bar]
    finding: Markup | None


def season(season: SeasonView, speech: Speech) -> Season:
    """The season in this language; `SumView` names hosts, readers know cities."""
    cities = {host.tenant: host.city for host in season.hosts}
    sums, value = season.agreements, season.value
    return Season(
        agreements=speech.word(
            "season.sum.agreements", number=speech.qualified(speech.number(sums.value), sums.qualifier)
        )
        if sums.value is not None
        else speech.word("season.sum.agreements.unknown"),
        value=speech.euro(value.value, value.qualifier)
        if value.value is not None
        else speech.word("season.sum.value.unknown"),
        cities=_cities(len({host.tenant for host in season.hosts}), speech),
        missing_agreements=speech.listed([cities.get(one, one) for one in sums.missing]),
        missing_value=speech.listed([cities.get(one, one) for one in value.missing]),
        initiated=speech.listed([cities.get(one, one) for one in sums.includes_initiated]),
        nouns=speech.listed(_nouns(season, speech)),
        bars=(bars := _bars(season)),
        finding=_finding(bars, speech),
    )


def _cities(count: int, speech: Speech) -> str:
    return speech.word("season.cities.one") if count == 1 else speech.word("season.cities", count=speech.spelled(count))


def _nouns(season: SeasonView, speech: Speech) -> list[str]:
    said = [host.figures.agreements.noun or host.noun for host in season.hosts if host.figures]
    return [str(speech.noun(noun).striptags()) for noun in dict.fromkeys(said)]


def _bars(season: SeasonView) -> list[Bar]:
    counted = [(host, host.figures.agreements) for host in season.hosts if host.figures]
    longest = max((figure.value or 0 for _, figure in counted), default=0)
    return [
        Bar(host, round(100 * figure.value / longest, 1), figure.strength == "initiated")
        for host, figure in sorted(counted, key=lambda one: -(one[1].value or 0))
        if figure.value is not None and longest
    ]


def _finding(bars: list[Bar], speech: Speech) -> Markup | None:
    """What the bars say, in one sentence; two hosts make a comparison."""
    if len(bars) < 2:
        return None
    most, least = bars[0].host, bars[-1].host
    return escape(speech.word("season.chart.finding")).format(
        most=most.city, most_figure=_said(most, speech), least=least.city, least_figure=_said(least, speech)
    )


def _said(host: SeasonHostView, speech: Speech) -> Markup:
    return speech.agreements(host.figures.agreements, host.noun) if host.figures else Markup("")
