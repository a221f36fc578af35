"""A statement with its provenance: every word that a host said, and the contracts that a figure was drawn from."""

from msgspec import UNSET, Struct, UnsetType

from domain.identity import MarketplaceId, StatementId, TenantId
from domain.instant import instant
from domain.ledger.row import COUNTS, LedgerRow
from domain.refusal import NotThere
from domain.results.figures import Figures
from domain.results.statement import StatementReason
from infra.projections.reader import Said, Snapshot
from services.application.queries import AsOf, Queries
from services.application.reading import shapes
from services.application.reading.checks import edition_of, must_be_told
from services.application.reading.moments import stands_under
from services.application.reading.paging import drafted, page
from services.application.reading.trouble import NotDrawnFromLedger
from services.application.views import LedgerRowView, MomentView, Page, TallyView


class WordView(Struct, kw_only=True, frozen=True):
    """What a host said at one moment. `position` is the record in which it did, `reason` why it corrected itself.

    `drawn_from` is the position as of which the ledger gave the figures, and `ledger` what the board showed as of
    there; both are None when the figures come from elsewhere.
    """

    figures: Figures
    source: str
    notes: list[str]
    reason: StatementReason | None
    said_at: str
    position: int
    stands: bool
    drawn_from: int | None
    ledger: TallyView | None


class StatementHistoryView(Struct, kw_only=True, frozen=True):
    """A statement: all its words, oldest first; the last one stands. `moment` where it was asked for as of one."""

    id: str
    marketplace: str
    words: list[WordView]
    moment: MomentView | UnsetType = UNSET


async def statement(
    queries: Queries, tenant: TenantId, id_: StatementId, *, as_of: AsOf = None
) -> StatementHistoryView:
    """Everything said in a statement up to `as_of`."""
    async with queries.at(tenant, as_of) as (snapshot, at):
        said = await _words(snapshot, id_, at)
        marketplace = said[0].statement.marketplace
        plan = (await edition_of(snapshot, marketplace)).state.plan
        words = []
        for word in said:
            drawn_from = word.statement.drawn_from
            board = None if drawn_from is None else await snapshot.tally(marketplace, drawn_from)
            words.append(_word(word, None if board is None else shapes.tally_view(board, plan)))
        moment = await stands_under(queries.log, tenant, at)
        return StatementHistoryView(id=id_, marketplace=marketplace, words=words, moment=moment)


async def contracts_behind(
    queries: Queries, tenant: TenantId, id_: StatementId, *, as_of: AsOf = None, limit: int, cursor: str | None
) -> Page[LedgerRowView]:
    """The contracts that counted in the state of the ledger from which the words that stand (at `as_of`) were drawn.

    Each is told as it stood then (`moment`); its `lineage` names the records that had made it. A cursor goes on in
    the same state, and is refused once other words stand.
    """
    async with queries.at(tenant, as_of) as (snapshot, at):
        word = (await _words(snapshot, id_, at))[-1].statement
        drawn_from = word.drawn_from
        if drawn_from is None:
            raise NotDrawnFromLedger

        async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[LedgerRow]:
            return await snapshot.ledger(
                limit=most, at=drawn_from, marketplace=word.marketplace, states=COUNTS, after=begin
            )

        rows, following = await page(snapshot, f"drawn-from-{drawn_from}", cursor, limit, fetch, drafted)
        return Page(
            items=await queries.rows(snapshot, rows, public=False),
            next=following,
            moment=await stands_under(queries.log, tenant, drawn_from),
        )


async def _words(snapshot: Snapshot, id_: StatementId, at: int | None) -> list[Said]:
    await must_be_told(snapshot, id_)
    entry = (await snapshot.entries([id_])).get(id_)
    marketplace: MarketplaceId | None = None if entry is None else entry.marketplace
    if entry is None or marketplace is None:
        raise NotThere
    said = [word for word in await snapshot.statements(marketplace, at) if word.id == id_]
    if not said:
        raise NotThere
    return said


def _word(word: Said, ledger: TallyView | None) -> WordView:
    said = word.statement
    return WordView(
        figures=said.figures,
        source=said.source,
        notes=list(said.notes),
        reason=said.reason,
        said_at=instant(word.said_at),
        position=word.valid_from,
        stands=word.stands,
        drawn_from=said.drawn_from,
        ledger=ledger,
    )
