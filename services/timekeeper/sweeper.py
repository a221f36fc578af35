"""Drops personal values that a crash left in the vault without an event, once nobody can be about to record it."""

import asyncio
from datetime import timedelta

import structlog

from infra.event_log.store import EventLog
from infra.postgres.away import TROUBLE
from infra.postgres.tenancy import list_tenants
from infra.vault.fingerprints import Fingerprints
from infra.vault.leaving import Leaving
from infra.vault.vault import Vault

AGE = timedelta(hours=1)
"""How old a value must be before it is missed in the log; a request waits a few seconds at most."""

ROUND = 3600.0
"""Seconds between sweeps."""

SETTLE = 20.0
"""Seconds after which somebody looks for an erasure that was broken off."""

_log = structlog.get_logger(__name__)


async def sweep(log: EventLog, vault: Vault, age: timedelta = AGE) -> int:
    """Sweep every tenant's vault once; answers how many values were dropped."""
    dropped, fingerprints = 0, Fingerprints(vault)
    for host in await list_tenants(log.pool):
        await fingerprints.expire(host.tenant)
        dropped += await vault.sweep(host.tenant, age)
    return dropped


async def keep_sweeping(log: EventLog, vault: Vault) -> None:
    """Sweep now and then until cancelled; an unreachable database is swept the next time."""
    waited = ROUND
    while True:
        try:
            await settle(log, vault)
            if waited >= ROUND:
                dropped, waited = await sweep(log, vault), 0.0
                if dropped:
                    _log.warning("vault.swept", dropped=dropped)
        except TROUBLE as error:
            _log.warning("vault.not_swept", error=type(error).__name__)
        await asyncio.sleep(SETTLE)
        waited += SETTLE


async def settle(log: EventLog, vault: Vault) -> None:
    """Do what is recorded as erased and was broken off, at every host."""
    leaving = Leaving(vault)
    for host in await list_tenants(log.pool):
        settled = await leaving.settle(host.tenant)
        if settled:
            _log.warning("vault.settled", tenant=host.tenant, records=settled)
