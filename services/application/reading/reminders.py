"""What the parties of a contract are to be asked today, by the calendar of their edition's zone."""

from collections.abc import Iterable
from datetime import datetime

from domain.contract.reasons import ReminderKind
from domain.frozen import dataclass
from domain.identity import ContractId, ParticipationId, TenantId
from domain.instant import instant
from infra.projections.reminders import Unasked
from services.application.reading.deadlines import first_contact_due, local_day, overdue


@dataclass(frozen=True, slots=True)
class DueReminder:
    """Parties that are to be asked."""

    tenant: TenantId
    contract: ContractId
    parties: tuple[ParticipationId, ...]
    kind: ReminderKind


def due_today(found: Iterable[Unasked], at: datetime) -> list[DueReminder]:
    """What is to be asked `at` this moment, of contracts that were found by a coarser sieve."""
    return [
        DueReminder(one.tenant, one.row.id, parties, kind)
        for one in found
        for kind, parties in (
            (ReminderKind.FIRST_CONTACT, _late_callers(one, at)),
            (ReminderKind.DID_IT_HAPPEN, _waiting(one, at)),
        )
        if parties and all(call.reminder is not kind for call in one.row.calls)
    ]


def _late_callers(one: Unasked, at: datetime) -> tuple[ParticipationId, ...]:
    """Who should have made the first contact by now: the one who was to, or else everyone."""
    row, plan = one.row, one.plan
    if row.certified_at is None or row.first_contact_made:
        return ()
    due = first_contact_due(row.certified_at, plan.time_zone, row.first_contact_days or plan.first_contact_days)
    if not overdue(due, plan.time_zone, instant(at)):
        return ()
    if row.first_contact_by is not None:
        return (row.first_contact_by,)
    return tuple(party.participation for party in row.parties)


def _waiting(one: Unasked, at: datetime) -> tuple[ParticipationId, ...]:
    """The receivers of pledges whose last day has passed: they know whether something came."""
    today = local_day(instant(at), one.plan.time_zone)
    pledges = zip(one.row.pledges, one.row.progress, strict=True)
    late = [
        pledge.receiver
        for pledge, known in pledges
        if pledge.due_until is not None and pledge.due_until < today and not known.settled(pledge)
    ]
    return tuple(dict.fromkeys(late))
