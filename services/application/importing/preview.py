"""What a file comes to, before anything of it is recorded."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from msgspec import Struct

from domain.access.roles import MAY
from domain.frozen import dataclass
from domain.organisation.commands import RegisterOrganisation
from domain.organisation.likeness import Face, Likeness, likely_pairs
from infra.vault.fingerprints import ImportIds
from services.application.asking import Caller
from services.application.importing.asked import Import
from services.application.importing.bad import Bad
from services.application.importing.columns import Kind
from services.application.importing.encoding import Encoding
from services.application.importing.judging import Judge, Planned
from services.application.importing.known import Known, known
from services.application.importing.rows import OrganisationRow, Told
from services.application.importing.trouble import EditionMissing
from services.application.queries import Queries
from services.application.questions.duplicates import DoubleView
from services.application.trouble import RoleNotAllowed


class ImportRowView(Struct, kw_only=True, frozen=True):
    """A row as it was understood; `there_already` says that nothing is left to record, `id` what it is about."""

    row: int
    there_already: bool
    id: str
    values: dict[str, str | int | bool | None]


class LikeRowView(Struct, kw_only=True, frozen=True):
    """A new organisation of the file that may be one with an `organisation` that is known, or with another row."""

    row: int
    organisation: DoubleView | None
    other_row: int | None
    reasons: list[Likeness]


class PreviewView(Struct, kw_only=True, frozen=True):
    """What a file comes to. Nothing is recorded; with `digest` it can be confirmed, unless a row is bad.

    `encoding` is how a CSV file's bytes were read as text: look at umlauts if it isn't how the file was saved.
    """

    kind: Kind
    marketplace: str | None
    digest: str
    encoding: Encoding | None
    new: int
    there_already: int
    bad: list[Bad]
    rows: list[ImportRowView]
    duplicates: list[LikeRowView]


@dataclass(frozen=True, slots=True)
class Judged:
    """The rows of a file, judged on what the host knows."""

    ids: ImportIds
    known: Known
    told: Mapping[int, Told]
    planned: Sequence[Planned]
    bad: Sequence[Bad]


async def judged(queries: Queries, caller: Caller, asked: Import) -> Judged:
    """A file's rows, judged.

    Raises `RoleNotAllowed` but for the desks, `NotThere` for an edition that isn't, `EditionMissing` where one is due.
    """
    if caller.role not in MAY[RegisterOrganisation]:
        raise RoleNotAllowed
    if asked.kind is Kind.LISTINGS and asked.marketplace is None:
        raise EditionMissing
    told, troubles = await asyncio.to_thread(asked.read)
    await queries.caught_up(caller.tenant)
    async with queries.at(caller.tenant, None) as (snapshot, _):
        here = await known(snapshot, queries.vault, asked.marketplace, persons=asked.kind is Kind.CONTACTS)
    ids = await ImportIds.of(queries.vault, caller.tenant)
    judge = Judge(asked, ids, here)
    verdicts = [judge.judge(one) for one in told]
    bad = [*troubles, *(verdict for verdict in verdicts if isinstance(verdict, Bad))]
    return Judged(
        ids=ids,
        known=here,
        told={one.row: one for one in told},
        planned=[verdict for verdict in verdicts if isinstance(verdict, Planned)],
        bad=sorted(bad, key=lambda one: one.row or 0),
    )


async def preview(queries: Queries, caller: Caller, asked: Import) -> PreviewView:
    """What the file comes to, and which of its organisations may be known under another spelling."""
    found = await judged(queries, caller, asked)
    new = [planned for planned in found.planned if planned.steps]
    return PreviewView(
        kind=asked.kind,
        marketplace=asked.marketplace,
        digest=asked.digest,
        encoding=await asyncio.to_thread(asked.encoding),
        new=len(new),
        there_already=len(found.planned) - len(new),
        bad=list(found.bad),
        rows=[_row(planned, found.told[planned.row]) for planned in found.planned],
        duplicates=await asyncio.to_thread(_duplicates, found),
    )


_PLACES = frozenset({"row", "column", "area_column"})


def _row(planned: Planned, told: Told) -> ImportRowView:
    values = {name: value for name, value in asdict(told).items() if name not in _PLACES}
    return ImportRowView(row=planned.row, there_already=not planned.steps, id=planned.thing, values=values)


def _duplicates(found: Judged) -> list[LikeRowView]:
    """Likely pairs with at least one new organisation of the file in it."""
    standing, rows = found.known.standing, _new_organisations(found)
    faces = [Face(id=id_, name=told.name, rehearsal=found.known.rehearsal) for id_, told in rows.items()]
    alike: list[LikeRowView] = []
    for pair in likely_pairs([*standing.faces(), *faces]):
        one, other = rows.get(pair.one), rows.get(pair.other)
        if other is not None:  # those of the file come after those that are known
            alike.append(
                LikeRowView(
                    row=other.row,
                    organisation=None if one else standing.shown(pair.one),
                    other_row=one.row if one else None,
                    reasons=list(pair.reasons),
                )
            )
    return alike


def _new_organisations(found: Judged) -> dict[str, OrganisationRow]:
    new: dict[str, OrganisationRow] = {}
    for planned in found.planned:
        told = found.told[planned.row]
        if isinstance(told, OrganisationRow) and planned.thing not in found.known.standing.entries:
            new[planned.thing] = told
    return new
