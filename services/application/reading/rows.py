"""Ledger rows as readers get them: terms, values, signatures and what became of each pledge, with names joined."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Raw, json, structs

from domain.identity import OrganisationId, StreamId
from domain.ledger.row import Call, LedgerParty, LedgerRow
from domain.marketplace.state import Marketplace
from domain.negotiation.money_words import looks_like_money
from domain.negotiation.terms import Pledge
from infra.projections import docs
from infra.projections.reader import Snapshot
from infra.vault.vault import Vault
from services.application.reading import visibility
from services.application.reading.names import Names, label_in
from services.application.reading.same import Same
from services.application.views import AmendmentView, CallView, LedgerRowView, PartyView, PledgeView, ValueView

_GAP = b"\0"
"""Where a name goes; in JSON it would be written with an escape, so that no text has it in it."""

_money_like = lru_cache(4_096)(looks_like_money)
"""A title is looked through once, not again on every page that shows it."""


async def views_of(snapshot: Snapshot, vault: Vault, rows: Sequence[LedgerRow], *, public: bool) -> list[LedgerRowView]:
    """Rows as a reader may see them; `public` is one without a key."""
    open_rows = [row for row in rows if row.rehearsal or not public]
    names = await _names_in(snapshot, vault, rows, persons_of=open_rows)
    if public:
        return [row_view(row, names, visibility.named_in_public(row), persons=row.rehearsal) for row in rows]
    parties = {party.organisation for row in rows for party in row.parties}
    return [row_view(row, names, parties, persons=True) for row in rows]


async def texts_of(snapshot: Snapshot, vault: Vault, rows: Sequence[LedgerRow]) -> list[Raw]:
    """The JSON of the rows' views, for a reader with a key."""
    names = await _names_in(snapshot, vault, rows, persons_of=rows)
    return [row_text(row, names) for row in rows]


async def _names_in(
    snapshot: Snapshot, vault: Vault, rows: Sequence[LedgerRow], *, persons_of: Sequence[LedgerRow]
) -> Names:
    """Names of the rows' parties and editions, and of broker and notary of some of them."""
    names = Names(snapshot, vault)
    parties = {party.organisation for row in rows for party in row.parties}
    persons = {person for row in persons_of for person in (row.broker, row.notary) if person is not None}
    await names.ask({*parties, *(row.marketplace for row in rows)}, persons)
    return names


def row_view(row: LedgerRow, names: Names, shown: Collection[OrganisationId], *, persons: bool) -> LedgerRowView:
    """A ledger row; `shown` are the parties that may be named, `persons` says whether persons and calls may."""
    nameless = _nameless(*_held(row, names))
    view = structs.replace(
        nameless,
        parties=[_named(party, names, shown) for party in nameless.parties],
        broker_name=names.person(row.broker),
        notary_name=names.person(row.notary),
        erased=_erased(row, names),
    )
    return view if persons else _without_persons(view)


def row_text(row: LedgerRow, names: Names) -> Raw:
    """The JSON of a row's view for a reader who may see every name and person.

    A row is spelt once for as long as it is held, and cut where names go; these are put in between at each reading.
    """
    told: list[Any] = []
    for party in row.parties:
        told += names.organisation(party.organisation), party.organisation in names.erased
    told += names.person(row.broker), names.person(row.notary), _erased(row, names)
    pieces = _pieces(*_held(row, names))
    text = [b""] * (len(pieces) + len(told))
    text[::2], text[1::2] = pieces, [json.encode(one) for one in told]
    return Raw(b"".join(text))


def _held(row: LedgerRow, names: Names) -> tuple[Same[LedgerRow], Same[Marketplace | None]]:
    """What a view is made of beside names."""
    return Same(row), Same(names.editions.get(row.marketplace))


@lru_cache(docs.HELD)
def _pieces(row: Same[LedgerRow], edition: Same[Marketplace | None]) -> list[bytes]:
    """The JSON of a row's view, cut where names go, in the order of `row_text`."""
    view = _nameless(row, edition)
    gap: Any = Raw(_GAP)
    parties = [structs.replace(party, name=gap, erased=gap) for party in view.parties]
    text = json.encode(structs.replace(view, parties=parties, broker_name=gap, notary_name=gap, erased=gap))
    return text.split(_GAP)


@lru_cache(docs.HELD)
def _nameless(held: Same[LedgerRow], edition: Same[Marketplace | None]) -> LedgerRowView:
    """A row's view before anybody in it is named, made once for as long as the same row and edition are held."""
    row = held.held
    return LedgerRowView(
        id=row.id,
        marketplace=row.marketplace,
        number=row.number,
        form_number=row.form_number,
        state=row.state,
        source=row.source,
        negotiation=row.negotiation,
        parties=[_party(party) for party in row.parties],
        pledges=[_pledge(place, row, edition.held) for place in range(len(row.pledges))],
        value=ValueView(
            minor=row.value.minor, currency=row.value.currency, counted=row.value.counted, unvalued=row.value.unvalued
        ),
        one_sided=row.one_sided,
        terms_hash=row.terms_hash,
        broker=row.broker,
        notary=row.notary,
        returns=row.returns,
        drafted_at=row.drafted_at,
        certified_at=row.certified_at,
        rehearsal=row.rehearsal,
        position=row.position,
        lineage=list(row.lineage),
        occurred_at=row.occurred_at,
        submitted_at=row.submitted_at,
        return_reasons=list(row.return_reasons),
        checked=list(row.checked),
        first_contact_by=row.first_contact_by,
        first_contact_days=row.first_contact_days,
        first_contact_made=row.first_contact_made,
        disputed=row.disputed,
        amendment=_amendment(row, edition.held),
        amendments=row.amendments,
        corrections=row.corrections,
        calls=[_call(call) for call in row.calls],
        ended_reason=row.ended_reason,
        ended_at=row.ended_at,
    )


def _party(party: LedgerParty) -> PartyView:
    return PartyView(
        participation=party.participation,
        organisation=party.organisation,
        name=None,
        side=party.side,
        signed=party.signed,
        publicity=party.publicity,
        manner=party.manner,
        person=party.person,
        witness=party.witness,
        repudiated=party.repudiated,
    )


def _named(party: PartyView, names: Names, shown: Collection[OrganisationId]) -> PartyView:
    organisation = OrganisationId(StreamId(party.organisation))
    if organisation not in shown:
        return party
    return structs.replace(party, name=names.organisation(organisation), erased=organisation in names.erased)


def _erased(row: LedgerRow, names: Names) -> list[str]:
    return names.erased_among(one for one in (row.broker, row.notary) if one is not None)


def _without_persons(view: LedgerRowView) -> LedgerRowView:
    """What those are told who may see neither persons nor calls, nor terms that nobody has certified."""
    return structs.replace(
        view,
        amendment=None,
        parties=[structs.replace(party, person=None, witness=None) for party in view.parties],
        broker=None,
        broker_name=None,
        notary=None,
        notary_name=None,
        calls=[],
        erased=[],
    )


def _amendment(row: LedgerRow, edition: Marketplace | None) -> AmendmentView | None:
    proposed = row.amendment
    if proposed is None:
        return None
    return AmendmentView(
        by=proposed.by,
        terms_hash=proposed.terms_hash,
        pledges=[
            pledge_view(place, pledge, label_in(edition, pledge.area)) for place, pledge in enumerate(proposed.pledges)
        ],
        signed=list(proposed.signed),
    )


def _call(call: Call) -> CallView:
    return CallView(party=call.party, at=call.at, outcome=call.outcome, reminder=call.reminder)


def _pledge(place: int, row: LedgerRow, edition: Marketplace | None) -> PledgeView:
    """A pledge of a form: the label that was signed, the value that stands, and what became of it."""
    pledge = row.pledges[place]
    signed = {area.id: area.label for area in row.labels}
    planned = pledge.area if edition is None else edition.first_label_of(pledge.area)
    view = pledge_view(place, pledge, signed.get(pledge.area) or planned)
    if not row.progress:
        return structs.replace(view, standing=row.values[place])
    progress = row.progress[place]
    return structs.replace(
        view,
        standing=row.values[place],
        status=progress.status(pledge),
        delivered=progress.delivered,
        reason=progress.reason,
        confirmed_by=sorted(progress.confirmed_by),
    )


def pledge_view(place: int, pledge: Pledge, label: str) -> PledgeView:
    """A pledge at its place in terms, its area by `label`."""
    return PledgeView(
        place=place,
        giver=pledge.giver,
        receiver=pledge.receiver,
        area=pledge.area,
        area_label=label,
        title=pledge.title,
        kind=pledge.kind,
        quantity=pledge.quantity,
        unit=pledge.unit,
        due_from=pledge.due_from,
        due_until=pledge.due_until,
        value=pledge.value,
        listing=pledge.listing,
        standing=pledge.value,
        money_like=_money_like(pledge.title),
    )
