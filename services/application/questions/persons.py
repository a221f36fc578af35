"""What is held on a person, for the host's administration: to answer them, and before it is destroyed."""

from dataclasses import replace
from datetime import date, datetime

from msgspec import Struct

from domain.access.members import Access
from domain.access.role import Role
from domain.aggregates import ACCESS, ORGANISATION, PERSON
from domain.identity import OrganisationId, PersonId, StreamId, TenantId, access_of, person_stream
from domain.organisation.events import Mandate
from domain.organisation.state import Organisation
from domain.person.commands import CorrectPerson, EraseNote, ErasePerson, LiftRestriction, RestrictPerson
from domain.person.events import Basis
from domain.person.state import Person
from domain.refusal import NotThere
from infra.clock import now
from infra.event_log.mentions import Mention, records_naming, streams_naming
from infra.postgres.tenancy import AccessKeys
from infra.vault.disclosures import disclosures_about, note_disclosure
from services.application.asking import Caller
from services.application.queries import Queries
from services.application.questions.notes import NOTE
from services.application.reading.names import NAME
from services.application.seen import Seen, fold
from services.application.trouble import RoleNotAllowed

MAY_READ = frozenset({Role.HOST_ADMIN})
"""The role that reads what is held on a person as such."""

_NAMING = ("organisation.representative_named.v1", "organisation.absorbed.v1")
"""The records by which somebody comes to speak for an organisation."""

_NOTED = ("access.member_added.v1", *_NAMING)


class PersonView(Struct, kw_only=True, frozen=True):
    """What is held on a person: `state` is held, restricted or erased; `until` and `basis` are the restriction's."""

    id: str
    version: int
    state: str
    name: str | None
    contact: str | None
    until: date | None
    basis: Basis | None


class HeldView(Struct, kw_only=True, frozen=True):
    """A value, and the record for which it was kept."""

    field: str
    value: str
    record: str
    kept_at: datetime


class RoleView(Struct, kw_only=True, frozen=True):
    """A role at the host, or (with `marketplace`) in one edition."""

    role: str
    marketplace: str | None


class KeyView(Struct, kw_only=True, frozen=True):
    """An access key that was issued to the person; the key itself isn't kept."""

    key: str
    role: str
    marketplace: str | None
    issued_at: datetime
    revoked_at: datetime | None


class SpokenForView(Struct, kw_only=True, frozen=True):
    """An organisation that the person speaks for, or is (a sole trader), and with which mandate they sign."""

    organisation: str
    name: str | None
    mandate: Mandate | None


class MentionView(Struct, kw_only=True, frozen=True):
    """A record that names the person's pseudonym; `acted` says that they did it."""

    position: int
    record: str
    type: str
    at: str
    stream: str
    acted: bool


class DisclosureView(Struct, kw_only=True, frozen=True):
    """Who got to read what of the person beyond daily work, and when."""

    at: datetime
    member: str
    role: str
    what: str


class LookThroughView(Struct, kw_only=True, frozen=True):
    """A note that somebody else wrote at a record of a thing in which the person acted: it may be about them."""

    record: str
    author: str
    stream: str


class InformationView(Struct, kw_only=True, frozen=True):
    """Everything that is held on a person. Whoever answers looks through the notes of others by hand."""

    person: PersonView
    told_at: datetime
    held: list[HeldView]
    member: bool
    roles: list[RoleView]
    keys: list[KeyView]
    speaks_for: list[SpokenForView]
    records: list[MentionView]
    disclosures: list[DisclosureView]
    notes_to_look_through: list[LookThroughView]


async def person(queries: Queries, tenant: TenantId, who: PersonId) -> PersonView:
    """What is held on a person, in short; raises `NotThere` for a pseudonym that nobody has."""
    await _must_be_known(queries, tenant, who)
    read = await queries.log.read(tenant, None, [person_stream(who)])
    seen = fold(PERSON, read.streams[person_stream(who)])
    values = (await queries.vault.read(tenant, [who])).get(who, {})
    return _view(who, seen, values.get(NAME), values.get("contact"))


async def information(queries: Queries, caller: Caller, who: PersonId) -> InformationView:
    """Everything that is held on a person; that it was read, and by whom, is noted before it is handed out."""
    if caller.role not in MAY_READ:
        raise RoleNotAllowed
    tenant = caller.tenant
    short = await person(queries, tenant, who)
    await note_disclosure(queries.vault, tenant, caller.member, caller.role.value, "information", about=who)
    access = fold(ACCESS, (await queries.log.read(tenant, None, [access_of(tenant)])).streams[access_of(tenant)])
    belongs: Access = access.state
    mentions = [mention async for mention in records_naming(queries.log.pool, tenant, who)]
    return InformationView(
        person=short,
        told_at=now(),
        held=[
            HeldView(field=one.field, value=one.value, record=one.event, kept_at=one.kept_at)
            for one in await queries.vault.held(tenant, who)
        ],
        member=who in belongs.members,
        roles=[
            RoleView(role=held.role.value, marketplace=held.marketplace)
            for held in sorted(belongs.roles, key=lambda held: (held.role, held.marketplace or ""))
            if held.person == who
        ],
        keys=[
            KeyView(
                key=key.key_id,
                role=key.role,
                marketplace=key.marketplace,
                issued_at=key.created_at,
                revoked_at=key.revoked_at,
            )
            for key in await AccessKeys(queries.log.pool).of_member(tenant, who)
        ],
        speaks_for=await _speaks_for(queries, tenant, who),
        records=[_mention(mention) for mention in mentions],
        disclosures=[
            DisclosureView(at=one.at, member=one.member, role=one.role, what=one.what)
            for one in await disclosures_about(queries.vault, tenant, who)
        ],
        notes_to_look_through=await _notes_of_others(queries, tenant, who, mentions),
    )


async def with_organisations(queries: Queries, tenant: TenantId, command: ErasePerson) -> ErasePerson:
    """The command with the organisations that the person speaks for, as the log names them."""
    await _must_be_known(queries, tenant, command.person)
    if command.successor is not None:
        await _must_be_known(queries, tenant, command.successor)
    found = await streams_naming(queries.log.pool, tenant, _NAMING, command.person)
    return replace(command, organisations=tuple(OrganisationId(stream) for stream in found))


async def of_somebody(
    queries: Queries, tenant: TenantId, command: CorrectPerson | RestrictPerson | LiftRestriction
) -> CorrectPerson | RestrictPerson | LiftRestriction:
    """The command as it is; raises `NotThere` for a pseudonym that nobody has."""
    await _must_be_known(queries, tenant, command.person)
    return command


async def of_a_note(queries: Queries, tenant: TenantId, command: EraseNote) -> EraseNote:
    """The command as it is; raises `NotThere` when the person wrote no note at that record."""
    read = await queries.log.read(tenant, None, [person_stream(command.person)])
    state: Person = fold(PERSON, read.streams[person_stream(command.person)]).state
    if command.event not in state.erased_notes and not any(
        one.field == NOTE and one.event == command.event for one in await queries.vault.held(tenant, command.person)
    ):
        raise NotThere
    return command


async def _must_be_known(queries: Queries, tenant: TenantId, who: PersonId) -> None:
    if await queries.vault.knows(tenant, who):
        return
    if not await streams_naming(queries.log.pool, tenant, _NOTED, who):
        raise NotThere


async def _speaks_for(queries: Queries, tenant: TenantId, who: PersonId) -> list[SpokenForView]:
    itself = StreamId(who)
    streams = {*await streams_naming(queries.log.pool, tenant, _NAMING, who), itself}
    read = await queries.log.read(tenant, None, sorted(streams))
    found = []
    for stream, records in read.streams.items():
        if not records or not records[0].envelope.type.startswith(ORGANISATION.prefix):
            continue
        state: Organisation = fold(ORGANISATION, records).state
        if who in state.representatives or stream == itself:
            found.append(SpokenForView(organisation=stream, name=state.name, mandate=state.mandates.get(who)))
    return found


async def _notes_of_others(
    queries: Queries, tenant: TenantId, who: PersonId, mentions: list[Mention]
) -> list[LookThroughView]:
    """Notes that others wrote on the things in which the person acted or is named."""
    streams = sorted({mention.stream for mention in mentions})
    read = (await queries.log.read(tenant, None, streams)).streams if streams else {}
    records = {
        record.envelope.id: record.envelope
        for told in read.values()
        for record in told
        if NOTE in record.envelope.sealed and record.envelope.actor.id != who
    }
    kept = await queries.vault.of_events(tenant, records, NOTE) if records else {}
    return [
        LookThroughView(record=event, author=told.actor.id, stream=told.stream)
        for event, told in records.items()
        if event in kept
    ]


def _view(who: PersonId, seen: Seen, name: str | None, contact: str | None) -> PersonView:
    state: Person = seen.state
    kept = state.restriction
    return PersonView(
        id=who,
        version=seen.version,
        state="erased" if state.erased else "held" if kept is None else "restricted",
        name=name,
        contact=contact,
        until=None if kept is None else kept.until,
        basis=None if kept is None else kept.basis,
    )


def _mention(mention: Mention) -> MentionView:
    return MentionView(
        position=mention.position,
        record=mention.event,
        type=mention.type,
        at=mention.at,
        stream=mention.stream,
        acted=mention.acted,
    )
