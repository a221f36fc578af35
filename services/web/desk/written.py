"""A form as it is typed in: its fields, and the parties and terms that they come to.

Party i is in `party-i`, the j-th thing it gives in `title-i-j` and the fields beside it; `parties` and `pledges-i` say
how many rows the page has.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from domain.frozen import dataclass, replace
from domain.identity import AreaId, ParticipationId, PersonId, StreamId
from domain.instant import Instant, instant, moment
from domain.money import CURRENCY, MAX_MINOR, Basis, Value, hourly
from domain.negotiation.terms import MAX_PARTIES, MAX_PLEDGES, Pledge, PledgeKind, Terms
from services.application.views import MarketplaceView, ParticipationView
from services.web.desk.correcting import Begun
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


def read_terms(
    typed: Typed,
    edition: MarketplaceView,
    parties: Sequence[ParticipationId],
    speech: Speech,
    begun: Begun | None = None,
) -> Terms:
    """The terms as typed between `parties`; faults as in `read`. What was left alone stays as it had `begun`."""
    table = rows(typed)
    pledges = [
        _pledge(_Row(typed, party, row, edition, speech, parties, begun))
        for party in table.parties
        for row in table.of(party)
        if any(typed.get(f"{name}-{party}-{row}") for name in ("title", "hours", "euro"))
    ]
    if not pledges:
        typed.fault("title-1-1", "missing")
    by, days = _first_contact(typed, edition, parties, begun)
    in_order = sorted(pledges, key=lambda pledge: pledge[0])
    return Terms(pledges=tuple(pledge for _, pledge in in_order), first_contact_by=by, first_contact_days=days)


def _first_contact(
    typed: Typed, edition: MarketplaceView, parties: Sequence[ParticipationId], begun: Begun | None
) -> tuple[ParticipationId | None, int | None]:
    """Who makes the first contact, and within how many days: the edition's, where nothing was typed."""
    by, days = (None, None) if begun is None else begun.first_contact
    if begun is None or not begun.left_alone(typed, "contact"):
        contact = typed.whole("contact", most=len(parties))
        by = None if contact is None else parties[contact - 1]
    if begun is None or not begun.left_alone(typed, "days"):
        told = typed.whole("days", most=MAX_DAYS)
        days = edition.first_contact_days if told is None else told
    return by, days


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
    parties: Sequence[ParticipationId]
    begun: Begun | None

    def name(self, field: str) -> str:
        """The field's name in the form."""
        return f"{field}-{self.party}-{self.row}"

    def get(self, field: str) -> str:
        """The field's text."""
        return self.typed.get(self.name(field))

    @property
    def was(self) -> tuple[int, Pledge] | None:
        """The pledge that the row began from, and its place on the form."""
        return None if self.begun is None else self.begun.pledge(self.party, self.row)

    def changed(self, *fields: str) -> bool:
        """Whether somebody has typed into one of the fields."""
        return self.begun is None or any(not self.begun.left_alone(self.typed, self.name(field)) for field in fields)

    @property
    def moved(self) -> bool:
        """Whether the pledge is now in another area, in an edition whose areas have rates of their own."""
        return bool(self.edition.area_rates) and self.changed("area")


def _pledge(row: _Row) -> tuple[int, Pledge]:
    """The pledge, and its place: where it stood on the form, or after all that stood there."""
    if row.was is None:
        new = {name: read(row) for name, (_, read) in _READ.items()}
        return MAX_PLEDGES, Pledge(giver=row.parties[row.party - 1], listing=None, **new)
    place, was = row.was
    valued_anew = row.moved and bool(row.get("hours"))
    changes = {
        name: read(row)
        for name, (fields, read) in _READ.items()
        if row.changed(*fields) or (name == "value" and valued_anew)
    }
    return place, replace(was, **changes)


def _title(row: _Row) -> str:
    return row.typed.needed(row.name("title"))


def _receiver(row: _Row) -> ParticipationId:
    """Of two parties the other one; among more it is said."""
    parties = len(row.parties)
    if parties == 2:
        return row.parties[2 - row.party]
    told = row.typed.whole(row.name("to"), most=parties)
    if told is None or told == row.party:
        row.typed.fault(row.name("to"), "receiver")
        return row.parties[row.party - 1]
    return row.parties[told - 1]


def _area(row: _Row) -> AreaId:
    told = AreaId(row.get("area"))
    if told not in _areas(row.edition, row.begun):
        row.typed.fault(row.name("area"), "choose")
    return told


def _areas(edition: MarketplaceView, begun: Begun | None) -> dict[AreaId, str]:
    """The edition's areas by id, and those retired since that stand on the form: there they may stay."""
    areas = {AreaId(area.id): area.label for area in edition.areas}
    return areas if begun is None else begun.areas | areas


def _kind(row: _Row) -> PledgeKind:
    told = row.get("kind")
    if told not in {kind.value for kind in PledgeKind}:
        row.typed.fault(row.name("kind"), "choose")
        return PledgeKind.SERVICE
    return PledgeKind(told)


def _hours(row: _Row) -> int:
    """The whole hours that are the quantity, where nothing else is said to be; else 0."""
    minutes = row.typed.minutes(row.name("hours"))
    return 0 if minutes is None or minutes % 60 or row.get("quantity") or row.get("unit") else minutes // 60


def _quantity(row: _Row) -> int:
    return row.typed.whole(row.name("quantity")) or _hours(row) or 1


def _unit(row: _Row) -> str:
    return row.get("unit") or row.speech.word("desk.form.unit.hours" if _hours(row) else "desk.form.unit.usual")


def _rate(row: _Row) -> int:
    """What an hour is valued at, in cents: as on the form that is corrected, or else in the pledge's area now."""
    value = row.was and row.was[1].value
    if value and value.rate_minor is not None and not row.moved:
        return value.rate_minor
    rates = {each.area: each.hourly_rate_minor for each in row.edition.area_rates}
    return rates.get(AreaId(row.get("area")), row.edition.hourly_rate_minor)


def _value(row: _Row) -> Value | None:
    """Hours at their rate, or the euro that the parties state; nothing typed is unknown, never zero.

    Other euro in place of some that weren't stated, but the market's or a lump sum, are so still.
    """
    minutes = row.typed.minutes(row.name("hours"))
    minor = row.typed.cents(row.name("euro"), row.speech.lang)
    if minutes is not None and minor is not None:
        row.typed.fault(row.name("euro"), "hours_or_euro")
    if minutes is not None:
        return hourly(_rate(row), minutes)
    if minor is None:
        return None
    if minor > MAX_MINOR:
        row.typed.fault(row.name("euro"), "money")
    was = row.was and row.was[1].value
    basis = was.basis if was and was.minutes is None else Basis.STATED
    return Value(minor=minor, currency=CURRENCY, basis=basis, rate_minor=None, minutes=None)


_READ: Mapping[str, tuple[tuple[str, ...], Callable[[_Row], Any]]] = {
    "title": (("title",), _title),
    "receiver": (("to",), _receiver),
    "area": (("area",), _area),
    "kind": (("kind",), _kind),
    "quantity": (("quantity",), _quantity),
    "unit": (("unit",), _unit),
    "due_from": (("since",), lambda row: row.typed.day(row.name("since"))),
    "due_until": (("until",), lambda row: row.typed.day(row.name("until"))),
    "value": (("hours", "euro"), _value),
}
"""What is read of a pledge: from which fields, and how."""


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


def options(typed: Typed, edition: MarketplaceView, begun: Begun | None, speech: Speech) -> dict[str, object]:
    """What can be chosen in the rows of the page; parties by their names where the form is written.

    `rates` tells, by row, what an hour is valued at where hours stand on the form already.
    """
    table = rows(typed)
    parties = [(number, speech.word("desk.form.party", number=number)) for number in table.parties]
    if begun is not None:
        parties = [
            (number, party.name or name) for (number, name), party in zip(parties, begun.row.parties, strict=True)
        ]
    return {
        "areas": list(_areas(edition, begun).items()),
        "contacts": parties,
        "receivers": {giver: [each for each in parties if each[0] != giver] for giver in table.parties},
        "rates": {} if begun is None else _rates(table, begun),
    }


def _rates(table: Rows, begun: Begun) -> dict[str, int]:
    """What an hour was valued at, by party and row as in the fields' names."""
    places = [(party, row) for party in table.parties for row in table.of(party)]
    values = [(f"-{party}-{row}", was[1].value) for party, row in places if (was := begun.pledge(party, row))]
    return {at: value.rate_minor for at, value in values if value and value.rate_minor is not None}
