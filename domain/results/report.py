"""An edition's report: what its ledger and its trail say as of one position. Pure; every figure names what it is of."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import AreaId, ParticipationId
from domain.instant import Instant, moment
from domain.ledger.row import LedgerRow, LedgerState, Source
from domain.marketplace.plan import Counted
from domain.money import Value
from domain.negotiation.events import RejectionReason
from domain.negotiation.state import Ending
from domain.negotiation.terms import Pledge
from domain.organisation.events import Side
from domain.results.happened import Happened

SLOT_MINUTES = 5


class Denominator(StrEnum):
    """What a count is a count of."""

    COUNTED_CONTRACTS = "counted_contracts"
    CONTRACTS_FROM_NEGOTIATIONS = "counted_contracts_that_came_of_a_negotiation"
    PLEDGES = "pledges_of_counted_contracts"
    NEGOTIATIONS = "recorded_negotiations"
    AGREED_NEGOTIATIONS = "agreed_negotiations"
    ENDED_NEGOTIATIONS = "negotiations_ended_without_agreement"
    FORMS_HANDED_IN = "forms_handed_in"
    ORGANISATIONS_THAT_TOOK_PART = "organisations_that_took_part"


class Shape(StrEnum):
    """Who contracts with whom; a contract of three parties or more is one of those, whatever their sides."""

    COMPANY_NONPROFIT = "company_nonprofit"
    NONPROFIT_NONPROFIT = "nonprofit_nonprofit"
    COMPANY_COMPANY = "company_company"
    THREE_OR_MORE = "three_or_more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`count` of `of` things, which are `denominator`. No rate is given where there is nothing to divide by."""

    count: int
    of: int
    denominator: Denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaShare:
    """A trading area: the pledges in it, the contracts with at least one of them, and their value in cents.

    `value_minor` is of the pledges that count towards the equivalent value, so that the areas make up the board's;
    `unvalued` of these have no estimate.
    """

    area: AreaId
    pledges: Share
    contracts: Share
    value_minor: int
    unvalued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SideShare:
    """What one side of the hall gave, whether its pledges count towards the equivalent value or not; and who came.

    `with_contract` are its organisations in a counted contract; both are of those that were on the floor, or have one.
    """

    side: Side
    pledges: Share
    given_minor: int
    unvalued: int
    admitted: int
    with_contract: Share
    without_contract: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeShare:
    """Contracts of one shape."""

    shape: Shape
    contracts: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShare:
    """Contracts whose form came from one source."""

    source: Source
    contracts: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Contracts certified from `from_minute` on, for `SLOT_MINUTES`, counted from the opening gong."""

    from_minute: int
    contracts: int
    value_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTime:
    """How the count grew. Slots without a contract are left out; `outside` were certified before any gong.

    `seconds_to_first` is from the opening gong to the first certification; None while there is no gong or contract.
    """

    opened_at: Instant | None
    first_certified_at: Instant | None
    seconds_to_first: int | None
    slots: tuple[Slot, ...]
    outside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedFor:
    """Negotiations that ended without agreement in one way; a rejection has a reason."""

    ending: Ending
    reason: RejectionReason | None
    negotiations: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheTables:
    """Recorded negotiations; nobody has to record one, so they say little of contracts straight from a form.

    `per_contract` are the recorded negotiations over the counted contracts that came of one; `rounds_per_agreed` the
    terms laid down over the negotiations that agreed.
    """

    recorded: int
    still_open: Share
    agreed: Share
    per_contract: Share
    rounds_per_agreed: Share
    ended: tuple[EndedFor, ...]
    brokers_called: Share
    brokers_joined: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole report. `returned` are the forms that the notary gave back at least once, `returns` how often.

    `revoked`, `annulled` and `repudiated` were certified and don't count (as of this position): why a count fell.
    """

    contracts: int
    value_minor: int
    unvalued: int
    revoked: int
    annulled: int
    repudiated: int
    areas: tuple[AreaShare, ...]
    sides: tuple[SideShare, ...]
    shapes: tuple[ShapeShare, ...]
    sources: tuple[SourceShare, ...]
    over_time: OverTime
    tables: AtTheTables
    with_broker: Share
    returned: Share
    returns: int


def report(rows: Sequence[LedgerRow], told: Happened, areas: Iterable[AreaId] = ()) -> Report:
    """The report of an edition: `rows` are all its forms, `told` what else happened, `areas` those that it has."""
    counted = [row for row in rows if row.counts]
    stand = Counter(row.state for row in rows)
    returned = sum(1 for row in rows if row.returns)
    return Report(
        contracts=len(counted),
        value_minor=sum(row.value.minor for row in counted),
        unvalued=sum(row.value.unvalued for row in counted),
        revoked=stand[LedgerState.VOID],
        annulled=stand[LedgerState.ANNULLED],
        repudiated=stand[LedgerState.REPUDIATED],
        areas=_areas(counted, areas),
        sides=tuple(_side(side, counted, told) for side in Side),
        shapes=_shapes(counted),
        sources=_sources(counted),
        over_time=_over_time(counted, told.opened_at),
        tables=_tables(counted, told),
        with_broker=_of_contracts(sum(1 for row in counted if row.broker is not None), counted),
        returned=Share(count=returned, of=len(told.handed_in), denominator=Denominator.FORMS_HANDED_IN),
        returns=sum(row.returns for row in rows),
    )


def _of_contracts(count: int, counted: Collection[LedgerRow]) -> Share:
    return Share(count=count, of=len(counted), denominator=Denominator.COUNTED_CONTRACTS)


def _of_pledges(count: int, counted: Iterable[LedgerRow]) -> Share:
    return Share(count=count, of=sum(len(row.pledges) for row in counted), denominator=Denominator.PLEDGES)


def _valued(row: LedgerRow) -> Iterable[tuple[Pledge, Value | None]]:
    """The row's pledges, each with the value that stands for it."""
    return zip(row.pledges, row.values, strict=True)


def _givers(row: LedgerRow, side: Side) -> frozenset[ParticipationId]:
    return frozenset(party.participation for party in row.parties if party.side is side)


def _areas(counted: Sequence[LedgerRow], known: Iterable[AreaId]) -> tuple[AreaShare, ...]:
    used = (pledge.area for row in counted for pledge in row.pledges)
    return tuple(_area(area, counted) for area in dict.fromkeys((*known, *used)))


def _area(area: AreaId, counted: Sequence[LedgerRow]) -> AreaShare:
    values = [
        value
        for row in counted
        for pledge, value in _valued(row)
        if pledge.area == area and (row.value.counted is Counted.BOTH or pledge.giver in _givers(row, Side.COMPANY))
    ]
    within = [sum(1 for pledge in row.pledges if pledge.area == area) for row in counted]
    return AreaShare(
        area=area,
        pledges=_of_pledges(sum(within), counted),
        contracts=_of_contracts(sum(1 for pledges in within if pledges), counted),
        value_minor=sum(value.minor for value in values if value is not None),
        unvalued=sum(1 for value in values if value is None),
    )


def _side(side: Side, counted: Sequence[LedgerRow], told: Happened) -> SideShare:
    values = [value for row in counted for pledge, value in _valued(row) if pledge.giver in _givers(row, side)]
    dealt = {participation for row in counted for participation in _givers(row, side)}
    mine = {participation: guest for participation, guest in told.guests.items() if guest.side is side}
    took_part = dealt | {participation for participation, guest in mine.items() if guest.on_the_floor}

    def of_those(count: int) -> Share:
        return Share(count=count, of=len(took_part), denominator=Denominator.ORGANISATIONS_THAT_TOOK_PART)

    return SideShare(
        side=side,
        pledges=_of_pledges(len(values), counted),
        given_minor=sum(value.minor for value in values if value is not None),
        unvalued=sum(1 for value in values if value is None),
        admitted=sum(1 for guest in mine.values() if guest.admitted),
        with_contract=of_those(len(dealt)),
        without_contract=of_those(len(took_part - dealt)),
    )


def shape_of(sides: Sequence[Side]) -> Shape:
    """The shape of a contract between parties of these sides."""
    if len(sides) > 2:
        return Shape.THREE_OR_MORE
    if len(set(sides)) == 2:
        return Shape.COMPANY_NONPROFIT
    return Shape.NONPROFIT_NONPROFIT if Side.NONPROFIT in sides else Shape.COMPANY_COMPANY


def _shapes(counted: Sequence[LedgerRow]) -> tuple[ShapeShare, ...]:
    found = Counter(shape_of([party.side for party in row.parties]) for row in counted)
    return tuple(ShapeShare(shape=shape, contracts=_of_contracts(found[shape], counted)) for shape in Shape)


def _sources(counted: Sequence[LedgerRow]) -> tuple[SourceShare, ...]:
    found = Counter(row.source for row in counted)
    return tuple(SourceShare(source=source, contracts=_of_contracts(found[source], counted)) for source in Source)


def _over_time(counted: Sequence[LedgerRow], opened_at: Instant | None) -> OverTime:
    certified = [(row.certified_at, row.value.minor) for row in counted if row.certified_at is not None]
    first = min((at for at, _ in certified), default=None)
    counts: Counter[int] = Counter()
    values: Counter[int] = Counter()
    for at, minor in certified:
        passed = _seconds(opened_at, at)
        if passed is not None and passed >= 0:
            slot = passed // 60 // SLOT_MINUTES * SLOT_MINUTES
            counts[slot] += 1
            values[slot] += minor
    return OverTime(
        opened_at=opened_at,
        first_certified_at=first,
        seconds_to_first=None if first is None else _seconds(opened_at, first),
        slots=tuple(
            Slot(from_minute=slot, contracts=counts[slot], value_minor=values[slot]) for slot in sorted(counts)
        ),
        outside=len(counted) - counts.total(),
    )


def _seconds(opened_at: Instant | None, at: Instant) -> int | None:
    return None if opened_at is None else int((moment(at) - moment(opened_at)).total_seconds() // 1)


def _tables(counted: Sequence[LedgerRow], told: Happened) -> AtTheTables:
    tables = told.tables.values()
    agreed = [table for table in tables if table.agreed]
    over = Counter((table.ending, table.reason) for table in tables if table.ending is not None)
    still_open = len(tables) - len(agreed) - over.total()
    came_of_one = sum(1 for row in counted if row.negotiation is not None)

    def of_recorded(count: int) -> Share:
        return Share(count=count, of=len(tables), denominator=Denominator.NEGOTIATIONS)

    ways: list[tuple[Ending, RejectionReason | None]] = [(Ending.REJECTED, reason) for reason in RejectionReason]
    ways += [(ending, None) for ending in Ending if ending is not Ending.REJECTED]
    return AtTheTables(
        recorded=len(tables),
        still_open=of_recorded(still_open),
        agreed=of_recorded(len(agreed)),
        per_contract=Share(count=len(tables), of=came_of_one, denominator=Denominator.CONTRACTS_FROM_NEGOTIATIONS),
        rounds_per_agreed=Share(
            count=sum(table.rounds for table in agreed), of=len(agreed), denominator=Denominator.AGREED_NEGOTIATIONS
        ),
        ended=tuple(
            EndedFor(
                ending=ending,
                reason=reason,
                negotiations=Share(
                    count=over[ending, reason], of=over.total(), denominator=Denominator.ENDED_NEGOTIATIONS
                ),
            )
            for ending, reason in ways
        ),
        brokers_called=of_recorded(sum(1 for table in tables if table.called)),
        brokers_joined=of_recorded(sum(1 for table in tables if table.broker)),
    )
