"""A form as it is typed in: its fields, and the parties and terms that they come to.

Party i is in `party-i`, the j-th thing it gives in `title-i-j` and the fields beside it; `parties` and `pledges-i` say
how many rows the page has.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.frozen import dataclass
from domain.identity import AreaId, ParticipationId, PersonId, StreamId
from domain.instant import Instant, instant, moment
from domain.money import CURRENCY, MAX_MINOR, Basis, Value, hourly
from domain.negotiation.terms import MAX_PARTIES, MAX_PLEDGES, Pledge, PledgeKind, Terms
from services.application.views import LedgerRowView, MarketplaceView, ParticipationView, PledgeView
from services.web.desk.typed import Typed
from services.web.speech import Speech, zone_of
from services.web.steps import party_name

MAX_DAYS = 366


@dataclass(frozen=True, slots=True)
class Rows:
    """How many parties the page has, and how many pledges each."""

    pledges: tuple[int, ...]

    @property
    def parties(self) -> range:
        """The parties' numbers."""
        return range(1, len(self.pledges) + 1)

    def of(self, party: int) -> range:
        """The numbers of a party's pledges."""
        return range(1, self.pledges[party - 1] + 1)

    def with_more(self, wanted: str) -> "Rows":
        """With a `party` more, or with one more pledge of party `2`."""
        if wanted == "party" and len(self.pledges) < MAX_PARTIES:
            return Rows((*self.pledges, 1))
        if wanted.isascii() and wanted.isdigit() and int(wanted) in self.parties and sum(self.pledges) < MAX_PLEDGES:
            place = int(wanted) - 1
            return Rows((*self.pledges[:place], self.pledges[place] + 1, *self.pledges[place + 1 :]))
        return self


def rows(typed: Typed) -> Rows:
    """The rows that the sent page had."""
    parties = _between(typed.get("parties"), 2, MAX_PARTIES)
    return Rows(tuple(_between(typed.get(f"pledges-{party}"), 1, MAX_PLEDGES) for party in range(1, parties + 1)))


def _between(told: str, least: int, most: int) -> int:
    return min(max(int(told), least), most) if told.isascii() and told.isdigit() and len(told) < 4 else least


@dataclass(frozen=True, slots=True)
class Written:
    """What stands on the form."""

    form_number: str | None
    parties: tuple[ParticipationId, ...]
    terms: Terms
    filled_at: Instant | None
    broker: PersonId | None = None


def choices(people: Sequence[ParticipationView], speech: Speech) -> dict[str, ParticipationId]:
    """Who can be a party, by the words that name them; two of one name are told apart by their ids."""
    names = [party_name(each, speech) for each in people]
    return {
        name if names.count(name) == 1 else f"{name} ({each.id[:6]})": ParticipationId(StreamId(each.id))
        for name, each in sorted(zip(names, people, strict=True), key=lambda pair: pair[0].casefold())
    }


def read(typed: Typed, edition: MarketplaceView, known: Mapping[str, ParticipationId], speech: Speech) -> Written:
    """The form as typed, parties by name. Where something can't be read, `typed` has a fault there: look first."""
    parties = [_party(typed, party, known) for party in rows(typed).parties]
    for number, party in enumerate(parties, start=1):
        if party and party in parties[: number - 1]:
            typed.fault(f"party-{number}", "party_twice")
    terms = read_terms(typed, edition, parties, speech)
    form_number, filled_at = typed.get("form_number") or None, _filled_at(typed, edition)
    if edition.state != "trading" and form_number is None:
        typed.fault("form_number", "number_needed")
    return Written(form_number, tuple(parties), terms, filled_at)


def read_terms(typed: Typed, edition: MarketplaceView, parties: Sequence[ParticipationId], speech: Speech) -> Terms:
    """The terms as typed between `parties`; faults as in `read`."""
    table = rows(typed)
    pledges = [
        _pledge(_Row(typed, party, row, edition, speech), parties)
        for party in table.parties
        for row in table.of(party)
        if any(typed.get(f"{name}-{party}-{row}") for name in ("title", "hours", "euro"))
    ]
    if not pledges:
        typed.fault("title-1-1", "missing")
    contact = typed.whole("contact", most=len(parties))
    days = typed.whole("days", most=MAX_DAYS)
    return Terms(
        pledges=tuple(pledges),
        first_contact_by=None if contact is None else parties[contact - 1],
        first_contact_days=edition.first_contact_days if days is None else days,
    )


def _filled_at(typed: Typed, edition: MarketplaceView) -> Instant | None:
    """When the paper was filled in, on the day of the gong or, if the hall trades past midnight, the next one."""
    told = typed.clock("time")
    if told is None or edition.opened_at is None:
        if edition.state != "trading" and "time" not in typed.faults:
            typed.fault("time", "time")
        return None
    zone = zone_of(edition.time_zone)
    opened = moment(Instant(edition.opened_at)).astimezone(zone)
    filled = datetime.combine(opened.date(), told, zone)
    # The clock on the wall has no seconds: a form of the gong's own minute was filled right after it.
    if filled == opened.replace(second=0, microsecond=0):
        return instant(opened)
    return instant(filled if filled > opened else filled + timedelta(days=1))


def _party(typed: Typed, number: int, known: Mapping[str, ParticipationId]) -> ParticipationId:
    """The organisation whose name was typed, or the only one with a word that begins so."""
    field = f"party-{number}"
    told = typed.needed(field).casefold()
    exact = [party for name, party in known.items() if name.casefold() == told]
    begun = [party for name, party in known.items() if f" {told}" in f" {name.casefold()}"]
    found = exact or begun
    if told and len(found) != 1:
        typed.fault(field, "party_unclear" if found else "party_unknown")
    return found[0] if len(found) == 1 else ParticipationId(StreamId(""))


@dataclass(frozen=True, slots=True)
class _Row:
    """The fields of one pledge."""

    typed: Typed
    party: int
    row: int
    edition: MarketplaceView
    speech: Speech

    def name(self, field: str) -> str:
        """The field's name in the form."""
        return f"{field}-{self.party}-{self.row}"

    def get(self, field: str) -> str:
        """The field's text."""
        return self.typed.get(self.name(field))


def _pledge(row: _Row, parties: Sequence[ParticipationId]) -> Pledge:
    typed = row.typed
    title = typed.needed(row.name("title"))
    minutes = typed.minutes(row.name("hours"))
    quantity = typed.whole(row.name("quantity"))
    hours = 0 if minutes is None or minutes % 60 else minutes // 60
    by_the_hour = bool(hours) and quantity is None and not row.get("unit")
    return Pledge(
        giver=parties[row.party - 1],
        receiver=parties[_receiver(row, len(parties)) - 1],
        area=_area(row),
        title=title,
        kind=_kind(row),
        quantity=hours if by_the_hour else quantity or 1,
        unit=row.get("unit") or row.speech.word("desk.form.unit.hours" if by_the_hour else "desk.form.unit.usual"),
        due_from=None,
        due_until=typed.day(row.name("until")),
        value=_value(row, minutes),
        listing=None,
    )


def _receiver(row: _Row, parties: int) -> int:
    """Of two parties the other one; among more it is said."""
    if parties == 2:
        return 3 - row.party
    told = row.typed.whole(row.name("to"), most=parties)
    if told is None or told == row.party:
        row.typed.fault(row.name("to"), "receiver")
        return row.party
    return told


def _area(row: _Row) -> AreaId:
    told = row.get("area")
    if told not in {area.id for area in row.edition.areas}:
        row.typed.fault(row.name("area"), "choose")
    return AreaId(told)


def _kind(row: _Row) -> PledgeKind:
    told = row.get("kind")
    if told not in {kind.value for kind in PledgeKind}:
        row.typed.fault(row.name("kind"), "choose")
        return PledgeKind.SERVICE
    return PledgeKind(told)


def _rate(row: _Row) -> int:
    """What an hour in the pledge's area is valued at, in cents."""
    rates = {each.area: each.hourly_rate_minor for each in row.edition.area_rates}
    return rates.get(AreaId(row.get("area")), row.edition.hourly_rate_minor)


def _value(row: _Row, minutes: int | None) -> Value | None:
    """Hours at the edition's rate, or the euro that the parties state; nothing typed is unknown, never zero."""
    minor = row.typed.cents(row.name("euro"), row.speech.lang)
    if minutes is not None and minor is not None:
        row.typed.fault(row.name("euro"), "hours_or_euro")
    if minutes is not None:
        return hourly(_rate(row), minutes)
    if minor is None:
        return None
    if minor > MAX_MINOR:
        row.typed.fault(row.name("euro"), "money")
    return Value(minor=minor, currency=CURRENCY, basis=Basis.STATED, rate_minor=None, minutes=None)


def with_more(typed: Typed) -> tuple[Typed, str | None]:
    """The form with a row more, and where to go on typing."""
    before = rows(typed)
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
    return Typed(values), focus


def options(typed: Typed, edition: MarketplaceView, row: LedgerRowView | None, speech: Speech) -> dict[str, object]:
    """What can be chosen in the rows of the page; parties by their names where the form is written."""
    table = rows(typed)
    parties = [(number, speech.word("desk.form.party", number=number)) for number in table.parties]
    if row is not None:
        parties = [(number, party.name or name) for (number, name), party in zip(parties, row.parties, strict=True)]
    return {
        "areas": [(area.id, area.label) for area in edition.areas],
        "contacts": parties,
        "receivers": {giver: [each for each in parties if each[0] != giver] for giver in table.parties},
    }


def filled_in(row: LedgerRowView, speech: Speech) -> Typed:
    """The fields of a form that is written already, to be corrected."""
    numbers = {party.participation: number for number, party in enumerate(row.parties, start=1)}
    values = {"parties": str(len(numbers)), "form_number": row.form_number or ""}
    for party, number in numbers.items():
        given = [pledge for pledge in row.pledges if pledge.giver == party]
        values[f"pledges-{number}"] = str(max(1, len(given)))
        for place, pledge in enumerate(given, start=1):
            told = {**_told(pledge, speech), "to": str(numbers[pledge.receiver])}
            values |= {f"{name}-{number}-{place}": text for name, text in told.items()}
    return Typed(values)


def _told(pledge: PledgeView, speech: Speech) -> dict[str, str]:
    value, due = pledge.value, pledge.due_until
    hours = euro = ""
    if value is not None and value.minutes is not None:
        hours = f"{value.minutes // 60}:{value.minutes % 60:02}" if value.minutes % 60 else str(value.minutes // 60)
    elif value is not None:
        euro = f"{value.minor // 100}" + (f"{speech.point}{value.minor % 100:02}" if value.minor % 100 else "")
    return {
        "title": pledge.title,
        "area": pledge.area,
        "kind": pledge.kind.value,
        "quantity": str(pledge.quantity),
        "unit": pledge.unit,
        "until": due.strftime("%d.%m.%Y") if due else "",
        "hours": hours,
        "euro": euro,
    }
