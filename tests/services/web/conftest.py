"""Somebody at the desk of a host of their own."""

from collections.abc import AsyncIterator

import pytest

from tests.running import Host, RunningService
from tests.services.web.person import Person, browser


@pytest.fixture
async def person(service: RunningService, host: Host) -> AsyncIterator[Person]:
    """Somebody with a fresh browser, signed in nowhere."""
    async with browser(service) as http:
        yield Person(http, host)


@pytest.fixture
async def clerk(person: Person) -> Person:
    """Somebody with the keys of host and clerk at an edition whose registration is open; `path` is its desk."""
    await person.sign_in("host_admin", "clerk")
    await person.open(f"{person.desk}/plan")
    await person.press("Planen", title="Probe im Rathaus", date="24.11.2026", rehearsal="yes")
    await person.press("Anmeldung öffnen")
    person.edition = person.path
    return person


@pytest.fixture
async def trading(clerk: Person) -> Person:
    """A clerk at an edition that trades, two organisations on the floor."""
    for name, side in (("Bäckerei Morgenrot", "company"), ("Tafel Essen", "nonprofit")):
        await clerk.enter(name, side)
    await clerk.open(f"{clerk.edition}/gong")
    await clerk.press("Gong:")
    return clerk
