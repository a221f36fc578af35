"""The ledger as two tables: a row a contract, and a row a pledge."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.instant import Instant, moment
from domain.organisation.events import Side
from infra.documents.spreadsheet import Cell
from services.api.exporting.cells import money
from services.api.exporting.words import say
from services.application.views import LedgerRowView, MarketplaceView, PledgeView

CONTRACTS = (
    "edition",
    "number",
    "form_number",
    "state",
    "source",
    "companies",
    "nonprofits",
    "pledges",
    "value",
    "currency",
    "counted",
    "unvalued",
    "one_sided",
    "drafted_at",
    "occurred_at",
    "certified_at",
    "ended_at",
    "ended_reason",
    "first_contact",
    "amendments",
    "broker",
    "notary",
    "returns",
    "rehearsal",
    "contract",
    "position",
)
"""The columns of a contract, by the keys of their words."""

PLEDGES = (
    "edition",
    "number",
    "contract",
    "place",
    "giver",
    "receiver",
    "area",
    "title",
    "kind",
    "quantity",
    "unit",
    "due_from",
    "due_until",
    "value",
    "currency",
    "basis",
    "rate",
    "hours",
    "status",
    "delivered",
    "reason",
)
"""The columns of a pledge."""


def header(columns: Iterable[str], lang: str) -> list[str]:
    """The columns' words."""
    return [say(lang, f"column.{column}") for column in columns]


def contract_cells(row: LedgerRowView, edition: MarketplaceView, lang: str) -> list[Cell]:
    """A contract's row, in the order of `CONTRACTS`."""
    told: dict[str, Cell] = {
        "edition": edition.title,
        "number": row.number,
        "form_number": row.form_number,
        "state": say(lang, f"state.{row.state}"),
        "source": say(lang, f"source.{row.source}"),
        "companies": _names(row, Side.COMPANY, lang),
        "nonprofits": _names(row, Side.NONPROFIT, lang),
        "pledges": len(row.pledges),
        "value": money(row.value.minor),
        "currency": row.value.currency,
        "counted": say(lang, f"counted.{row.value.counted}"),
        "unvalued": row.value.unvalued,
        "one_sided": _yes(row.one_sided, lang),
        "drafted_at": local(row.drafted_at, edition),
        "occurred_at": local(row.occurred_at, edition),
        "ended_at": local(row.ended_at, edition),
        "ended_reason": None if row.ended_reason is None else say(lang, f"ended.{row.ended_reason}"),
        "first_contact": _yes(row.first_contact_made, lang),
        "amendments": row.amendments,
        "certified_at": local(row.certified_at, edition),
        "broker": _person(row.broker, row.broker_name, lang),
        "notary": _person(row.notary, row.notary_name, lang),
        "returns": row.returns,
        "rehearsal": _yes(row.rehearsal, lang),
        "contract": row.id,
        "position": row.position,
    }
    return [told[column] for column in CONTRACTS]


def pledge_cells(row: LedgerRowView, edition: MarketplaceView, lang: str) -> list[list[Cell]]:
    """The rows of a contract's pledges, in the order of `PLEDGES`; a value is the one that stands."""
    names = {party.participation: party.name or say(lang, "erased") for party in row.parties}
    return [
        [_pledge(place, pledge, row, edition, names, lang)[column] for column in PLEDGES]
        for place, pledge in enumerate(row.pledges)
    ]


def _pledge(
    place: int, pledge: PledgeView, row: LedgerRowView, edition: MarketplaceView, names: Mapping[str, str], lang: str
) -> dict[str, Cell]:
    value = pledge.standing
    return {
        "edition": edition.title,
        "number": row.number,
        "contract": row.id,
        "place": place,
        "giver": names.get(pledge.giver),
        "receiver": names.get(pledge.receiver),
        "area": pledge.area_label,
        "title": pledge.title,
        "kind": say(lang, f"kind.{pledge.kind}"),
        "quantity": pledge.quantity,
        "unit": pledge.unit,
        "due_from": pledge.due_from,
        "due_until": pledge.due_until,
        "value": None if value is None else money(value.minor),
        "currency": None if value is None else value.currency,
        "basis": None if value is None else say(lang, f"basis.{value.basis}"),
        "rate": None if value is None else money(value.rate_minor),
        "hours": None if value is None or value.minutes is None else round(Decimal(value.minutes) / 60, 2),
        "status": None if pledge.status is None else say(lang, f"status.{pledge.status}"),
        "delivered": None if pledge.status is None else pledge.delivered,
        "reason": None if pledge.reason is None else say(lang, f"unfulfilled.{pledge.reason}"),
    }


def local(at: str | None, edition: MarketplaceView) -> str | None:
    """An instant on the edition's clock, with its offset from UTC: in the doubled hour it would be two else."""
    if at is None:
        return None
    there: datetime = moment(Instant(at)).astimezone(ZoneInfo(edition.time_zone))
    return there.isoformat(timespec="seconds")


def _names(row: LedgerRowView, side: Side, lang: str) -> str:
    return "; ".join(party.name or say(lang, "erased") for party in row.parties if party.side is side)


def _person(id_: str | None, name: str | None, lang: str) -> str | None:
    return None if id_ is None else name or say(lang, "erased")


def _yes(so: bool, lang: str) -> str:
    return say(lang, "yes" if so else "no")
