"""A written form that is corrected: its fields as they are first shown, and the terms behind those left alone."""

import re
import unicodedata
from collections.abc import Mapping

from domain.frozen import dataclass
from domain.identity import AreaId, ListingId, ParticipationId, StreamId
from domain.negotiation.terms import Pledge, Terms
from services.application.views import LedgerRowView, PledgeView
from services.web.desk.typed import VERSION, Typed, Unreadable
from services.web.speech import Speech

BEGUN = "begun"
"""The field with the version that the fields were filled in from; it stays when the page is shown again."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The form that a correction began from, and what its fields said.

    A field whose text is still the same was left alone: what it stands for stays as it is on the form, whether the
    field shows all of it or not. Rows are only ever added after a party's others, so a row's number is its pledge's.
    """

    row: LedgerRowView
    shown: Mapping[str, str]

    def left_alone(self, typed: Typed, name: str) -> bool:
        """Whether a field still says what it said when it was filled in."""
        return _as_sent(self.shown.get(name, "")) == typed.get(name)

    def pledge(self, party: int, place: int) -> tuple[int, Pledge] | None:
        """The pledge that a row began from, and its place on the form; None for a row that was added."""
        given = _given(self.row, party)
        if place > len(given):
            return None
        return given[place - 1].place, _pledge(given[place - 1])

    @property
    def first_contact(self) -> tuple[ParticipationId | None, int | None]:
        """Who makes the first contact, and within how many days."""
        by = self.row.first_contact_by
        return None if by is None else ParticipationId(StreamId(by)), self.row.first_contact_days

    @property
    def areas(self) -> dict[AreaId, str]:
        """The areas that stand on the form, with their labels there; they may stay though they were retired."""
        return {AreaId(pledge.area): pledge.area_label for pledge in self.row.pledges}

    @property
    def terms(self) -> Terms:
        """All that stands on the form."""
        by, days = self.first_contact
        pledges = tuple(_pledge(pledge) for pledge in self.row.pledges)
        return Terms(pledges=pledges, first_contact_by=by, first_contact_days=days)


def begin(row: LedgerRowView, speech: Speech) -> Begun:
    """A correction of the form as it stands."""
    return Begun(row, filled_in(row, speech).values)


def version_begun(typed: Typed, newest: int) -> int:
    """The version that the fields were filled in from, of the `newest` so far; raises `Unreadable` for no such one."""
    told = typed.get(BEGUN) or typed.get(VERSION)
    if told.isascii() and told.isdigit() and len(told) < 10 and 1 <= int(told) <= newest:
        return int(told)
    raise Unreadable


def filled_in(row: LedgerRowView, speech: Speech) -> Typed:
    """The fields of a form that is written already, to be corrected."""
    numbers = {party.participation: number for number, party in enumerate(row.parties, start=1)}
    by, days = row.first_contact_by, row.first_contact_days
    values = {BEGUN: str(len(row.lineage)), "parties": str(len(numbers)), "form_number": row.form_number or ""}
    for number in numbers.values():
        given = _given(row, number)
        values[f"pledges-{number}"] = str(max(1, len(given)))
        for place, pledge in enumerate(given, start=1):
            told = _told(pledge, speech)
            if len(numbers) > 2:
                told["to"] = str(numbers[pledge.receiver])
            values |= {f"{name}-{number}-{place}": text for name, text in told.items()}
    values["contact"] = "" if by is None else str(numbers.get(by, ""))
    values["days"] = "" if days is None else str(days)
    return Typed(values)


def _told(pledge: PledgeView, speech: Speech) -> dict[str, str]:
    """A pledge's fields; `since`, which few forms have, only where it stands."""
    value, since, until = pledge.value, pledge.due_from, pledge.due_until
    hours = euro = ""
    if value is not None and value.minutes is not None:
        hours = f"{value.minutes // 60}:{value.minutes % 60:02}" if value.minutes % 60 else str(value.minutes // 60)
    elif value is not None:
        euro = f"{value.minor // 100}" + (f"{speech.point}{value.minor % 100:02}" if value.minor % 100 else "")
    told = {
        "title": pledge.title,
        "area": pledge.area,
        "kind": pledge.kind.value,
        "quantity": str(pledge.quantity),
        "unit": pledge.unit,
        "until": until.strftime("%d.%m.%Y") if until else "",
        "hours": hours,
        "euro": euro,
    }
    return told | ({"since": since.strftime("%d.%m.%Y")} if since else {})


def _given(row: LedgerRowView, party: int) -> list[PledgeView]:
    """What the party of that number gives, in the form's order."""
    giver = row.parties[party - 1].participation
    return [pledge for pledge in row.pledges if pledge.giver == giver]


def _pledge(view: PledgeView) -> Pledge:
    """The pledge as it was signed."""
    return Pledge(
        giver=ParticipationId(StreamId(view.giver)),
        receiver=ParticipationId(StreamId(view.receiver)),
        area=AreaId(view.area),
        title=view.title,
        kind=view.kind,
        quantity=view.quantity,
        unit=view.unit,
        due_from=view.due_from,
        due_until=view.due_until,
        value=view.value,
        listing=None if view.listing is None else ListingId(StreamId(view.listing)),
    )


def _as_sent(text: str) -> str:
    """A text as a browser sends it from a line, and as `Typed` reads it."""
    return unicodedata.normalize("NFC", re.sub(r"[\r\n]", "", text).strip())
