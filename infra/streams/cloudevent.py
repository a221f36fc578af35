"""A record as a CloudEvent (CloudEvents 1.0.2, JSON format, structured mode), told to one audience.

`type` is the stored name as it stands, without a prefix: one name for a type in the log, in filters, in SSE, in
subjects of a broker. `source` is the log's origin, so that `source` and `id` together are unique and last (§3.1.1).
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from domain.identity import TenantId
from domain.streaming.audience import Audience
from domain.streaming.persons import pseudonyms
from domain.streaming.visibility import reduced
from domain.transparency.merkle import leaf_hash
from infra.streams.feed import Heard

MEDIA_TYPE = "application/cloudevents+json"
BATCH_MEDIA_TYPE = "application/cloudevents-batch+json"

SEQUENCE_DIGITS = 16
"""A position is at most 2^53-1: so many digits, and the order of texts is the order of records."""

Persons = Mapping[str, Mapping[str, str] | None]
"""What the vault holds on persons (`name`, `contact`), by pseudonym; None: erased. Whoever isn't in it isn't known."""

_PATH = "/:@!$&'()*,;=~-._"
"""What may stand in a URI-reference's path besides letters and digits (RFC 3986 §3.3)."""

_encode = msgspec.json.Encoder().encode


def cloudevent(
    tenant: TenantId,
    heard: Heard,
    audience: Audience,
    *,
    address: str,
    persons: Persons | None = None,
    thin: bool = False,
) -> bytes | None:
    """The event's bytes; None when `audience` may not even know of the record.

    `address` is where this service is reached from outside (`https://…`, no slash at the end): `dataschema` and
    `dataref` begin with it. `persons` are told beside the data to those with the right to them (None: to nobody).
    `thin` is an event without data: `dataref` says where it is to be pulled. The same record makes the same bytes
    for the same audience, whichever way they go, but for what `persons` says by then.
    """
    entry = reduced(heard.entry, audience)
    if entry is None:
        return None
    position = heard.recorded.position
    event = _context(tenant, heard, entry, audience)
    if thin:
        event["dataref"] = f"{address}/v1/{quote(tenant)}/events?after={position - 1}&limit=1"
        return _encode(event)
    event["datacontenttype"] = "application/json"
    event["dataschema"] = f"{address}/schemas/{audience.value}/{quote(entry['type'])}.json"
    event["data"] = _data(entry, persons)
    return _encode(event)


def _context(tenant: TenantId, heard: Heard, entry: Mapping[str, Any], audience: Audience) -> dict[str, Any]:
    """The attributes (§3.1) and extensions (§3.1.2: lower-case letters and digits); what isn't known is left out."""
    actor = entry.get("actor") or {}
    told = {
        "specversion": "1.0",
        "id": entry["id"],
        "source": quote(entry["origin"], safe=_PATH),
        "type": entry["type"],
        "subject": entry["stream"],
        "time": entry["time"],
        "sequence": f"{heard.recorded.position:0{SEQUENCE_DIGITS}d}",
        "tenant": tenant,
        "streamversion": entry["version"],
        "rehearsal": entry["rehearsal"],
        "marketplace": heard.edition,
        "cause": entry.get("cause"),
        "correlation": entry.get("correlation"),
        "actor": actor.get("id"),
        "actorrole": actor.get("role"),
        "onbehalfof": actor.get("on_behalf_of"),
    }
    if audience is Audience.INTERNAL:
        told["leafhash"] = leaf_hash(heard.recorded.bytes).hex()
    return {name: value for name, value in told.items() if value is not None}


def _data(entry: Mapping[str, Any], persons: Persons | None) -> dict[str, Any]:
    """The members that this audience sees, and beside them commitments and persons: no fact has members so named."""
    data = dict(entry["data"])
    if entry.get("sealed"):
        data["sealed"] = entry["sealed"]
    if persons is not None:
        named = {each: persons[each] for each in sorted(pseudonyms(entry)) if each in persons}
        data["persons"] = {
            each: {"erased": True} if values is None else {**values, "erased": False} for each, values in named.items()
        }
    return data
