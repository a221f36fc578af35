"""What is kept of a person is kept up to a day on the host's calendar, not on that of Greenwich."""

from datetime import date
from hashlib import sha256

import pytest

from domain.access.roles import Role
from domain.identity import KeyId, PersonId, TenantId, person_stream
from domain.instant import Instant
from domain.person.commands import RestrictPerson
from domain.person.events import Basis
from domain.person.refusals import RestrictionInThePast
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from services.application import commands
from services.application.asking import ANY_VERSION, Caller, Wish
from services.application.commands import Application
from tests.vaults import open_test_vault


async def test_a_day_is_over_at_the_hosts_midnight(
    event_log: EventLog, tenant: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a host in Berlin, when it is half past midnight there on New Year's Day, then the old year is over."""
    monkeypatch.setattr(commands, "present", lambda: Instant("2026-12-31T23:30:00.000000Z"))
    application, person = Application(event_log, await open_test_vault(event_log.pool)), PersonId(fresh_id())
    caller = Caller(tenant=tenant, key=KeyId("test"), member="admin", role=Role.HOST_ADMIN)
    wish = Wish(caller=caller, key=fresh_id(), fingerprint=sha256(b"").digest(), if_match=ANY_VERSION, correlation=None)
    restrict = RestrictPerson(person=person, until=date(2026, 12, 31), basis=Basis.TAX_RECORDS)
    with pytest.raises(RestrictionInThePast):
        await application.carry_out(wish, person_stream(person), restrict, creates=False)
