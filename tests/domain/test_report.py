"""An edition's report: every figure with what it is of, and all of them in agreement with each other and the board."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.envelope import Envelope, Recorded
from domain.identity import AreaId, MarketplaceId, PersonId, StreamId
from domain.ledger.row import LedgerRow, Source
from domain.negotiation import events as table
from domain.negotiation.events import RejectionReason
from domain.negotiation.state import Ending
from domain.negotiation.terms import Party
from domain.organisation.events import Side
from domain.participation.events import ParticipationCancelled
from domain.results.happened import happened
from domain.results.report import Denominator, Report, Shape, Share, report, shape_of
from domain.trail.step import TrailStep, steps
from tests.infra.projections.histories import History, random_history
from tests.infra.projections.telling import Folded

HANDS = AreaId("hands")


def steps_of(told: Sequence[Envelope], edition: MarketplaceId, until: int) -> list[TrailStep]:
    """An edition's steps up to a position, each once, as the trail has them."""
    folded = Folded(told, until)
    homes: dict[StreamId, MarketplaceId | None] = {id_: entry.marketplace for id_, entry in folded.entries.items()}
    homes |= {id_: row.marketplace for id_, row in folded.rows.items()}
    records = [Recorded(position, envelope) for position, envelope in enumerate(told[:until], 1)]
    return [steps(one)[0] for one in records if homes.get(one.envelope.stream) == edition]


def reported(told: Sequence[Envelope], edition: MarketplaceId, until: int | None = None) -> Report:
    """The report as of a position."""
    end = len(told) if until is None else until
    rows = [row for row in Folded(told, end).rows.values() if row.marketplace == edition]
    return report(rows, happened(steps_of(told, edition, end)), [HANDS])


def test_a_small_edition() -> None:
    """Two contracts, one of them straight from the table, one no, one broker, one who stays away, one who goes."""
    history = History(Random(3))
    edition = history.edition()
    history.open(edition)
    one, other = history.pair(edition), history.pair(edition)
    away = history.joins(edition, history.organisation("Nordstern", Side.NONPROFIT), Side.NONPROFIT)
    history.tell(away.participation, ParticipationCancelled())
    history.at += timedelta(minutes=4, seconds=30)
    history.deal(edition, one)
    history.at += timedelta(minutes=3)
    straight = history.drafted(edition, one, history.terms(one, 5_000))
    history.signed(straight, one)
    history.submitted(straight)
    history.returned(straight, one)
    history.signed(straight, one)
    history.submitted(straight)
    history.certified(edition, straight)
    no = history.negotiation(edition, other)
    history.tell(no, table.BrokerCalled(by=other[0].participation))
    history.tell(no, table.BrokerJoined(broker=PersonId("b-1")))
    rejected = table.TermsRejected(by=other[1].participation, reason=RejectionReason.NOT_FAIR)
    history.tell(no, rejected)
    history.negotiation(edition, other)

    told = reported(history.told, edition)
    assert told.contracts == 2
    assert told.over_time.seconds_to_first == 270
    assert [(slot.from_minute, slot.contracts) for slot in told.over_time.slots] == [(0, 1), (5, 1)]
    tables = told.tables
    assert (tables.recorded, tables.agreed.count, tables.still_open.count) == (3, 1, 1)
    assert tables.per_contract == Share(count=3, of=1, denominator=Denominator.CONTRACTS_FROM_NEGOTIATIONS)
    assert tables.rounds_per_agreed == Share(count=2, of=1, denominator=Denominator.AGREED_NEGOTIATIONS)
    (ended,) = (way for way in tables.ended if way.negotiations.count)
    assert (ended.ending, ended.reason, ended.negotiations.of) == (Ending.REJECTED, RejectionReason.NOT_FAIR, 1)
    assert (tables.brokers_called.count, tables.brokers_joined.count) == (1, 1)
    assert (told.returned, told.returns) == (Share(count=1, of=2, denominator=Denominator.FORMS_HANDED_IN), 1)
    sources = {share.source: share.contracts.count for share in told.sources}
    assert (sources[Source.NEGOTIATION], sources[Source.FORM]) == (1, 1)
    company, nonprofit = told.sides
    assert (company.with_contract.count, company.without_contract.count, company.admitted) == (1, 1, 2)
    assert (nonprofit.with_contract.of, nonprofit.admitted) == (3, 2)
    assert (nonprofit.given_minor, nonprofit.unvalued) == (0, 2)
    assert (told.areas[0].area, told.areas[0].contracts.count, told.areas[0].pledges.count) == (HANDS, 2, 4)
    assert told.areas[0].unvalued == 0


def test_before_the_gong_nothing_is_a_rate_of_nothing() -> None:
    """An edition that has only been planned: no gong, no first contract, shares of nothing."""
    history = History(Random(4))
    edition = history.edition()
    told = reported(history.told, edition)
    assert (told.over_time.opened_at, told.over_time.seconds_to_first, told.over_time.slots) == (None, None, ())
    assert told.tables.rounds_per_agreed.of == told.returned.of == 0


def test_shapes() -> None:
    """A third party makes it a contract of three, whatever the sides."""
    company, nonprofit = Side.COMPANY, Side.NONPROFIT
    assert shape_of([company, nonprofit]) is shape_of([nonprofit, company]) is Shape.COMPANY_NONPROFIT
    assert shape_of([nonprofit, nonprofit]) is Shape.NONPROFIT_NONPROFIT
    assert shape_of([company, company]) is Shape.COMPANY_COMPANY
    assert shape_of([company, nonprofit, nonprofit]) is Shape.THREE_OR_MORE


@given(seed=st.integers(0, 2**32), steps=st.integers(0, 80), data=st.data())
def test_every_part_agrees_with_the_board(seed: int, steps: int, data: st.DataObject) -> None:
    """Given any history, as of any position, then areas, slots, shapes, sources and tables make up their totals."""
    told = random_history(Random(seed), steps).told
    until = data.draw(st.integers(1, len(told)))
    folded = Folded(told, until)
    for edition in {MarketplaceId(one.stream) for one in told[:until] if one.type == "marketplace.planned.v1"}:
        found = reported(told, edition, until)
        board = folded.tallies.get(edition)
        assert (found.contracts, found.value_minor) == ((board.contracts, board.value_minor) if board else (0, 0))
        assert sum(area.value_minor for area in found.areas) == found.value_minor
        assert sum(area.unvalued for area in found.areas) == found.unvalued
        assert sum(slot.contracts for slot in found.over_time.slots) + found.over_time.outside == found.contracts
        assert sum(one.contracts.count for one in found.shapes) == found.contracts
        assert sum(one.contracts.count for one in found.sources) == found.contracts
        assert sum(side.pledges.count for side in found.sides) == sum(area.pledges.count for area in found.areas)
        for side in found.sides:
            assert side.with_contract.count + side.without_contract.count == side.with_contract.of
        tables = found.tables
        over = sum(way.negotiations.count for way in tables.ended)
        assert tables.agreed.count + tables.still_open.count + over == tables.recorded
        assert tables.still_open.count == sum(
            type(entry.state).__name__ in ("Seated", "Proposed") and entry.marketplace == edition
            for entry in folded.entries.values()
        )


def test_a_contract_of_three_counts_once() -> None:
    """As one contract of three, in each party's own side's organisations."""
    history = History(Random(5))
    edition = history.edition()
    history.open(edition)
    pair = history.pair(edition)
    third = history.joins(edition, history.organisation("Chor", Side.NONPROFIT), Side.NONPROFIT)
    parties: tuple[Party, ...] = (*pair, third)
    form = history.drafted(edition, parties, history.terms(parties, 100))
    history.signed(form, parties)
    history.submitted(form)
    history.certified(edition, form)
    told = reported(history.told, edition)
    assert {one.shape: one.contracts.count for one in told.shapes}[Shape.THREE_OR_MORE] == told.contracts == 1
    assert [side.with_contract.count for side in told.sides] == [1, 2]
    row: LedgerRow = next(iter(Folded(history.told, len(history.told)).rows.values()))
    assert report([replace(row, certified_at=None)], happened(())).over_time.outside == 1
