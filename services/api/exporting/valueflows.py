"""An edition in the words of ValueFlows 1.0 as JSON-LD; docs/valueflows.md holds the mapping.

The context stands in the document, so that nothing is fetched to read it. Ids are `urn:uuid:`; those of things that
have none of their own (areas, units, proposals, pledges) are UUIDs of version 5, the same in every export.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec

from domain.contract.fulfilment import PledgeStatus
from domain.ledger.row import COUNTS
from domain.listing.events import ListingKind
from domain.negotiation.terms import PledgeKind
from services.application.views import LedgerRowView, ListingView, MarketplaceView, PledgeView

VF = "https://w3id.org/valueflows/ont/vf#"
OM2 = "http://www.ontology-of-units-of-measure.org/resource/om-2/"

_LINKS = (
    "action",
    "bundledIn",
    "clauseOf",
    "fulfills",
    "hasUnit",
    "provider",
    "publishes",
    "purpose",
    "realizationOf",
    "receiver",
    "reciprocalClauseOf",
    "reciprocalRealizationOf",
    "resourceConformsTo",
    "satisfies",
)
_TIMES = ("created", "due", "hasBeginning", "hasEnd", "hasPointInTime")
_TERMS = (
    "Agreement",
    "AgreementBundle",
    "Commitment",
    "EconomicEvent",
    "Intent",
    "Measure",
    "Organization",
    "Proposal",
    "ResourceSpecification",
    "Unit",
    "availableQuantity",
    "classifiedAs",
    "effortQuantity",
    "finished",
    "hasNumericalValue",
    "label",
    "name",
    "note",
    "resourceQuantity",
)
CONTEXT: Mapping[str, Any] = {
    "vf": VF,
    "om2": OM2,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{term: f"vf:{term}" for term in _TERMS},
    **{term: {"@id": f"vf:{term}", "@type": "@id"} for term in _LINKS},
    **{term: {"@id": f"vf:{term}", "@type": "xsd:dateTimeStamp"} for term in _TIMES},
    "omUnitIdentifier": {"@id": "vf:omUnitIdentifier", "@type": "xsd:anyURI"},
}
"""Everything that the graph says, by the vocabulary's own addresses."""

ACTIONS: Mapping[PledgeKind, str] = {
    PledgeKind.GOODS: "vf:transfer",
    PledgeKind.SERVICE: "vf:deliverService",
    PledgeKind.USE: "vf:use",
}
"""A pledge's kind as an action of the vocabulary."""

_OM2_UNITS = {
    "hour": ("stunde", "stunden", "std", "std.", "hour", "hours"),
    "day": ("tag", "tage", "day", "days"),
    "week": ("woche", "wochen", "week", "weeks"),
    "month": ("monat", "monate", "month", "months"),
    "kilogram": ("kg", "kilogramm", "kilogram", "kilograms"),
    "kilometre": ("km", "kilometer", "kilometre", "kilometres"),
    "litre": ("l", "liter", "litre", "litres"),
    "squareMetre": ("m²", "qm", "quadratmeter"),
    "one": ("stück", "piece", "pieces"),
}
_OM2_OF = {word: unit for unit, words in _OM2_UNITS.items() for word in words}

_UNITS = UUID("5b7a6e0c-5b0f-5f0e-8a34-5f4a54a3f1aa")
"""The namespace of units: one word, one unit, whoever exports it."""


def urn(id_: str) -> str:
    """A thing of ours."""
    return f"urn:uuid:{id_}"


def part(id_: str, name: str) -> str:
    """A thing that has no id of its own, within one that has."""
    return urn(str(uuid5(UUID(id_), name)))


class Graph:
    """The nodes of one edition, each told once; what a node points to stands before it."""

    def __init__(self, edition: MarketplaceView, names: Mapping[str, str | None]) -> None:
        self._edition = edition
        self._names = names
        self._labels = {area.id: area.label for area in edition.areas}
        self._told: set[str] = set()

    def edition(self) -> Iterator[dict[str, Any]]:
        """The edition, as the bundle of its agreements."""
        yield {"@id": urn(self._edition.id), "@type": "AgreementBundle", "name": self._edition.title}

    def listing(self, listing: ListingView, organisation: str) -> Iterator[dict[str, Any]]:
        """An offer or a need of an organisation; one that was taken back isn't told."""
        if listing.withdrawn or listing.area is None or listing.unit is None:
            return
        yield from self._agent(organisation)
        yield from self._area(listing.area)
        yield from self._unit(listing.unit)
        role = "provider" if listing.kind is ListingKind.OFFER else "receiver"
        intent = urn(listing.id)
        self._told.add(intent)
        yield {
            "@id": intent,
            "@type": "Intent",
            "name": listing.title,
            "action": "vf:transfer",
            role: urn(organisation),
            "resourceConformsTo": self._area_id(listing.area),
            "resourceQuantity": self._measure(listing.quantity, listing.unit),
            "availableQuantity": self._measure(listing.left, listing.unit),
        }
        yield {
            "@id": part(listing.id, "proposal"),
            "@type": "Proposal",
            "name": listing.title,
            "purpose": "vf:offer" if listing.kind is ListingKind.OFFER else "vf:request",
            "publishes": intent,
        }

    def contract(self, row: LedgerRowView) -> Iterator[dict[str, Any]]:
        """A certified contract with its pledges; a form, or one that no longer holds, is no agreement."""
        if row.state not in COUNTS:
            return
        for party in row.parties:
            yield from self._agent(party.organisation, party.name, party.side)
        agreement: dict[str, Any] = {
            "@id": urn(row.id),
            "@type": "Agreement",
            "name": f"{self._edition.title}, Nr. {row.number}",
            "bundledIn": urn(row.marketplace),
        }
        if row.certified_at is not None:
            agreement["created"] = row.certified_at
        yield agreement
        organisations = {party.participation: party.organisation for party in row.parties}
        for place, pledge in enumerate(row.pledges):
            yield from self._area(pledge.area, pledge.area_label)
            yield from self._unit(pledge.unit)
            yield self._commitment(row, place, pledge, organisations)
            if pledge.delivered:
                yield self._delivery(row, place, pledge, organisations)

    def _commitment(
        self, row: LedgerRowView, place: int, pledge: PledgeView, organisations: Mapping[str, str]
    ) -> dict[str, Any]:
        told = {
            "@id": part(row.id, f"pledge/{place}"),
            "@type": "Commitment",
            "clauseOf" if _is_primary(row, pledge) else "reciprocalClauseOf": urn(row.id),
            **self._flow(pledge, pledge.quantity, organisations),
            "finished": pledge.status is PledgeStatus.DELIVERED or pledge.reason is not None,
            "note": _note(pledge),
        }
        if pledge.due_from is not None:
            told["hasBeginning"] = self._at(pledge.due_from, time.min)
        if pledge.due_until is not None:
            told["due"] = self._at(pledge.due_until, time(23, 59, 59))
        if pledge.listing is not None and urn(pledge.listing) in self._told:
            told["satisfies"] = urn(pledge.listing)
        return told

    def _delivery(
        self, row: LedgerRowView, place: int, pledge: PledgeView, organisations: Mapping[str, str]
    ) -> dict[str, Any]:
        """What was delivered of a pledge so far, all of it in one event."""
        return {
            "@id": part(row.id, f"delivery/{place}"),
            "@type": "EconomicEvent",
            "realizationOf" if _is_primary(row, pledge) else "reciprocalRealizationOf": urn(row.id),
            "fulfills": part(row.id, f"pledge/{place}"),
            **self._flow(pledge, pledge.delivered, organisations),
        }

    def _flow(self, pledge: PledgeView, quantity: int, organisations: Mapping[str, str]) -> dict[str, Any]:
        return {
            "action": ACTIONS[pledge.kind],
            "provider": urn(organisations[pledge.giver]),
            "receiver": urn(organisations[pledge.receiver]),
            "resourceConformsTo": self._area_id(pledge.area),
            "effortQuantity" if pledge.kind is PledgeKind.USE else "resourceQuantity": self._measure(
                quantity, pledge.unit
            ),
        }

    def _agent(self, organisation: str, name: str | None = None, side: str | None = None) -> Iterator[dict[str, Any]]:
        if self._first(urn(organisation)):
            told = {"@id": urn(organisation), "@type": "Organization"}
            named = name or self._names.get(organisation)
            if named:
                told["name"] = named
            if side is not None:
                told["classifiedAs"] = str(side)
            yield told

    def _area(self, area: str, label: str | None = None) -> Iterator[dict[str, Any]]:
        if self._first(self._area_id(area)):
            name = label or self._labels.get(area, area)
            yield {"@id": self._area_id(area), "@type": "ResourceSpecification", "name": name}

    def _area_id(self, area: str) -> str:
        return part(self._edition.id, f"area/{area}")

    def _unit(self, unit: str) -> Iterator[dict[str, Any]]:
        if self._first(_unit_id(unit)):
            told = {"@id": _unit_id(unit), "@type": "Unit", "label": unit}
            known = _OM2_OF.get(unit.casefold())
            if known is not None:
                told["omUnitIdentifier"] = OM2 + known
            yield told

    def _measure(self, quantity: int | None, unit: str) -> dict[str, Any]:
        return {"@type": "Measure", "hasNumericalValue": quantity, "hasUnit": _unit_id(unit)}

    def _at(self, day: date, hour: time) -> str:
        return datetime.combine(day, hour, ZoneInfo(self._edition.time_zone)).isoformat()

    def _first(self, id_: str) -> bool:
        if id_ in self._told:
            return False
        self._told.add(id_)
        return True


def _unit_id(unit: str) -> str:
    return urn(str(uuid5(_UNITS, unit.casefold())))


def _is_primary(row: LedgerRowView, pledge: PledgeView) -> bool:
    return pledge.giver == row.pledges[0].giver


def _note(pledge: PledgeView) -> str:
    value = pledge.standing
    if value is None:
        return pledge.title
    euro = f"{value.minor // 100}.{value.minor % 100:02}"
    return f"{pledge.title} (Schätzwert {euro} {value.currency}, {value.basis.value}; keine Zuwendungsbestätigung)"


async def document(nodes: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    """The document, node by node."""
    yield b'{"@context":' + msgspec.json.encode(CONTEXT) + b',"@graph":['
    between = b""
    async for node in nodes:
        yield between + msgspec.json.encode(node)
        between = b",\n"
    yield b"]}\n"
