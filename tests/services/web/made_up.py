"""Made-up views: the season of 2006, halls with no contract, one, four hundred; awkward names."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.identity import TenantId
from domain.instant import instant
from domain.ledger.row import LedgerState, Source
from domain.marketplace.plan import Counted, Reciprocity, Visibility
from domain.money import Basis, Value
from domain.negotiation.terms import PledgeKind
from domain.organisation.events import Side
from domain.results.figures import Figure, Figures, Qualifier, Strength, Subject
from infra.clock import now
from infra.postgres.tenancy import Tenant
from services.application.views import (
    ActorView,
    LedgerRowView,
    MarketplaceView,
    PartyView,
    PledgeView,
    ResultsView,
    StatementView,
    TallyView,
    TrailStepView,
    ValueView,
)

SOURCE = "Servicestelle Soziale Kooperation: report on the first German marketplaces of autumn 2006"
LONG = "Freiwilligenagentur und Bürgerstiftung für Nachbarschaftshilfe Rheinhausen-Hochemmerich e. V."[:80]
HOSTILE = '<script>alert("1")</script> & "Söhne"'
COMPANY, NONPROFIT = "00000000-0000-4000-8000-00000000c001", "00000000-0000-4000-8000-00000000a001"
WHEN = datetime(2006, 9, 18, 16, 4, 5, tzinfo=UTC)
REPORT = json.loads(Path("services/rehearsal/season-2006.json").read_text())


def thing(number: int) -> str:
    """An id."""
    return str(UUID(int=number, version=4))


def host(tenant: str, city: str) -> Tenant:
    """A host."""
    return Tenant(
        tenant=TenantId(tenant),
        origin=f"handschlag/{tenant}",
        name=f"Freiwilligenagentur {city}",
        city=city,
        region="",
        time_zone="Europe/Berlin",
        created_at=WHEN,
    )


def edition(number: int = 1, *, rehearsal: bool = True, state: str = "trading", **changed: Any) -> MarketplaceView:
    """An edition; trading, unless said otherwise, for 47 more minutes."""
    end = instant(now() + timedelta(minutes=47)) if state == "trading" else None
    plan: dict[str, Any] = {
        "id": thing(number),
        "version": 3,
        "state": state,
        "title": "Gute Geschäfte",
        "season": 2006,
        "date": date(2006, 9, 18),
        "venue": None,
        "time_zone": "Europe/Berlin",
        "trading_minutes": 120,
        "grace_minutes": 15,
        "opened_at": None,
        "announced_end": end,
        "noun": "Kontrakte",
        "areas": [],
        "retired": [],
        "area_rates": [],
        "rates_version": 1,
        "paper_series": [],
        "checklist": [],
        "co_hosts": [],
        "workshops": [],
        "reciprocity": Reciprocity.ENCOURAGED,
        "counted": Counted.COMPANIES,
        "visibility": Visibility.BEFORE,
        "hourly_rate_minor": 1500,
        "first_contact_days": 14,
        "rehearsal": rehearsal,
        "position": 1,
    }
    return MarketplaceView(**(plan | changed))


def tally(contracts: int, **changed: Any) -> TallyView:
    """What the board shows of so many contracts."""
    figures: dict[str, Any] = {
        "contracts": contracts,
        "value_minor": contracts * 125_000,
        "currency": "EUR",
        "counted": Counted.COMPANIES,
        "unvalued": 0,
        "one_sided": 0,
        "from_paper": 0,
        "revoked": 0,
        "annulled": 0,
        "repudiated": 0,
        "forms": contracts,
        "at_notary": 0,
        "first_certified_at": None,
        "last_certified_at": None,
        "position": 1 + contracts,
    }
    return TallyView(**(figures | changed))


def results(of: MarketplaceView, contracts: int, *, said: Figures | None = None, **changed: Any) -> ResultsView:
    """An edition's results."""
    statement = said and StatementView(
        id=thing(77),
        marketplace=of.id,
        figures=said,
        source=SOURCE,
        notes=[],
        announced_at=instant(WHEN),
        position=9,
        earlier=[],
        reason=None,
        drawn_from=None,
    )
    return ResultsView(marketplace=of, ledger=tally(contracts, **changed), statements=[statement] if statement else [])


def party(side: Side, name: str | None, number: int = 1, *, publicity: bool = True) -> PartyView:
    """A party that signed."""
    first = COMPANY if side is Side.COMPANY else NONPROFIT
    id_ = first[:-3] + f"{number:03d}"
    return PartyView(participation=id_, organisation=id_, name=name, side=side, signed=True, publicity=publicity)


def pledge(giver: PartyView, receiver: PartyView, title: str, minor: int | None = 125_000) -> PledgeView:
    """A pledge; `minor` None is a pledge that nobody has valued."""
    value = minor and Value(minor=minor, currency="EUR", basis=Basis.LUMP_SUM, rate_minor=None, minutes=None)
    return PledgeView(
        place=0,
        giver=giver.participation,
        receiver=receiver.participation,
        area="know-how",
        area_label="Wissen",
        title=title,
        kind=PledgeKind.SERVICE,
        quantity=2,
        unit="Nachmittage",
        due_from=None,
        due_until=date(2006, 12, 15),
        value=value or None,
        standing=value or None,
        listing=None,
    )


def row(nth: int, *parties: PartyView, state: LedgerState = LedgerState.CERTIFIED, **changed: Any) -> LedgerRowView:
    """A contract between the parties, each of which gives something."""
    at = parties or (party(Side.COMPANY, "Bäckerei Morgenrot"), party(Side.NONPROFIT, "Tafel Essen"))
    pledges = [
        pledge(at[0], at[1], "Brot für das Sommerfest"),
        pledge(at[1], at[0], "Ein Plakat der Malgruppe", None),
    ]
    certified = instant(WHEN + timedelta(seconds=40 * nth))
    made: dict[str, Any] = {
        "id": thing(1000 + nth),
        "marketplace": thing(1),
        "number": nth if state is LedgerState.CERTIFIED else None,
        "form_number": None,
        "state": state,
        "source": Source.NEGOTIATION,
        "negotiation": thing(5),
        "parties": list(at),
        "pledges": pledges,
        "value": ValueView(minor=125_000, currency="EUR", counted=Counted.COMPANIES, unvalued=0),
        "one_sided": False,
        "terms_hash": "ab" * 32,
        "broker": None,
        "notary": None,
        "returns": 0,
        "drafted_at": certified,
        "certified_at": certified if state is LedgerState.CERTIFIED else None,
        "rehearsal": True,
        "position": 1 + nth,
        "lineage": [1 + nth],
        "occurred_at": None,
        "submitted_at": None,
        "return_reasons": [],
        "checked": [],
        "first_contact_by": None,
        "first_contact_days": None,
        "first_contact_made": False,
        "disputed": False,
        "amendment": None,
        "amendments": 0,
        "corrections": 0,
        "calls": [],
        "ended_reason": None,
        "ended_at": None,
    }
    return LedgerRowView(**(made | changed))


def rows(count: int) -> list[LedgerRowView]:
    """So many contracts, newest first; among them long, hostile, hidden names, and parties of one side only."""
    company, nonprofit = party(Side.COMPANY, "Bäckerei Morgenrot"), party(Side.NONPROFIT, "Tafel Essen")
    kinds = (
        (company, nonprofit),
        (party(Side.COMPANY, HOSTILE), party(Side.NONPROFIT, LONG)),
        (party(Side.COMPANY, None, publicity=False), nonprofit),
        (nonprofit, party(Side.NONPROFIT, "Freiwilligenagentur", 2)),
        (company, nonprofit, party(Side.NONPROFIT, LONG, 2)),
    )
    return [row(number, *kinds[number % len(kinds)]) for number in range(count, 0, -1)]


def step(type_: str, position: int = 1, *, role: str = "clerk", **details: Any) -> TrailStepView:
    """A step of a trail."""
    by = details.get("by")
    return TrailStepView(
        position=position,
        event=thing(position),
        stream=thing(1001),
        type=type_,
        at=instant(WHEN + timedelta(seconds=position)),
        actor=ActorView(id="p", name="Ute Muster", role=role, on_behalf_of=by, on_behalf_of_name=None),
        rehearsal=True,
        details=details,
        names={},
    )


def announced(told: dict[str, Any]) -> Figures:
    """The figures of one city of the report."""
    names = ("agreements", "value", "business_side", "nonprofit_side", "participants")
    return Figures(**{name: _figure(told[name]) for name in names})


def _figure(told: dict[str, Any]) -> Figure:
    subject, strength = told.get("subject"), told.get("strength")
    return Figure(
        value=told["value"],
        qualifier=Qualifier(told["qualifier"]),
        unit=told.get("unit"),
        noun=told.get("noun"),
        subject=Subject(subject) if subject else None,
        strength=Strength(strength) if strength else None,
        derived=told.get("derived"),
    )
