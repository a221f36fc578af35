"""Records as CloudEvents: the specification's own package reads them, for every type and every audience."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.v1.event import CloudEvent

from domain.identity import PersonId, StreamId, TenantId
from domain.streaming.audience import Audience
from domain.streaming.places import edition_named
from domain.streaming.visibility import visible
from domain.transparency.merkle import leaf_hash
from infra.event_log.outcomes import RecordedBytes
from infra.event_log.store import EventLog
from infra.streams.cloudevent import MEDIA_TYPE, Persons, cloudevent
from infra.streams.feed import Heard
from infra.streams.joining import persons_of
from infra.vault.vault import Vault
from tests.golden.samples import lines
from tests.vaults import open_test_vault

ESSEN = TenantId("essen")
ADDRESS = "https://marktplatz.example"


def heard_from(line: bytes, position: int = 17) -> Heard:
    entry: dict[str, Any] = json.loads(line)
    recorded = RecordedBytes(
        position, StreamId(entry["stream"]), entry["version"], entry["type"], datetime(2006, 9, 18, tzinfo=UTC),
        entry["rehearsal"], line,
    )  # fmt: skip
    return Heard(recorded, entry, edition_named(entry))


def golden(name: str) -> Heard:
    return heard_from(next(line for line in lines() if json.loads(line)["type"] == name))


def read(event: bytes | None) -> CloudEvent:
    """The event as the specification's package reads it."""
    assert event is not None
    told = from_structured_event(HTTPMessage(headers={"content-type": MEDIA_TYPE}, body=event))
    assert isinstance(told, CloudEvent)
    return told


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("thin", [False, True])
def test_every_type_is_an_event_that_the_specifications_package_reads(audience: Audience, *, thin: bool) -> None:
    """Given all golden entries, when told, then what the audience sees is CloudEvents, and nothing else is told."""
    for line in lines():
        heard = heard_from(line)
        event = cloudevent(ESSEN, heard, audience, address=ADDRESS, thin=thin)
        if not visible(heard.recorded.type, audience):
            assert event is None
            continue
        told = read(event)
        assert (told.get_id(), told.get_source()) == (heard.entry["id"], "handschlag/essen")
        assert told.get_type() == heard.recorded.type
        assert told.get_subject() == heard.entry["stream"]
        assert told.get_extension("sequence") == "0000000000000017"
        assert all(len(name) <= 20 and isinstance(value, str | int | bool | datetime)
                   for name, value in told.get_attributes().items())  # fmt: skip
        assert (told.get_data() is None) is thin


def test_the_internal_event_carries_what_proves_it() -> None:
    """Its leaf hash leads to the receipt, and commitments stand beside the data; who acted is told."""
    heard = golden("contract.certified.v1")
    told = read(cloudevent(ESSEN, heard, Audience.INTERNAL, address=ADDRESS))
    assert told.get_extension("leafhash") == leaf_hash(heard.recorded.bytes).hex()
    assert told.get_extension("actor") == "p-9"
    assert told.get_extension("correlation") == "golden"
    assert told.get_dataschema() == f"{ADDRESS}/schemas/internal/contract.certified.v1.json"
    assert told.get_data() == {**heard.entry["data"], "sealed": heard.entry["sealed"]}


def test_the_public_event_says_what_a_ticker_needs() -> None:
    """The number; nobody's pseudonym, no commitment, no hash of what isn't shown."""
    event = cloudevent(ESSEN, golden("contract.certified.v1"), Audience.PUBLIC, address=ADDRESS)
    told = read(event)
    data = told.get_data()
    assert isinstance(data, dict)
    assert data.keys() == {"number"}
    assert told.get_attributes().keys() == {
        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema",
        "sequence", "tenant", "streamversion", "rehearsal",
    }  # fmt: skip


def test_a_thin_event_says_where_it_is_to_be_pulled() -> None:
    """The receiver asks for it with its own key, and sees what that key may."""
    told = read(cloudevent(ESSEN, golden("contract.certified.v1"), Audience.PUBLIC, address=ADDRESS, thin=True))
    assert told.get_extension("dataref") == f"{ADDRESS}/v1/essen/events?after=16&limit=1"


def test_a_logs_name_that_is_no_address_is_escaped() -> None:
    """`source` is a URI-reference (RFC 3986)."""
    line = json.dumps({**golden("contract.certified.v1").entry, "origin": 'my"log"/<1>'}).encode()
    assert read(cloudevent(ESSEN, heard_from(line), Audience.INTERNAL, address=ADDRESS)).get_source() == (
        "my%22log%22/%3C1%3E"
    )


@pytest.fixture
async def vault(event_log: EventLog) -> Vault:
    """A vault beside the log."""
    return await open_test_vault(event_log.pool)


async def test_persons_are_told_beside_the_data_as_the_vault_has_them(vault: Vault, tenant: TenantId) -> None:
    """Given two whom the vault knows, one erased, when told with the right to it, then a name and an erased one."""
    signed = golden("contract.signed.v1")
    signature = signed.entry["data"]["signature"]
    signature["witness"] = "00000000-0000-4000-8000-000000000001"
    person, witness = PersonId(signature["person"]), PersonId(signature["witness"])
    for each, values in ((person, {"name": "Anna Beispiel", "note": "ruft gern an"}), (witness, {"name": "W."})):
        await vault.keep(tenant, each, signed.entry["id"], values)
    erased = "update vault.persons set leaving_at = now() where tenant = $1 and person = $2"
    async with vault.transaction(tenant) as connection:
        await connection.execute(erased, tenant, witness)
    persons = await persons_of(vault, tenant, [signed], Audience.INTERNAL)
    told = read(cloudevent(tenant, signed, Audience.INTERNAL, address=ADDRESS, persons=persons)).get_data()
    assert isinstance(told, dict)
    assert told["persons"] == {
        person: {"name": "Anna Beispiel", "erased": False},
        witness: {"erased": True},
    }


async def test_partners_are_told_of_no_person_that_the_record_does_not_show_them(
    vault: Vault, tenant: TenantId
) -> None:
    """The right to personal values widens no audience."""
    signed = golden("contract.signed.v1")
    await vault.keep(tenant, signed.entry["data"]["signature"]["person"], signed.entry["id"], {"name": "Anna"})
    assert await persons_of(vault, tenant, [signed], Audience.PARTNER) == {}
    everybody: Persons = {PersonId(signed.entry["data"]["signature"]["person"]): {"name": "Anna"}}
    told = cloudevent(tenant, signed, Audience.PARTNER, address=ADDRESS, persons=everybody)
    assert told is not None
    assert b"Anna" not in told
