"""Forms that the parties have in hand: written or returned, and not with the notary. The gong makes them too late."""

from domain.frozen import dataclass
from domain.identity import MarketplaceId
from domain.ledger.row import LedgerState
from services.application.views import LedgerRowView
from services.web import showing
from services.web.desk.visit import Visit

IN_HAND = (LedgerState.DRAFTED, LedgerState.SIGNED, LedgerState.RETURNED)
"""The states in which the parties have the form in hand."""

LISTED = 50
"""Forms that a list names."""


@dataclass(frozen=True, slots=True)
class InHand:
    """The first of them, as they were written; `more` says that there are others."""

    rows: list[showing.Row]
    more: bool

    @property
    def returned(self) -> list[LedgerRowView]:
        """Those that the notary gave back."""
        return [shown.row for shown in self.rows if shown.row.state is LedgerState.RETURNED]


async def in_hand(visit: Visit, home: MarketplaceId, zone: str) -> InHand:
    """The edition's forms that aren't with the notary."""
    page = await visit.desk.queries.ledger(visit.tenant, home, state=IN_HAND, limit=LISTED)
    return InHand([showing.row(row, visit.asking.speech, zone) for row in page.items], page.next is not None)
