"""Opening commitments: values that were disclosed with the bundle, compared with what their records committed to."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.codec import Malformed, parse
from domain.transparency import bundle as members
from domain.transparency.commitment import opens
from domain.transparency.replay import Finding
from services.auditor.bundle import Bundle, Unreadable, told_line


def disclosed_positions(bundle: Bundle) -> frozenset[int]:
    """The records whose bytes have to be kept, so that their commitments can be opened."""
    return frozenset(told["position"] for told in _told(bundle))


def check_disclosures(bundle: Bundle, kept: Mapping[int, bytes]) -> Iterator[Finding]:
    """Every disclosed value is the one that its record committed to."""
    for told in _told(bundle):
        position, field = told["position"], told["field"]
        sealed = _sealed(kept.get(position))
        committed = sealed.get(field)
        if not isinstance(committed, str):
            yield Finding("nothing-sealed", position, f"The record has no sealed {field}.")
        elif not _opens(committed, told):
            yield Finding("disclosure-differs", position, f"The disclosed {field} isn't what the record committed to.")


def _told(bundle: Bundle) -> Iterator[dict[str, Any]]:
    if members.DISCLOSURES not in bundle.names:
        return
    for line in bundle.lines(members.DISCLOSURES):
        told = told_line(members.DISCLOSURES, line)
        shape = {"position": int, "field": str, "salt": str, "value": str}
        if not isinstance(told, dict) or any(not isinstance(told.get(key), kind) for key, kind in shape.items()):
            raise Unreadable(members.DISCLOSURES, "a disclosure names position, field, salt and value")
        yield told


def _sealed(raw: bytes | None) -> Mapping[str, Any]:
    try:
        entry = {} if raw is None else parse(raw)
    except Malformed:
        return {}
    sealed = entry.get("sealed") if isinstance(entry, dict) else None
    return sealed if isinstance(sealed, dict) else {}


def _opens(committed: str, told: Mapping[str, Any]) -> bool:
    try:
        return opens(committed, bytes.fromhex(told["salt"]), told["value"], told["field"])
    except ValueError:
        return False
