"""What a bundle holds: every member is the one that the manifest names, and is something that a bundle has."""

from collections.abc import Iterator
from typing import Any

from domain.codec import Malformed, canonical, parse
from domain.streaming.explained import explained
from domain.transparency import bundle as members
from domain.transparency.note import NoteMalformed, VerifierKey
from domain.transparency.replay import Finding
from services.auditor.bundle import Bundle, Unreadable

_RETIRED = "# signs no more since "


def check_archive(bundle: Bundle) -> Iterator[Finding]:
    """The file holds nothing but members, and members are files."""
    for said in bundle.besides():
        yield Finding("bytes-outside", None, f"{said} They belong to nothing that is checked.")
    for name in bundle.irregular():
        yield Finding("member-irregular", None, f"{name} is a link, a folder or a device, and no file.")


def check_members(bundle: Bundle, manifest: dict[str, Any]) -> Iterator[Finding]:
    """No member is missing, changed, unnamed or unknown, and the manifest says nothing else.

    Raises `Unreadable` without those that are needed.
    """
    for name in sorted(manifest.keys() - members.FIELDS):
        yield Finding("manifest-needless", None, f"The manifest says what no manifest says, {name!r}.")
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
        else:
            yield from _check_member(bundle, name, said)


def _check_member(bundle: Bundle, name: str, said: object) -> Iterator[Finding]:
    """A member has the length and hash that the manifest says. Raises `Unreadable` for one that is needed."""
    said = said if isinstance(said, dict) else {}
    length = said.get("length")
    try:
        found = bundle.measured(name, length if isinstance(length, int) else 0)
    except Unreadable as error:
        if name in members.NEEDED:
            raise
        yield Finding("member-unreadable", None, f"{name}: {error}.")
        return
    if said.keys() != members.MEMBER_FIELDS or found != (length, said.get("sha256")):
        yield Finding("member-differs", None, f"{name} isn't what the manifest says of it.")


def check_schemas(bundle: Bundle, types: set[str]) -> Iterator[Finding]:
    """Every type of record that occurs is explained, by a schema."""
    explaining = _schemas(bundle).get("types")
    by_name = explaining if isinstance(explaining, dict) else {}
    missing = sorted(name for name in types if not _has_schema(by_name.get(name)))
    if missing:
        said = f"{members.SCHEMAS} doesn't explain every type of record: {', '.join(missing[:5])}."
        yield Finding("schema-missing", None, said)


def explained_otherwise(bundle: Bundle) -> list[str]:
    """What the bundle explains in other words or by another schema than this verifier, or this verifier doesn't know.

    Words and limits change from release to release, so this is no finding. Raises `Unreadable`.
    """
    told, own = _flat(_schemas(bundle)), _flat(parse(canonical(explained())))
    return sorted(name for name in told if name not in own or told[name] != own[name])


def _flat(schemas: dict[str, Any]) -> dict[str, Any]:
    """Types by their names, and what stands beside the types."""
    types = schemas.get("types")
    beside = {name: told for name, told in schemas.items() if name != "types"}
    return beside | types if isinstance(types, dict) else schemas


def _schemas(bundle: Bundle) -> dict[str, Any]:
    try:
        told = parse(bundle.small(members.SCHEMAS))
    except Malformed as error:
        raise Unreadable(members.SCHEMAS, f"the schemas can't be read: {error}") from error
    return told if isinstance(told, dict) else {}


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
