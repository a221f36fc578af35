"""A long history in minutes: what one rehearsal left in its log, told again and again at a host of its own.

A copy has ids of its own throughout, so that to every reader it is another edition with other people. Texts are the
template's; the names that it committed to aren't in the vault, and are shown as erased.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from domain.envelope import Envelope
from domain.identity import (
    MarketplaceId,
    NegotiationId,
    OrganisationId,
    PersonId,
    StreamId,
    TenantId,
    contract_of,
    participation_of,
    person_stream,
    register_of,
)
from domain.names import CLASSES
from infra.clock import present
from infra.event_log.mapper import read_entry
from infra.event_log.outcomes import Append, Appended
from infra.event_log.store import EventLog
from services.cli.bench.site import Tell
from services.cli.bench.writers import Unexpected

_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PAGE = 1_000

_Number = Callable[[str], str]
"""Gives an id another number."""

_Derived = Callable[[_Number], str]
"""Makes a derived id anew, from those that it is derived from."""


class Template:
    """A history to be told again: its entries in their order, and which of its ids follow from others."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self._entries = entries
        ids = {found.decode() for raw in entries for found in _ID.findall(raw)}
        derived = dict(self._derivations(ids))
        self._derived: dict[str, _Derived] = {id_: derived[id_] for id_ in ids & derived.keys()}
        self._free = ids - self._derived.keys()

    def _derivations(self, ids: set[str]) -> Iterator[tuple[str, _Derived]]:
        """Whatever could follow from the ids (`domain.identity`), and how."""
        for id_ in ids:
            for derive in (_contract, _register, _person):
                yield derive(id_), partial(_again, derive, (id_,))
        opened = [read_entry(raw, CLASSES) for raw in self._entries]
        organisations = [entry.stream for entry in opened if entry.type == "organisation.registered.v1"]
        for edition in (entry.stream for entry in opened if entry.type == "marketplace.planned.v1"):
            for one in organisations:
                yield _participation(edition, one), partial(_again, _participation, (edition, one))

    def copy(self, tenant: TenantId, number: int) -> list[Envelope]:
        """The same story with other ids, now, at this host; `number` is another one for each copy."""
        names = {id_: _numbered(id_, number) for id_ in self._free}
        names |= {id_: derive(names.__getitem__) for id_, derive in self._derived.items()}
        written = {old.encode(): new.encode() for old, new in names.items()}
        copies = (read_entry(_ID.sub(lambda found: written[found[0]], raw), CLASSES) for raw in self._entries)
        return [replace(copy, origin=f"handschlag/{tenant}", time=present()) for copy in copies]


def _numbered(id_: str, number: int) -> str:
    head, _, tail = id_.rpartition("-")
    return f"{head}-{int(tail, 16) ^ number:012x}"


def _again(derive: Callable[..., str], sources: Sequence[str], number: _Number) -> str:
    return derive(*map(number, sources))


def _contract(id_: str) -> str:
    return contract_of(NegotiationId(StreamId(id_)))


def _register(id_: str) -> str:
    return register_of(MarketplaceId(StreamId(id_)))


def _person(id_: str) -> str:
    return person_stream(PersonId(id_))


def _participation(edition: str, organisation: str) -> str:
    return participation_of(MarketplaceId(StreamId(edition)), OrganisationId(StreamId(organisation)))


async def read_template(log: EventLog, tenant: TenantId) -> Template:
    """A host's whole log as a template."""
    entries: list[bytes] = []
    while page := await log.page(tenant, len(entries), _PAGE):
        entries += [recorded.bytes for recorded in page]
    return Template(entries)


async def copy_until(log: EventLog, tenant: TenantId, template: Template, records: int, tell: Tell) -> int:
    """Append copies until the log holds at least so many records; how many it holds."""
    size, copies = (await log.head(tenant)).size, 0
    while size < records:
        copies += 1
        outcome = await log.append(_as_one(tenant, template.copy(tenant, copies)))
        if not isinstance(outcome, Appended):
            raise Unexpected(f"{Unexpected.__doc__} {outcome}")
        size = outcome.last
        tell(f"{tenant}: {size:,} of {records:,} records")
    return size


def _as_one(tenant: TenantId, entries: Sequence[Envelope]) -> Append:
    """All of it in one append, as an import comes."""
    expected: dict[StreamId, int] = {}
    for entry in entries:
        expected.setdefault(entry.stream, entry.version - 1)
    return Append(tenant=tenant, expected=expected, guards={}, entries=entries)
