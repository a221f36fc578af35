"""Commands are judged by what is held of a thing first, and never recorded upon what isn't so any more.

Two applications over one log are two processes: what one of them writes makes old what the other one holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest

from domain.access.roles import Role
from domain.identity import KeyId, OrganisationId, PersonId, StreamId, TenantId, person_stream
from domain.organisation.commands import MergeOrganisation, NameRepresentative, RegisterOrganisation, WithdrawMandate
from domain.organisation.events import Side
from domain.organisation.refusals import AlreadyRegistered, MergedAway, NotRepresentative
from domain.person.commands import ErasePerson
from domain.person.refusals import PersonIsErased
from domain.personal import Personal
from infra.clock import fresh_id
from infra.event_log.outcomes import Read
from infra.event_log.store import EventLog
from infra.vault.vault import Vault
from services.application.asking import ANY_VERSION, Caller, Receipt, Wish
from services.application.commands import Application
from services.application.trouble import KeyReused, TooBusy, VersionMissing, VersionStale
from tests.vaults import between, open_test_vault, wrap_anew


@dataclass
class Office:
    """A clerk who keeps an organisation through one application; `readings` are of streams, by whomever."""

    application: Application
    tenant: TenantId
    organisation: StreamId
    readings: list[Sequence[StreamId]] = field(default_factory=list)

    async def ask(
        self, command: Any, *, seen: int | None = ANY_VERSION, key: str | None = None, creates: bool = False
    ) -> Receipt:
        """Ask for something, as the one who saw the organisation at version `seen`."""
        caller = Caller(tenant=self.tenant, key=KeyId("test"), member="clerk", role=Role.CLERK)
        asked = sha256(repr(command).encode()).digest()
        wish = Wish(caller=caller, key=key or fresh_id(), fingerprint=asked, if_match=seen, correlation=None)
        return await self.application.carry_out(wish, self.organisation, command, creates=creates)

    async def erase(self, person: PersonId) -> Receipt:
        """Erase a person."""
        caller = Caller(tenant=self.tenant, key=KeyId("test"), member="admin", role=Role.HOST_ADMIN)
        asked = sha256(person.encode()).digest()
        wish = Wish(caller=caller, key=fresh_id(), fingerprint=asked, if_match=ANY_VERSION, correlation=None)
        command = ErasePerson(person=person, successor=None)
        return await self.application.carry_out(wish, person_stream(person), command, creates=False)

    async def name(self, person: str, **asked: Any) -> Receipt:
        """Name a representative."""
        who = PersonId(person)
        return await self.ask(
            NameRepresentative(person=who, personal=Personal(person=who, values={"name": "Erika"})), **asked
        )


@pytest.fixture
async def vault(event_log: EventLog) -> Vault:
    """A vault."""
    return await open_test_vault(event_log.pool)


@pytest.fixture
async def offices(
    event_log: EventLog, vault: Vault, tenant: TenantId, monkeypatch: pytest.MonkeyPatch
) -> tuple[Office, Office]:
    """Two clerks, each with an application of their own, and an organisation that the first one has registered."""
    here, there = (Office(Application(event_log, vault), tenant, StreamId(fresh_id())) for _ in range(2))
    there.organisation, there.readings = here.organisation, here.readings
    await here.ask(RegisterOrganisation(name="Tafel", side=Side.NONPROFIT, rehearsal=True), creates=True)
    read = event_log.read

    async def noted(tenant: TenantId, key: str | None, streams: Sequence[StreamId]) -> Read:
        here.readings.append(streams)
        return await read(tenant, key, streams)

    monkeypatch.setattr(event_log, "read", noted)
    return here, there


async def test_what_was_written_here_last_is_not_read(offices: tuple[Office, Office]) -> None:
    """Given a thing that was written here, when asked about again, then nothing is read, and its version goes on."""
    here, _ = offices
    person = fresh_id()
    await here.name(person)
    here.readings.clear()
    receipt = await here.ask(WithdrawMandate(person=PersonId(person)), seen=2)
    assert (receipt.version, here.readings) == (3, [])


async def test_what_others_wrote_meanwhile_counts(offices: tuple[Office, Office]) -> None:
    """Given a thing that another process has changed, when asked about here, then it is judged as it stands."""
    here, there = offices
    person = fresh_id()
    assert (await there.name(person)).version == 2
    with pytest.raises(VersionStale):
        await here.ask(WithdrawMandate(person=PersonId(person)), seen=1)
    receipt = await here.ask(WithdrawMandate(person=PersonId(person)), seen=2)
    assert receipt.version == 3


async def test_a_refusal_is_of_what_stands(offices: tuple[Office, Office]) -> None:
    """Given a person who was named and let go elsewhere, when let go here, then that is refused, and by a reading."""
    here, there = offices
    person = fresh_id()
    await there.name(person)
    await here.name(fresh_id())
    assert (await there.ask(WithdrawMandate(person=PersonId(person)))).version == 4
    with pytest.raises(NotRepresentative):
        await here.ask(WithdrawMandate(person=PersonId(person)))
    assert here.readings[-2:] == [[here.organisation], ()], "the thing as it stands, and whether the key is still new"


async def test_a_version_has_to_be_named(offices: tuple[Office, Office]) -> None:
    """Given a thing that is held, when nothing says at which version it was seen, then that is asked for."""
    with pytest.raises(VersionMissing):
        await offices[0].ask(WithdrawMandate(person=PersonId(fresh_id())), seen=None)


async def test_a_key_records_once_wherever_it_comes_again(offices: tuple[Office, Office]) -> None:
    """Given a request that was answered, when it comes again here or elsewhere, then the first answer is given."""
    here, there = offices
    person, key = fresh_id(), fresh_id()
    await here.name(person)
    command = WithdrawMandate(person=PersonId(person))
    first = await here.ask(command, key=key)
    again, elsewhere = await here.ask(command, key=key), await there.ask(command, key=key)
    assert (first.replayed, again.replayed, elsewhere.replayed) == (False, True, True)
    assert first.records == again.records == elsewhere.records
    with pytest.raises(KeyReused):
        await here.ask(WithdrawMandate(person=PersonId(fresh_id())), key=key)


async def test_what_is_kept_beside_the_log_is_kept_once(offices: tuple[Office, Office], vault: Vault) -> None:
    """Given a name that was kept, when the same request comes again, then the vault holds it once."""
    here, there = offices
    person, key = fresh_id(), fresh_id()
    for office in (here, there, here):
        await office.name(person, key=key)
    assert len(await vault.held(here.tenant, PersonId(person))) == 1


async def test_a_new_thing_is_recorded_without_a_reading(offices: tuple[Office, Office]) -> None:
    """Given an id that nobody used, when something is made under it, then nothing is read of it."""
    here, _ = offices
    here.organisation = StreamId(fresh_id())
    receipt = await here.ask(RegisterOrganisation(name="Bank", side=Side.COMPANY, rehearsal=True), creates=True)
    assert (receipt.version, here.readings) == (1, [])


async def test_what_others_made_is_not_made_again(offices: tuple[Office, Office]) -> None:
    """Given a thing that another process has made, when it is to be made here under its id, then that is refused."""
    here, there = offices
    here.organisation = there.organisation = StreamId(fresh_id())
    command, key = RegisterOrganisation(name="Bank", side=Side.COMPANY, rehearsal=True), fresh_id()
    first = await there.ask(command, key=key, creates=True)
    with pytest.raises(AlreadyRegistered):
        await here.ask(command, creates=True)
    again = await here.ask(command, key=key, creates=True)
    assert (again.replayed, again.records) == (True, first.records)


async def test_what_was_recorded_while_it_was_judged_elsewhere_is_answered(
    offices: tuple[Office, Office], event_log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a process that judges a request by what it has brought about elsewhere, then it gives the first answer."""
    here, there = offices
    duplicate, kept = OrganisationId(here.organisation), OrganisationId(StreamId(fresh_id()))
    for new in (kept, StreamId(fresh_id())):
        here.organisation = new
        await here.ask(RegisterOrganisation(name="Bank", side=Side.NONPROFIT, rehearsal=True), creates=True)
    onward = MergeOrganisation(duplicate=kept, into=OrganisationId(here.organisation))
    command, key, first = MergeOrganisation(duplicate=duplicate, into=kept), fresh_id(), list[Receipt]()
    read = event_log.read

    async def overtaken(tenant: TenantId, looked_up: str | None, streams: Sequence[StreamId]) -> Read:
        found = await read(tenant, looked_up, streams)
        if looked_up == key and not first:
            first.append(await _asked_of(here, duplicate, command, key))
            await _asked_of(here, kept, onward, fresh_id())
        return found

    monkeypatch.setattr(event_log, "read", overtaken)
    again = await _asked_of(there, duplicate, command, key)
    assert (again.replayed, again.records) == (True, first[0].records)
    with pytest.raises(MergedAway):
        await _asked_of(there, duplicate, command, fresh_id())


async def _asked_of(office: Office, organisation: StreamId, command: Any, key: str) -> Receipt:
    office.organisation = organisation
    return await office.ask(command, key=key)


async def test_of_somebody_on_whom_nothing_is_recorded_nothing_is_read(offices: tuple[Office, Office]) -> None:
    """Given a person whom no record is about, when their name is kept, then only the organisation is read."""
    here, _ = offices
    here.readings.clear()
    await here.name(fresh_id())
    assert here.readings == [[here.organisation]]


async def test_what_is_recorded_of_somebody_elsewhere_counts(offices: tuple[Office, Office], vault: Vault) -> None:
    """Given a person erased elsewhere of whom the vault here knows nothing, when kept, then it is refused and gone."""
    here, there = offices
    person = PersonId(fresh_id())
    await there.erase(person)
    async with vault.transaction(here.tenant) as connection:
        await connection.execute("delete from vault.persons where tenant = $1 and person = $2", here.tenant, person)
    with pytest.raises(PersonIsErased):
        await here.name(person)
    assert await vault.held(here.tenant, person) == []


async def test_a_persons_key_that_never_rests_holds_up_nobody_for_good(
    offices: tuple[Office, Office], event_log: EventLog, vault: Vault
) -> None:
    """Given a person's key that is wrapped anew all the time, when they are named, then it is to be asked again."""
    here, _ = offices
    person, key = PersonId(fresh_id()), fresh_id()
    await here.name(person)
    overtaken, _ = between(vault, lambda: wrap_anew(vault, here.tenant, person), times=6)
    there = Office(Application(event_log, overtaken), here.tenant, StreamId(fresh_id()))
    await there.ask(RegisterOrganisation(name="Bank", side=Side.COMPANY, rehearsal=True), creates=True)
    before = (await event_log.head(here.tenant)).size

    with pytest.raises(TooBusy):
        await there.name(person, key=key)
    assert (await event_log.head(here.tenant)).size == before

    assert (await there.name(person, key=key)).version == 2
