"""Who sees what of a record: for each stored type, and for each member of its data, the least audience that sees it.

There is no default: a type or member that isn't named here is seen by the host's own systems alone, and a test holds
that everything is named. Of what describes persons nothing is below internal, pseudonyms and badges included: the vault
can still resolve them. What only certified contracts can undergo is public, as on the public pages; a form's way to the
notary isn't.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from domain.frozen import dataclass
from domain.streaming.audience import Audience

Members = Mapping[str, "Audience | Members"]
"""The least audience of each member; of an object, or a list of objects, each of its own members."""

PUBLIC, PARTNER, INTERNAL = Audience


@dataclass(frozen=True, slots=True)
class Shown:
    """To whom a type of record is told at all (`audience` and those that see more), and which of its `members`."""

    audience: Audience
    members: Members


def _to(audience: Audience, /, **members: "Audience | Members") -> Shown:
    return Shown(audience, MappingProxyType(members))


_PLAN: Members = {
    "title": PUBLIC,
    "season": PUBLIC,
    "date": PUBLIC,
    "venue": PUBLIC,
    "time_zone": PUBLIC,
    "trading_minutes": PUBLIC,
    "grace_minutes": PARTNER,
    "noun": PUBLIC,
    "areas": PUBLIC,
    "reciprocity": PARTNER,
    "counted": PUBLIC,
    "visibility": PARTNER,
    "hourly_rate_minor": PARTNER,
    "first_contact_days": PARTNER,
    "rehearsal": PUBLIC,
}
_FORM: Members = {
    "marketplace": PARTNER,
    "negotiation": PARTNER,
    "form_number": INTERNAL,
    "parties": PARTNER,
    "terms": PARTNER,
    "terms_hash": PARTNER,
    "counted": PARTNER,
    "broker": INTERNAL,
    "rehearsal": PARTNER,
}
_SIGNATURE: Members = {
    "party": PARTNER,
    "person": INTERNAL,
    "manner": PARTNER,
    "witness": INTERNAL,
    "terms_hash": PARTNER,
    "publicity": PARTNER,
}

_MARKETPLACE = {
    "marketplace.planned.v1": _to(PUBLIC, plan=_PLAN),
    "marketplace.rescheduled.v1": _to(PUBLIC, date=PUBLIC, venue=PUBLIC),
    "marketplace.areas_set.v1": _to(PUBLIC, areas=PUBLIC),
    "marketplace.policy_set.v1": _to(PUBLIC, reciprocity=PARTNER, counted=PUBLIC, visibility=PARTNER),
    "marketplace.rates_set.v1": _to(PARTNER, hourly_rate_minor=PARTNER),
    "marketplace.registration_opened.v1": _to(PUBLIC),
    "marketplace.trading_opened.v1": _to(PUBLIC, announced_end=PUBLIC),
    "marketplace.trading_extended.v1": _to(PUBLIC, announced_end=PUBLIC),
    "marketplace.trading_closed.v1": _to(PUBLIC, closing=PUBLIC),
    "marketplace.closing_gong_rung.v1": _to(PUBLIC, rung_at=PUBLIC),
    "marketplace.cancelled.v1": _to(PUBLIC),
    "marketplace.paper_series_recorded.v1": _to(INTERNAL, prefix=INTERNAL, first=INTERNAL, last=INTERNAL),
    "marketplace.checklist_set.v1": _to(INTERNAL, items=INTERNAL),
    "marketplace.rate_table_set.v1": _to(PARTNER, hourly_rate_minor=PARTNER, rates=PARTNER),
    "marketplace.area_added.v1": _to(PUBLIC, area=PUBLIC, label=PUBLIC),
    "marketplace.area_renamed.v1": _to(PUBLIC, area=PUBLIC, label=PUBLIC),
    "marketplace.area_retired.v1": _to(PUBLIC, area=PUBLIC),
    "marketplace.co_hosts_set.v1": _to(PUBLIC, co_hosts=PUBLIC),
    "marketplace.workshop_planned.v1": _to(PARTNER, workshop=PARTNER, side=PARTNER, date=PARTNER, venue=PARTNER),
    "marketplace.follow_up_started.v1": _to(PARTNER),
    "marketplace.archived.v1": _to(PUBLIC),
    "marketplace.partners_carried_over.v1": _to(INTERNAL, earlier=INTERNAL, organisations=INTERNAL),
}

# An organisation's plain name isn't public by itself: on public pages it stands with the consent given at signing.
_ORGANISATIONS = {
    "organisation.registered.v1": _to(PARTNER, name=PARTNER, side=PARTNER, rehearsal=PARTNER),
    "organisation.representative_named.v1": _to(INTERNAL, person=INTERNAL),
    "organisation.mandate_given.v1": _to(INTERNAL, person=INTERNAL, mandate=INTERNAL),
    "organisation.mandate_withdrawn.v1": _to(INTERNAL, person=INTERNAL),
    "organisation.merged.v1": _to(PARTNER, into=PARTNER),
    "organisation.absorbed.v1": _to(PARTNER, organisation=PARTNER, representatives=INTERNAL),
    "organisation.told_apart.v1": _to(INTERNAL, other=INTERNAL),
    "participation.requested.v1": _to(
        PARTNER, marketplace=PARTNER, organisation=PARTNER, side=PARTNER, rehearsal=PARTNER
    ),
    "participation.requested_again.v1": _to(PARTNER),
    "participation.admitted.v1": _to(PARTNER),
    "participation.declined.v1": _to(PARTNER, reason=INTERNAL),
    "participation.checked_in.v1": _to(PARTNER),
    "participation.cancelled.v1": _to(PARTNER),
    "participation.no_show.v1": _to(INTERNAL),
    "participation.badge_issued.v1": _to(INTERNAL, code=INTERNAL, person=INTERNAL),
    "participation.workshop_attended.v1": _to(INTERNAL, workshop=INTERNAL),
}

_LISTINGS = {
    "listing.published.v1": _to(
        PARTNER,
        marketplace=PARTNER,
        by=PARTNER,
        kind=PARTNER,
        area=PARTNER,
        title=PARTNER,
        quantity=PARTNER,
        unit=PARTNER,
        rehearsal=PARTNER,
    ),
    "listing.revised.v1": _to(PARTNER, area=PARTNER, title=PARTNER, quantity=PARTNER, unit=PARTNER),
    "listing.withdrawn.v1": _to(PARTNER),
    "listing.promised.v1": _to(PARTNER, negotiation=PARTNER, quantity=PARTNER),
    "listing.promised_on_form.v1": _to(PARTNER, contract=PARTNER, quantity=PARTNER),
    "listing.released.v1": _to(PARTNER, contract=PARTNER, quantity=PARTNER),
    "listing.satisfied.v1": _to(PARTNER, contract=PARTNER, quantity=PARTNER),
}

_NEGOTIATION = {
    "negotiation.opened.v1": _to(PARTNER, marketplace=PARTNER, parties=PARTNER, rehearsal=PARTNER),
    "negotiation.terms_proposed.v1": _to(PARTNER, by=PARTNER, terms=PARTNER),
    "negotiation.terms_countered.v1": _to(PARTNER, by=PARTNER, terms=PARTNER),
    "negotiation.terms_accepted.v1": _to(PARTNER, by=PARTNER),
    "negotiation.terms_rejected.v1": _to(PARTNER, by=PARTNER, reason=PARTNER),
    "negotiation.broker_called.v1": _to(PARTNER, by=PARTNER),
    "negotiation.broker_joined.v1": _to(PARTNER, broker=INTERNAL),
    "negotiation.withdrawn.v1": _to(PARTNER, by=PARTNER),
    "negotiation.lapsed.v1": _to(PARTNER),
}

_CONTRACT = {
    "contract.drafted.v1": _to(PARTNER, form=_FORM),
    "contract.captured_from_paper.v1": _to(PARTNER, occurred_at=PARTNER, in_series=PARTNER),
    "contract.areas_labelled.v1": _to(PARTNER, areas=PARTNER),
    "contract.form_corrected.v1": _to(PARTNER, terms=PARTNER, terms_hash=PARTNER),
    "contract.signed.v1": _to(PARTNER, signature=_SIGNATURE),
    "contract.signature_repudiated.v1": _to(PARTNER, party=PARTNER),
    "contract.signature_approved.v1": _to(PARTNER, party=PARTNER),
    "contract.submitted_to_notary.v1": _to(PARTNER),
    "contract.returned_for_correction.v1": _to(PARTNER, reasons=PARTNER),
    "contract.checked.v1": _to(INTERNAL, notary=INTERNAL, items=INTERNAL),
    "contract.certified.v1": _to(PUBLIC, notary=INTERNAL, number=PUBLIC, terms_hash=PARTNER),
    "contract.certification_revoked.v1": _to(PUBLIC, notary=INTERNAL, reason=PUBLIC),
    "contract.annulled.v1": _to(PUBLIC, reason=PUBLIC),
    "contract.value_estimated.v1": _to(PARTNER, pledge=PARTNER, value=PARTNER),
    "contract.value_corrected.v1": _to(PARTNER, pledge=PARTNER, value=PARTNER, reason=PARTNER),
    "contract.amendment_proposed.v1": _to(PARTNER, by=PARTNER, terms=PARTNER, terms_hash=PARTNER),
    "contract.amendment_signed.v1": _to(PARTNER, signature=_SIGNATURE),
    "contract.amendment_withdrawn.v1": _to(PARTNER, by=PARTNER),
    "contract.amended.v1": _to(PUBLIC, terms=PARTNER, terms_hash=PARTNER),
    "contract.reminded.v1": _to(INTERNAL, party=INTERNAL, kind=INTERNAL),
    "contract.first_contact_made.v1": _to(PARTNER, on=PARTNER),
    "contract.follow_up_called.v1": _to(INTERNAL, party=INTERNAL, outcome=INTERNAL),
    "contract.pledge_running.v1": _to(PARTNER, pledge=PARTNER),
    "contract.delivery_recorded.v1": _to(PARTNER, pledge=PARTNER, quantity=PARTNER, on=PARTNER),
    "contract.non_fulfilment_recorded.v1": _to(PARTNER, pledge=PARTNER, reason=PARTNER),
    "contract.fulfilment_confirmed.v1": _to(PARTNER, pledge=PARTNER, by=PARTNER),
    "contract.disputed.v1": _to(INTERNAL, by=INTERNAL, pledge=INTERNAL, reason=INTERNAL),
    "contract.dispute_settled.v1": _to(INTERNAL),
    "register.numbered.v1": _to(PUBLIC, marketplace=PUBLIC, contract=PUBLIC),
}

_RESULTS = {
    "results.announced.v1": _to(PUBLIC, marketplace=PUBLIC, figures=PUBLIC, source=PUBLIC, notes=PUBLIC),
    "results.corrected.v1": _to(PUBLIC, figures=PUBLIC, source=PUBLIC, notes=PUBLIC),
    "results.correction_reason_given.v1": _to(PUBLIC, reason=PUBLIC),
    "results.drawn_from_ledger.v1": _to(PUBLIC, position=PUBLIC),
}

_ACCESS = {
    "access.member_added.v1": _to(INTERNAL, person=INTERNAL),
    "access.role_granted.v1": _to(INTERNAL, person=INTERNAL, role=INTERNAL),
    "access.role_revoked.v1": _to(INTERNAL, person=INTERNAL, role=INTERNAL),
    "access.key_issued.v1": _to(INTERNAL, key=INTERNAL, person=INTERNAL, role=INTERNAL),
    "access.key_revoked.v1": _to(INTERNAL, key=INTERNAL),
    "access.edition_role_granted.v1": _to(INTERNAL, person=INTERNAL, role=INTERNAL, marketplace=INTERNAL),
    "access.edition_role_revoked.v1": _to(INTERNAL, person=INTERNAL, role=INTERNAL, marketplace=INTERNAL),
    "access.edition_key_issued.v1": _to(INTERNAL, key=INTERNAL, person=INTERNAL, role=INTERNAL, marketplace=INTERNAL),
    "access.stream_key_issued.v1": _to(
        INTERNAL, key=INTERNAL, person=INTERNAL, marketplace=INTERNAL, audience=INTERNAL, tells_persons=INTERNAL
    ),
    "access.member_left.v1": _to(INTERNAL, person=INTERNAL),
}

_PERSON = {
    "person.erased.v1": _to(INTERNAL, person=INTERNAL, successor=INTERNAL),
    "person.note_erased.v1": _to(INTERNAL, person=INTERNAL, event=INTERNAL),
    "person.value_corrected.v1": _to(INTERNAL, person=INTERNAL, field=INTERNAL),
    "person.restricted.v1": _to(INTERNAL, person=INTERNAL, until=INTERNAL, basis=INTERNAL),
    "person.restriction_lifted.v1": _to(INTERNAL, person=INTERNAL),
}

SHOWN: Mapping[str, Shown] = MappingProxyType(
    _MARKETPLACE | _ORGANISATIONS | _LISTINGS | _NEGOTIATION | _CONTRACT | _RESULTS | _ACCESS | _PERSON
)
"""Every stored type, by its name."""


def visible(type_name: str, audience: Audience) -> bool:
    """Whether records of this type are told to `audience`; a type newer than this software is internal."""
    shown = SHOWN.get(type_name)
    return audience.includes(INTERNAL if shown is None else shown.audience)


def visible_types(audience: Audience) -> frozenset[str] | None:
    """The types that `audience` sees; None when it sees whatever is stored."""
    if audience is INTERNAL:
        return None
    return frozenset(name for name in SHOWN if visible(name, audience))


def reduced(entry: Mapping[str, Any], audience: Audience) -> dict[str, Any] | None:
    """What `audience` may see of an `entry` (decoded JSON); None when it may not even know of it.

    For internal it is the entry. For others it lacks `actor`, `sealed` and `correlation`, for the public also `cause`
    (another record, which it may not see), and of `data` it keeps the members that are for this audience.
    """
    name = entry["type"]
    if not visible(name, audience):
        return None
    if audience is INTERNAL:
        return dict(entry)
    left_out = _HIDDEN[audience]
    kept = {key: value for key, value in entry.items() if key not in left_out}
    return kept | {"data": _members(entry["data"], SHOWN[name].members, audience)}


_HIDDEN = {
    PUBLIC: frozenset({"actor", "sealed", "correlation", "cause"}),
    PARTNER: frozenset({"actor", "sealed", "correlation"}),
}


def _members(value: Any, members: Members, audience: Audience) -> Any:
    if isinstance(value, list):
        return [_members(item, members, audience) for item in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for key, item in value.items():
        least = members.get(key, INTERNAL)
        if isinstance(least, Audience):
            if audience.includes(least):
                kept[key] = item
        else:
            kept[key] = _members(item, least, audience)
    return kept
