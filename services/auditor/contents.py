"""What a bundle holds: every member is the one that the manifest names, and is something that a bundle has."""

from collections.abc import Iterator
from typing import Any

from domain.codec import Malformed, parse
from domain.transparency import bundle as members
from domain.transparency.note import NoteMalformed, VerifierKey
from domain.transparency.replay import Finding
from services.auditor.bundle import Bundle, Unreadable

_RETIRED = "# signs no more since "


def check_members(bundle: Bundle, manifest: dict[str, Any]) -> Iterator[Finding]:
    """No member is missing, changed, unnamed or unknown. Raises `Unreadable` without those that are needed."""
    told = manifest.get("members")
    told = told if isinstance(told, dict) else {}
    for name in members.NEEDED:
        if name not in bundle.names:
            raise Unreadable(name, f"{name} isn't in the bundle")
    for name in sorted(bundle.names - told.keys() - {members.MANIFEST}):
        yield Finding("member-unnamed", None, f"{name} isn't named in the manifest.")
    for name in sorted(name for name in bundle.names if not members.is_known(name)):
        yield Finding("member-unknown", None, f"{name} is nothing that a bundle of this format has.")
    for name, said in sorted(told.items()):
        if name not in bundle.names:
            yield Finding("member-missing", None, f"{name} is named in the manifest and isn't in the bundle.")
        elif not _is_as_told(bundle, name, said):
            yield Finding("member-differs", None, f"{name} isn't what the manifest says of it.")


def _is_as_told(bundle: Bundle, name: str, said: object) -> bool:
    """Whether a member has the length and hash that the manifest says. Raises `Unreadable`."""
    if not isinstance(said, dict) or not isinstance(said.get("length"), int):
        return False
    return bundle.measured(name, said["length"]) == (said["length"], said.get("sha256"))


def check_schemas(bundle: Bundle, types: set[str]) -> Iterator[Finding]:
    """Every type of record that occurs is explained, by a schema."""
    try:
        told = parse(bundle.small(members.SCHEMAS))
    except Malformed as error:
        raise Unreadable(members.SCHEMAS, f"the schemas can't be read: {error}") from error
    by_name = told.get("types") if isinstance(told, dict) else None
    explained = by_name if isinstance(by_name, dict) else {}
    missing = sorted(name for name in types if not _has_schema(explained.get(name)))
    if missing:
        said = f"{members.SCHEMAS} doesn't explain every type of record: {', '.join(missing[:5])}."
        yield Finding("schema-missing", None, said)


def _has_schema(told: object) -> bool:
    return isinstance(told, dict) and isinstance(told.get("schema"), dict)


def published_keys(bundle: Bundle) -> tuple[list[VerifierKey], list[VerifierKey]]:
    """The keys that the bundle itself names, those that sign and those that did: they show consistency, not trust."""
    try:
        return keys_of(bundle.small(members.KEYS))
    except (NoteMalformed, UnicodeDecodeError) as error:
        raise Unreadable(members.KEYS, f"the keys can't be read: {error}") from error


def keys_of(raw: bytes) -> tuple[list[VerifierKey], list[VerifierKey]]:
    """The keys as a service publishes them, those that sign and those that did.

    Raises `NoteMalformed`, and `UnicodeDecodeError`.
    """
    signing, retired = [], []
    for line in raw.decode().splitlines():
        if line.startswith(_RETIRED):
            retired.append(VerifierKey.parse(line.rpartition(" ")[2]))
        elif line and not line.startswith("#"):
            signing.append(VerifierKey.parse(line))
    return signing, retired
