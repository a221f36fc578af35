"""What the host does with the edition itself: plans it, lays down its rules, and rings the gongs.

All of it is asked of one thing, the edition, one after the other.
"""

from collections.abc import Sequence
from datetime import timedelta

from domain.marketplace.plan import Counted, Reciprocity, Visibility
from domain.marketplace.rules import CoHostRole
from domain.organisation.events import Side
from services.rehearsal.script import ADDED_AREA, UNUSED_AREA, Script
from services.rehearsal.steps import EDITION, Body, Moment, Step

PLAN, REGISTRATION, GONG, CLOSE = "edition/plan", "edition/open-registration", "edition/gong", "edition/close"
READY = "edition/add-area"
"""The last step before organisations come."""
FOLLOW_UP, HANDED_OVER = "edition/start-follow-up", "edition/hand-over"
"""The first and the last step of the time after trading."""

RENAMED = "edition/rename-area"
_NEW_LABEL = "Tatkraft und Zupacken"
SERIES = "P-"
"""What stands before the numbers of blank forms."""
CHECKLIST = (("complete", "Alle Felder ausgefüllt"), ("no-money", "Kein Geld"), ("signed", "Alle haben unterschrieben"))
WORKSHOPS = {Side.COMPANY: "unternehmen", Side.NONPROFIT: "gemeinnuetzige"}
"""Each side has its workshop, by lasting name."""
_HELPERS = (("Probe-Rathaus", CoHostRole.VENUE), ("Probe-Wirtschaftsclub", CoHostRole.RECRUITS_COMPANIES))
HELPLINE = "Probe-Telefonkette"
"""Takes over the calls that are left: it is named when everything else is told."""


def checked() -> tuple[str, ...]:
    """What the notary ticks off."""
    return tuple(item for item, _ in CHECKLIST)


def form_number(number: int) -> str:
    """The number of a blank form."""
    return f"{SERIES}{number + 1:03}"


def hosting(script: Script) -> list[Step]:
    """From the plan to what is laid down when registration is open; `READY` comes last."""
    rate = script.hourly_rate_minor
    areas = [{"id": slug, "label": label} for slug, label in script.areas]
    unused, added = ({"id": slug, "label": label} for slug, label in (UNUSED_AREA, ADDED_AREA))
    policy = {"reciprocity": Reciprocity.ENCOURAGED, "counted": Counted.COMPANIES, "visibility": Visibility.BEFORE}
    told: list[tuple[str, Body]] = [
        ("reschedule", {"date": script.date.isoformat(), "venue": script.venue}),
        ("areas", {"areas": [*areas, unused]}),
        ("policy", {name: value.value for name, value in policy.items()}),
        ("rates", {"hourly_rate_minor": rate}),
        ("checklist", {"items": [{"id": item, "label": label} for item, label in CHECKLIST]}),
        ("paper-series", {"prefix": SERIES, "first": 1, "last": 999}),
        ("co-hosts", {"co_hosts": _co_hosts()}),
        *(("workshops", _workshop(script, side)) for side in WORKSHOPS),
        ("open-registration", {}),
        ("add-area", added),
    ]
    plan = Step(name=PLAN, at=-10_000, role="lead", path="marketplaces", body=_plan(script), after=(), makes=EDITION)
    steps = [plan]
    for place, (verb, body) in enumerate(told, start=1):
        name = f"edition/{verb}" if verb != "workshops" else f"edition/workshops/{body['side']}"
        steps.append(_edition(name, place - 10_000, "lead", verb, body, (steps[-1].name,)))
    return steps


def late_rules(script: Script) -> list[Step]:
    """While organisations come: what an hour in the new area is worth, and an area that nobody wants is retired."""
    slug, _ = ADDED_AREA
    rates = [{"area": slug, "hourly_rate_minor": 2 * script.hourly_rate_minor}]
    table = {"hourly_rate_minor": script.hourly_rate_minor, "rates": rates}
    retired, _ = UNUSED_AREA
    return [
        _edition("edition/rate-table", -8_999.5, "lead", "rate-table", table, (READY,)),
        _edition("edition/retire-area", -2_500.5, "lead", "retire-area", {"area": retired}, ("edition/rate-table",)),
    ]


def gong(before: Sequence[Step]) -> Step:
    """The opening gong, when everyone who comes in time is there."""
    return _edition(GONG, 0, "moderator", "open-trading", {}, tuple(step.name for step in before if step.at < 0))


def on_the_floor(script: Script) -> list[Step]:
    """Between the gongs: an area gets another label, and trading is extended."""
    slug, _ = script.areas[0]
    renaming = {"area": slug, "label": _NEW_LABEL}
    steps = [_edition(RENAMED, script.gong * 0.25, "lead", "rename-area", renaming, (GONG,))]
    if script.extension:
        later = {"announced_end": Moment(GONG, script.extended_minutes)}
        at = script.trading_minutes * 60 - 300.5
        steps.append(_edition("edition/extend", at, "moderator", "extend-trading", later, (steps[-1].name,)))
    return steps


def closing_gong(script: Script, before: Sequence[Step]) -> Step:
    """The closing gong, when everything that was done in time is done."""
    done = tuple(step.name for step in before if step.at < script.gong)
    return _edition(CLOSE, script.gong, "moderator", "close-trading", {}, done)


def start_follow_up(at: float) -> Step:
    """The host begins to call everyone."""
    return _edition(FOLLOW_UP, at, "lead", "start-follow-up", {}, (CLOSE,))


def hand_over(at: float, before: Sequence[Step]) -> Step:
    """Last of all, a co-host takes over the calls that are left: by this an edition is known to be told to its end."""
    body = {"co_hosts": [*_co_hosts(), {"name": HELPLINE, "roles": [CoHostRole.FOLLOW_UP.value]}]}
    return _edition(HANDED_OVER, at, "lead", "co-hosts", body, tuple(step.name for step in before))


def _plan(script: Script) -> Body:
    """As it is planned a year ahead: without a day, and at the rate of the year before."""
    return {
        "title": script.edition_title,
        "season": script.season,
        "date": None,
        "venue": None,
        "time_zone": script.time_zone,
        "trading_minutes": script.clock_minutes,
        "noun": script.noun,
        "areas": [{"id": slug, "label": label} for slug, label in script.areas],
        "hourly_rate_minor": script.hourly_rate_minor - 100,
        "rehearsal": True,
    }


def _co_hosts() -> list[Body]:
    return [{"name": name, "roles": [role.value]} for name, role in _HELPERS]


def _workshop(script: Script, side: Side) -> Body:
    day = script.date - timedelta(days=28 if side is Side.COMPANY else 30)
    return {"id": WORKSHOPS[side], "side": side.value, "date": day.isoformat()}


def _edition(name: str, at: float, role: str, verb: str, body: Body, after: tuple[str, ...]) -> Step:
    return Step(name=name, at=at, role=role, path=f"marketplaces/{{id}}/{verb}", body=body, after=after, thing=EDITION)
