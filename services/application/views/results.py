"""What was reached: an edition's figures, what was announced, a season over all hosts."""

from datetime import date

from msgspec import UNSET, Struct, UnsetType

from domain.marketplace.plan import Counted
from domain.marketplace.rules import CoHost
from domain.results.figures import Figures, Qualifier
from domain.results.statement import StatementReason
from services.application.views.directory import MarketplaceView
from services.application.views.moment import MomentView


class TallyView(Struct, kw_only=True, frozen=True):
    """What the board shows, from certified contracts alone; `value_minor` in cents of EUR.

    `revoked`, `annulled` and `repudiated` say why a count fell.
    """

    contracts: int
    value_minor: int
    currency: str
    counted: Counted
    unvalued: int
    one_sided: int
    from_paper: int
    revoked: int
    annulled: int
    repudiated: int
    forms: int
    at_notary: int
    first_certified_at: str | None
    last_certified_at: str | None
    position: int


class StatementView(Struct, kw_only=True, frozen=True):
    """What the host announced: figures with qualifiers. `earlier` are the words it corrected, oldest first.

    `reason` is why it did so last; `drawn_from` the position as of which the ledger gave the figures, if it did.
    """

    id: str
    marketplace: str
    figures: Figures
    source: str
    notes: list[str]
    announced_at: str
    position: int
    earlier: list[Figures]
    reason: StatementReason | None
    drawn_from: int | None


class ResultsView(Struct, kw_only=True, frozen=True):
    """An edition's results: the ledger's figures, and what was announced; `moment` where they were asked as of one."""

    marketplace: MarketplaceView
    ledger: TallyView
    statements: list[StatementView]
    moment: MomentView | UnsetType = UNSET


class SumView(Struct, kw_only=True, frozen=True):
    """A sum over hosts: who is missing, whether unlike nouns were added, whose figure was only initiated."""

    value: int | None
    qualifier: Qualifier
    unit: str | None
    missing: list[str]
    mixed_nouns: bool
    includes_initiated: list[str]


class SeasonHostView(Struct, kw_only=True, frozen=True):
    """One host's announced edition in a season; `figures` is None where it announced nothing.

    An edition with co-hosts stands here once, at its host.
    """

    tenant: str
    city: str
    region: str | None
    marketplace: str
    title: str
    date: date | None
    venue: str | None
    noun: str
    figures: Figures | None
    source: str | None
    notes: list[str]
    co_hosts: list[CoHost] = []


class SeasonView(Struct, kw_only=True, frozen=True):
    """A season over all hosts of this service, from announced results only; rehearsals never count."""

    season: int
    agreements: SumView
    value: SumView
    hosts: list[SeasonHostView]
