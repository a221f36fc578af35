"""A previewed file is carried out: row by row, each as the request that a person at the desk would have sent.

Every request has an idempotency key of the file's digest and the row's number, and makes things whose ids come from
them too. So a confirmation that broke off can be repeated: what was recorded is found, and nothing is done twice.
"""

from collections.abc import Sequence
from hashlib import sha256

from msgspec import Struct

from domain.listing.refusals import AlreadyPublished
from domain.organisation.refusals import AlreadyRegistered, AlreadyRepresentative, MandateGivenAlready
from domain.participation.refusals import AlreadyRequested
from domain.refusal import Refusal
from infra.vault.fingerprints import ImportIds
from services.application.asking import ANY_VERSION, Caller, Receipt, Wish
from services.application.commands import Application
from services.application.importing.asked import Import
from services.application.importing.judging import Planned, Step
from services.application.importing.preview import judged
from services.application.importing.trouble import PreviewFirst, RowsUnusable
from services.application.queries import Queries
from services.application.trouble import KeyInFlight, RoleNotAllowed, TooBusy

_THERE = (AlreadyRegistered, AlreadyRequested, AlreadyRepresentative, MandateGivenAlready, AlreadyPublished)
_NOT_THE_ROW = (RoleNotAllowed, KeyInFlight, TooBusy)


class ConfirmedRowView(Struct, kw_only=True, frozen=True):
    """What became of a row: `outcome` is one of recorded, there_already, refused; then `code` and `detail` say why."""

    row: int
    outcome: str
    id: str
    code: str | None = None
    detail: str | None = None


class ConfirmedView(Struct, kw_only=True, frozen=True):
    """What became of a file. Views that tell of `position` show what is there of it; None when nothing is."""

    digest: str
    recorded: int
    there_already: int
    refused: int
    position: int | None
    rows: list[ConfirmedRowView]


async def confirm(
    application: Application, queries: Queries, caller: Caller, asked: Import, digest: str, correlation: str | None
) -> ConfirmedView:
    """Carry out a file that was previewed; raises `PreviewFirst` for another, `RowsUnusable` when a row is bad.

    A row that a rule forbids by now (somebody was faster) is told as refused, and the others go on. When the log is
    out of reach the rest is left undone: ask again.
    """
    if asked.digest != digest:
        raise PreviewFirst
    found = await judged(queries, caller, asked)
    if found.bad:
        raise RowsUnusable
    doing = _Doing(application, caller, asked, found.ids, correlation)
    rows = [await doing.row(planned) for planned in found.planned]
    outcomes = [row.outcome for row in rows]
    return ConfirmedView(
        digest=digest,
        recorded=outcomes.count("recorded"),
        there_already=outcomes.count("there_already"),
        refused=outcomes.count("refused"),
        position=await doing.readable(outcomes),
        rows=rows,
    )


class _Doing:
    """One confirmation under way."""

    def __init__(
        self, application: Application, caller: Caller, asked: Import, ids: ImportIds, correlation: str | None
    ) -> None:
        self._application = application
        self._caller = caller
        self._asked = asked
        self._ids = ids
        self._correlation = correlation
        self.position: int | None = None

    async def row(self, planned: Planned) -> ConfirmedRowView:
        outcome = "there_already"
        for step in planned.steps:
            try:
                receipt = await self._ask(planned.row, step)
            except _THERE:
                continue
            except _NOT_THE_ROW:
                raise
            except Refusal as no:
                return ConfirmedRowView(
                    row=planned.row, outcome="refused", id=planned.thing, code=no.type_name(), detail=no.sentence
                )
            self.position = max(self.position or 0, receipt.position)
            if not receipt.replayed:
                outcome = "recorded"
        return ConfirmedRowView(row=planned.row, outcome=outcome, id=planned.thing)

    async def readable(self, outcomes: Sequence[str]) -> int | None:
        """A position by which all that is there can be read: the last record left, or where the log ends by now.

        Which record made what was there already isn't known: perhaps another file's, or somebody's at the desk.
        """
        if "there_already" in outcomes:
            return (await self._application.log.head(self._caller.tenant)).size
        return self.position

    async def _ask(self, row: int, step: Step) -> Receipt:
        what = (self._asked.digest, str(row), type(step.command).__name__, step.target, self._caller.member)
        key = f"import-{self._ids.word_for(*what)}"
        wish = Wish(
            caller=self._caller,
            key=key,
            fingerprint=sha256(key.encode()).digest(),
            if_match=ANY_VERSION,
            correlation=self._correlation,
        )
        return await self._application.carry_out(wish, step.target, step.command, creates=step.creates)
