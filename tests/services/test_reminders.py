"""Parties are asked whether it happened, each once, when the calendar of their edition says so."""

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.contract.events import ContractCertified
from domain.contract.reasons import ReminderKind
from domain.identity import TenantId
from domain.ledger.row import LedgerRow
from infra.projections.reminders import Unasked
from services.application.reading.reminders import due_today
from tests.domain.people import bakery, food_bank, notary, plan, queued, terms
from tests.domain.test_ledger_after import told


def certified() -> LedgerRow:
    """A contract certified late on 18 September 2006, its first contact due by the bakery within 14 days."""
    sealed = ContractCertified(notary=notary, number=1, terms_hash="")
    row = told(*queued, sealed)
    assert (row.first_contact_by, row.first_contact_days) == (bakery, 14)
    return replace(row, certified_at="2006-09-18T21:30:00.000000Z")  # type: ignore[arg-type]  # 23:30 in Berlin


def asked(row: LedgerRow, at: datetime) -> list[tuple[ReminderKind, tuple[str, ...]]]:
    """Who is to be asked what at this moment."""
    found = [Unasked(TenantId("essen"), row, plan)]
    return [(one.kind, one.parties) for one in due_today(found, at)]


def test_the_first_contact_has_its_last_day_to_the_end() -> None:
    """Given fourteen days from 18 September, then 2 October is in time until midnight in Berlin, and no longer."""
    row = certified()
    assert asked(row, datetime(2006, 10, 2, 21, 59, tzinfo=UTC)) == []
    assert asked(row, datetime(2006, 10, 2, 22, 0, tzinfo=UTC)) == [(ReminderKind.FIRST_CONTACT, (bakery,))]
    assert asked(replace(row, first_contact_made=True), datetime(2006, 10, 3, tzinfo=UTC)) == []
    everyone = replace(row, first_contact_by=None)
    assert asked(everyone, datetime(2006, 10, 3, tzinfo=UTC)) == [(ReminderKind.FIRST_CONTACT, (bakery, food_bank))]


def test_who_waits_for_a_pledge_is_asked_the_day_after_its_last() -> None:
    """Given bread until 31 March 2007, then the food bank is asked on 1 April, the day the clocks have changed."""
    assert terms.pledges[0].due_until == date(2007, 3, 31)
    row = replace(certified(), first_contact_made=True)
    assert asked(row, datetime(2007, 3, 31, 21, 59, tzinfo=UTC)) == []
    assert asked(row, datetime(2007, 3, 31, 22, 0, tzinfo=UTC)) == [(ReminderKind.DID_IT_HAPPEN, (food_bank,))]
