"""How far an edition's contracts have come: a partition with its denominator, and the rate that follows from it."""

from collections.abc import Iterable

from domain.contract.fulfilment import NonFulfilmentReason
from domain.frozen import dataclass
from domain.ledger.row import LedgerRow, LedgerState


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Contracts that count, each in one part: `contracts` is the sum of all parts and the denominator of every rate.

    `never_in_contact` are those of which nothing came because the parties never met; `not_feasible` those of which
    nothing came for other reasons; `not_asked` those of which nothing is known yet.
    """

    contracts: int = 0
    done: int = 0
    partly_done: int = 0
    running: int = 0
    never_in_contact: int = 0
    not_feasible: int = 0
    disputed: int = 0
    not_asked: int = 0

    @property
    def done_per_mille(self) -> int | None:
        """Of a thousand contracts so many are done, rounded half up; None where there is none."""
        return None if not self.contracts else (self.done * 2000 + self.contracts) // (2 * self.contracts)


_PARTS = {
    LedgerState.CERTIFIED: "not_asked",
    LedgerState.RUNNING: "running",
    LedgerState.FULFILLED: "done",
    LedgerState.PARTLY_FULFILLED: "partly_done",
    LedgerState.DISPUTED: "disputed",
}


def part_of(row: LedgerRow) -> str:
    """The one part of the partition to which a contract that counts belongs."""
    if row.state is LedgerState.NOT_FULFILLED:
        reasons = {known.reason for known in row.progress}
        return "never_in_contact" if reasons == {NonFulfilmentReason.NEVER_IN_CONTACT} else "not_feasible"
    return _PARTS[row.state]


def partition(rows: Iterable[LedgerRow]) -> FollowUp:
    """The partition of those `rows` that count."""
    counted = dict.fromkeys(FollowUp.__dataclass_fields__, 0)
    for row in rows:
        if row.counts:
            counted["contracts"] += 1
            counted[part_of(row)] += 1
    return FollowUp(**counted)
