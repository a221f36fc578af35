"""What a service sweeps now and then: also what it holds in its own memory."""

from hashlib import sha256

from domain.identity import TenantId
from infra.event_log.store import EventLog
from infra.vault.fingerprints import PERIOD, Fingerprints
from services.application.commands import Application
from services.timekeeper.sweeper import sweep
from tests.infra.vault.test_fingerprints import Calendar
from tests.vaults import open_test_vault

ERIKA, MAX = (sha256(name).digest() for name in (b"Erika", b"Max"))


async def test_a_key_that_is_destroyed_is_forgotten_by_who_used_it(event_log: EventLog, tenant: TenantId) -> None:
    """Given a service that runs for two periods, when it sweeps, then it can't test a guess of the first one either."""
    calendar, vault = Calendar(), await open_test_vault(event_log.pool)
    application = Application(event_log, vault)
    application.fingerprints = Fingerprints(vault, calendar)
    today = calendar.at
    calendar.at = today - 2 * PERIOD
    kept = await application.fingerprints.of(tenant, ERIKA)
    calendar.at = today
    await sweep(application)
    calendar.at = today - PERIOD
    assert await application.fingerprints.are_alike(tenant, kept, MAX), "nobody can tell any more"
