"""Why a board's count or value changed: each step of a contract's row that moved them, and by how much."""

from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import ContractId
from domain.ledger.row import LedgerRow, LedgerState


class ChangeKind(StrEnum):
    """What moved the figures: a contract came to count, ceased to, or is worth something else than before."""

    CAME = "came"
    CEASED = "ceased"
    REVALUED = "revalued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A contract moved the figures at `position`, where it came into `state`.

    `contracts` is +1, -1 or 0, `value_minor` the cents by which the value moved, `unvalued` the counted pledges
    without an estimate that came or went. Over any stretch of the log they add up to the difference of its tallies.
    """

    position: int
    contract: ContractId
    number: int | None
    kind: ChangeKind
    state: LedgerState
    contracts: int
    value_minor: int
    unvalued: int


def change(before: LedgerRow | None, after: LedgerRow) -> Change | None:
    """What a step of a row changed on the board; None when nothing."""
    was, now = _counted(before), _counted(after)
    if was == now:
        return None
    contracts, value, unvalued = (new - old for new, old in zip(now, was, strict=True))
    return Change(
        position=after.position,
        contract=after.id,
        number=after.number,
        kind={1: ChangeKind.CAME, -1: ChangeKind.CEASED, 0: ChangeKind.REVALUED}[contracts],
        state=after.state,
        contracts=contracts,
        value_minor=value,
        unvalued=unvalued,
    )


def _counted(row: LedgerRow | None) -> tuple[int, int, int]:
    """What a row adds to the board: itself, its value, its counted pledges without an estimate."""
    return (1, row.value.minor, row.value.unvalued) if row is not None and row.counts else _NOTHING


_NOTHING = (0, 0, 0)
