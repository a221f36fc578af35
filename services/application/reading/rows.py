"""Ledger rows as readers get them: terms, values, signatures and what became of each pledge, with names joined."""

from collections.abc import Collection
from functools import lru_cache

from msgspec import structs

from domain.identity import OrganisationId
from domain.ledger.row import Call, LedgerParty, LedgerRow
from domain.marketplace.state import Marketplace
from domain.negotiation.money_words import looks_like_money
from domain.negotiation.terms import Pledge
from infra.projections import docs
from services.application.reading.names import Names
from services.application.reading.same import Same
from services.application.views import AmendmentView, CallView, LedgerRowView, PartyView, PledgeView, ValueView

_money_like = lru_cache(4_096)(looks_like_money)
"""A title is looked through once, not again on every page that shows it."""


def row_view(row: LedgerRow, names: Names, shown: Collection[OrganisationId], *, persons: bool) -> LedgerRowView:
    """A ledger row; `shown` are the parties that may be named, `persons` says whether persons and calls may."""
    return LedgerRowView(
        id=row.id,
        marketplace=row.marketplace,
        number=row.number,
        form_number=row.form_number,
        state=row.state,
        source=row.source,
        negotiation=row.negotiation,
        parties=[_signer(party, names, shown, persons=persons) for party in row.parties],
        pledges=list(_pledges(Same(row), Same(names.editions.get(row.marketplace)))),
        value=ValueView(
            minor=row.value.minor, currency=row.value.currency, counted=row.value.counted, unvalued=row.value.unvalued
        ),
        one_sided=row.one_sided,
        terms_hash=row.terms_hash,
        broker=row.broker if persons else None,
        broker_name=names.person(row.broker) if persons else None,
        notary=row.notary if persons else None,
        notary_name=names.person(row.notary) if persons else None,
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
        amendment=_amendment(row, names),
        amendments=row.amendments,
        corrections=row.corrections,
        calls=[_call(call) for call in row.calls] if persons else [],
        ended_reason=row.ended_reason,
        ended_at=row.ended_at,
        erased=names.erased_among(one for one in (row.broker, row.notary) if one is not None) if persons else [],
    )


def _signer(party: LedgerParty, names: Names, shown: Collection[OrganisationId], *, persons: bool) -> PartyView:
    return PartyView(
        participation=party.participation,
        organisation=party.organisation,
        name=names.organisation(party.organisation) if party.organisation in shown else None,
        side=party.side,
        signed=party.signed,
        publicity=party.publicity,
        manner=party.manner,
        person=party.person if persons else None,
        witness=party.witness if persons else None,
        repudiated=party.repudiated,
        erased=party.organisation in shown and party.organisation in names.erased,
    )


def _amendment(row: LedgerRow, names: Names) -> AmendmentView | None:
    proposed = row.amendment
    if proposed is None:
        return None
    labels = [names.label(row.marketplace, pledge.area) for pledge in proposed.pledges]
    return AmendmentView(
        by=proposed.by,
        terms_hash=proposed.terms_hash,
        pledges=[pledge_view(place, pledge, labels[place]) for place, pledge in enumerate(proposed.pledges)],
        signed=list(proposed.signed),
    )


def _call(call: Call) -> CallView:
    return CallView(party=call.party, at=call.at, outcome=call.outcome, reminder=call.reminder)


@lru_cache(docs.HELD)
def _pledges(row: Same[LedgerRow], edition: Same[Marketplace | None]) -> tuple[PledgeView, ...]:
    """The pledges of a row, shown once for as long as the same row and edition are held. No name is in them."""
    return tuple(_pledge(place, row.held, edition.held) for place in range(len(row.held.pledges)))


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
