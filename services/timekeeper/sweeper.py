"""Drops personal values that a crash left in the vault without an event, once nobody can be about to record it."""

import asyncio
from datetime import timedelta

import structlog

from infra.postgres.away import TROUBLE
from infra.postgres.tenancy import list_tenants
from services.application.commands import Application

AGE = timedelta(hours=1)
"""How old a value must be before it is missed in the log; a request waits a few seconds at most."""

ROUND = 3600.0
"""Seconds between sweeps."""

SETTLE = 20.0
"""Seconds after which somebody looks for an erasure that was broken off."""

_log = structlog.get_logger(__name__)


async def sweep(application: Application, age: timedelta = AGE) -> int:
    """Sweep every tenant's vault once, and what the application holds of it; answers how many values were dropped."""
    dropped = 0
    for host in await list_tenants(application.log.pool):
        await application.fingerprints.expire(host.tenant)
        dropped += await application.vault.sweep(host.tenant, age)
    return dropped


async def keep_sweeping(application: Application) -> None:
    """Sweep now and then until cancelled; an unreachable database is swept the next time."""
    waited = ROUND
    while True:
        try:
            await settle(application)
            if waited >= ROUND:
                dropped, waited = await sweep(application), 0.0
                if dropped:
                    _log.warning("vault.swept", dropped=dropped)
        except TROUBLE as error:
            _log.warning("vault.not_swept", error=type(error).__name__)
        await asyncio.sleep(SETTLE)
        waited += SETTLE


async def settle(application: Application) -> None:
    """Do what is recorded as erased and was broken off, at every host."""
    for host in await list_tenants(application.log.pool):
        settled = await application.leaving.settle(host.tenant)
        if settled:
            _log.warning("vault.settled", tenant=host.tenant, records=settled)
