"""Where a record belongs: to which edition, to which contract. From decoded entries, without a model of anything.

A record names its edition only where its stream begins (a contract's draft, a negotiation's opening …), so the edition
of any other is that of the first record of its stream. That one never changes: whoever has looked it up may keep it.
"""

from collections.abc import Mapping
from typing import Any

from domain.identity import MarketplaceId, NegotiationId, StreamId, contract_of

HOST_WIDE = ("organisation.", "person.", "access.")
"""Streams that belong to no edition: their first record needn't be looked up."""


def edition_named(entry: Mapping[str, Any]) -> MarketplaceId | None:
    """The edition that the record itself names: its stream's, or the one that a role or key is for."""
    if entry["type"].startswith("marketplace."):
        return MarketplaceId(StreamId(entry["stream"]))
    data = entry["data"]
    form = data.get("form")
    told = (form if isinstance(form, dict) else data).get("marketplace")
    return MarketplaceId(StreamId(told)) if isinstance(told, str) else None


def needs_first(entry: Mapping[str, Any]) -> bool:
    """Whether the edition has to be looked up at the first record of the stream."""
    return edition_named(entry) is None and not entry["type"].startswith(HOST_WIDE)


def cases(entry: Mapping[str, Any]) -> tuple[StreamId, ...]:
    """The cases that a record belongs to, as `domain.trail.step.cases` tells them of decoded records."""
    stream = StreamId(entry["stream"])
    if entry["type"].startswith("negotiation."):
        return (contract_of(NegotiationId(stream)),)
    data = entry["data"]
    if entry["type"] == "listing.promised.v1":
        return (stream, contract_of(NegotiationId(StreamId(data["negotiation"]))))
    contract = data.get("contract")
    return (stream, StreamId(contract)) if isinstance(contract, str) else (stream,)
