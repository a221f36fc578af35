"""Why a board changed: contracts come, cease to count, and are worth something else; it all adds up."""

from hypothesis import given
from hypothesis import strategies as st

from domain.identity import ContractId, StreamId
from domain.ledger.row import COUNTS, LedgerRow, LedgerState, LedgerValue, Source
from domain.marketplace.plan import Counted
from domain.results.changes import ChangeKind, change
from domain.results.tally import Tally, evolve
from tests.domain.people import ruhrdax


def row(of: int, position: int, state: LedgerState, minor: int = 100, unvalued: int = 0) -> LedgerRow:
    """A contract's row."""
    return LedgerRow(
        id=ContractId(StreamId(f"00000000-0000-4000-8000-{of:012}")),
        marketplace=ruhrdax,
        number=of,
        form_number=None,
        state=state,
        source=Source.FORM,
        negotiation=None,
        parties=(),
        pledges=(),
        values=(),
        value=LedgerValue(minor=minor, currency="EUR", counted=Counted.COMPANIES, unvalued=unvalued),
        one_sided=False,
        terms_hash="",
        first_contact_by=None,
        first_contact_days=None,
        broker=None,
        notary=None,
        returns=0,
        drafted_at="2006-09-18T16:00:00.000000Z",  # type: ignore[arg-type]  # an instant as it is stored
        certified_at=None,
        rehearsal=False,
        position=position,
        lineage=(position,),
    )


def test_a_contract_comes_is_worth_more_and_is_annulled() -> None:
    """Each step says by how much; what moves nothing is no change."""
    waiting = row(1, 1, LedgerState.AT_NOTARY)
    certified = row(1, 2, LedgerState.CERTIFIED)
    valued = row(1, 3, LedgerState.CERTIFIED, 250)
    running = row(1, 4, LedgerState.RUNNING, 250)
    annulled = row(1, 5, LedgerState.ANNULLED, 250)
    assert change(None, waiting) is None
    came, worth, gone = change(waiting, certified), change(certified, valued), change(running, annulled)
    assert came is not None
    assert (came.kind, came.position, came.contracts, came.value_minor) == (ChangeKind.CAME, 2, 1, 100)
    assert worth is not None
    assert (worth.kind, worth.contracts, worth.value_minor) == (ChangeKind.REVALUED, 0, 150)
    assert change(valued, running) is None
    assert gone is not None
    assert (gone.kind, gone.state, gone.contracts, gone.value_minor) == (
        ChangeKind.CEASED,
        LedgerState.ANNULLED,
        -1,
        -250,
    )


def test_a_pledge_that_gets_its_first_estimate_is_a_change() -> None:
    """Even when it is estimated at nothing: it isn't unknown any more."""
    one, other = row(1, 2, LedgerState.CERTIFIED, unvalued=1), row(1, 3, LedgerState.CERTIFIED)
    told = change(one, other)
    assert told is not None
    assert (told.kind, told.value_minor, told.unvalued) == (ChangeKind.REVALUED, 0, -1)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(LedgerState), st.integers(0, 500), st.integers(0, 2))),
    st.integers(0, 30),
)
def test_changes_add_up_to_the_difference_of_the_tallies(
    steps: list[tuple[int, LedgerState, int, int]], since: int
) -> None:
    """Whatever happens to rows, from any position on: count, value and unvalued pledges."""
    rows: dict[int, LedgerRow] = {}
    tally = then = Tally(marketplace=ruhrdax)
    changes = []
    for position, (of, state, minor, unvalued) in enumerate(steps, 1):
        before = rows.get(of)
        after = rows[of] = row(of, position, state, minor, unvalued)
        tally = evolve(tally, before, after)
        if position <= since:
            then = tally
        elif (told := change(before, after)) is not None:
            changes.append(told)
    assert then.contracts + sum(one.contracts for one in changes) == tally.contracts
    assert then.value_minor + sum(one.value_minor for one in changes) == tally.value_minor
    assert then.unvalued + sum(one.unvalued for one in changes) == tally.unvalued
    assert tally.contracts == sum(one.state in COUNTS for one in rows.values())
