"""A rehearsal of usual size shows the whole method: every desk, every state, every kind of record."""

from collections import Counter
from datetime import date
from typing import get_args

import pytest
from jsonschema_rs import Draft202012Validator

from domain.codec import to_data
from domain.contract.fulfilment import NonFulfilmentReason
from domain.ledger.row import LedgerState, Source
from domain.marketplace.paper import plain_number
from domain.marketplace.state import Archived, CalledOff, Marketplace
from domain.names import CLASSES
from domain.negotiation.money_words import looks_like_money
from domain.participation.state import Participation
from domain.streaming.schemas import schemas
from services.rehearsal.player import ROLES
from services.rehearsal.script import Script
from services.rehearsal.story import tell
from tests.services.rehearsal.simulated import SimulatedHall, in_order

UNTOLD = {
    "results.announced.v1": "a rehearsal announces nothing",
    "results.corrected.v1": "a rehearsal announces nothing",
    "results.correction_reason_given.v1": "a rehearsal announces nothing",
    "results.drawn_from_ledger.v1": "a rehearsal announces nothing",
    "marketplace.cancelled.v1": "it takes place",
    "marketplace.archived.v1": "who looks at it can still do something",
    "marketplace.partners_carried_over.v1": "nobody was there before",
    "negotiation.lapsed.v1": "the timekeeper's, when the gong has rung",
    "person.erased.v1": "nobody of a rehearsal is a person who could ask",
    "person.note_erased.v1": "nobody of a rehearsal is a person who could ask",
    "person.value_corrected.v1": "nobody of a rehearsal is a person who could ask",
    "person.restricted.v1": "nobody of a rehearsal is a person who could ask",
    "person.restriction_lifted.v1": "nobody of a rehearsal is a person who could ask",
}
"""Records that no step of a story makes, and why; those of access are the operator's."""

TRANSIENT = {LedgerState.DRAFTED, LedgerState.SIGNED, LedgerState.AT_NOTARY, LedgerState.RETURNED}
"""Forms pass through these; none stays in them when everything is told."""


@pytest.fixture(params=range(4))
def hall(request: pytest.FixtureRequest) -> SimulatedHall:
    """Forty contracts, played to the end."""
    return in_order(
        tell(
            Script(
                host="essen",
                companies=30,
                nonprofits=30,
                contracts=40,
                least_minor=4_000_000,
                most_minor=4_000_000,
                season=2026,
                date=date(2026, 11, 23),
                seed=request.param,
            )
        )
    )


def test_it_shows_every_kind_of_record(hall: SimulatedHall) -> None:
    """All that can be stored, but for a few that a rehearsal doesn't make."""
    wanted = {name for name in CLASSES if not name.startswith("access.")} - UNTOLD.keys()
    assert hall.recorded.keys() == wanted
    assert hall.recorded["marketplace.trading_extended.v1"] == 1


def test_every_fact_is_what_its_schema_says(hall: SimulatedHall) -> None:
    """Integrators are told the truth about every member, its limits included."""
    checkers = {name: Draft202012Validator(schema, validate_formats=True) for name, schema in schemas().items()}
    for name, fact in hall.facts:
        checkers[name].validate(to_data(fact))


def test_it_ends_with_contracts_in_every_state(hall: SimulatedHall) -> None:
    """Those that count, and beside them what doesn't; the numbers have no gap."""
    states = Counter(row.state for row in hall.rows.values())
    assert set(states) == set(LedgerState) - TRANSIENT
    assert states[LedgerState.REPUDIATED] == 1
    assert (len(hall.counting), hall.counted) == (40, 4_000_000)
    assert [held.number for held in hall.sealed] == list(range(1, 45))
    assert [hall.rows[stream].number for stream in hall.numbered] == list(range(1, 45))


def test_everybody_is_somewhere(hall: SimulatedHall) -> None:
    """Participations end in every state, and the edition went through all that lie before the archive."""
    ends = {type(state) for state in hall.states.values()}
    assert set(get_args(Participation)) <= ends
    reachable = {state for kind in get_args(Marketplace) for state in (get_args(kind) or (kind,))}
    assert reachable - {Archived, CalledOff} <= hall.passed


def test_every_desk_has_something_to_do() -> None:
    """Each of the roles that a rehearsal asks keys for."""
    script = Script(
        host="essen",
        companies=30,
        nonprofits=30,
        contracts=40,
        least_minor=4_000_000,
        most_minor=4_000_000,
        season=2026,
        date=date(2026, 11, 23),
    )
    assert {step.role for step in tell(script).steps} == set(ROLES)


def test_forms_come_from_everywhere(hall: SimulatedHall) -> None:
    """From negotiations, straight from the table, and from paper; one paper was typed in twice, and both are kept."""
    assert {row.source for row in hall.counting} == set(Source)
    paper = Counter(plain_number(row.form_number or "") for row in hall.rows.values() if row.source is Source.PAPER)
    assert [count for count in paper.values() if count > 1] == [2]
    assert any(row.one_sided for row in hall.counting)
    assert any(row.labels for row in hall.counting)


def test_what_looks_like_money_comes_back(hall: SimulatedHall) -> None:
    """The notary returns it with that reason; what is certified in the end doesn't look so."""
    assert any("money" in body.get("reasons", ()) for body in hall.said)
    assert not any(looks_like_money(pledge.title) for row in hall.counting for pledge in row.pledges)


def test_nothing_is_kept_for_every_reason(hall: SimulatedHall) -> None:
    """Each reason why something isn't delivered is given; some deliveries are whole, some partial."""
    known = [progress for row in hall.counting for progress in row.progress]
    assert {progress.reason for progress in known} >= set(NonFulfilmentReason)
    partial = [
        progress
        for row in hall.counting
        for pledge, progress in zip(row.pledges, row.progress, strict=True)
        if 0 < progress.delivered < pledge.quantity
    ]
    assert partial
    assert any(len(progress.confirmed_by) == 2 for progress in known)


def test_values_are_estimated_corrected_and_amended(hall: SimulatedHall) -> None:
    """The values that stand make the total, whoever had the last word."""
    assert any(row.corrections for row in hall.counting)
    assert any(row.amendments for row in hall.counting)
    valued = [both for row in hall.counting for both in zip(row.pledges, row.values, strict=True)]
    assert any(pledge.value is None and value is not None for pledge, value in valued)
