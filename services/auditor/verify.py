"""Checking a bundle: signatures, tree, streams, ledger, and whatever evidence the auditor brings along.

Every finding is told; the verdict is `verified` only under a key that the auditor pinned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from domain.transparency import bundle as members
from domain.transparency import checkpoint as checkpoints
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import grow, root
from domain.transparency.note import Note, NoteMalformed, VerifierKey
from domain.transparency.replay import Finding
from services.auditor.bundle import Bundle, Unreadable
from services.auditor.disclosures import check_disclosures, disclosed_positions
from services.auditor.history import MOST, Progress, Walked, compare_ledger, walk
from services.auditor.trust import Trust, check_held, check_quorum, check_signature


class Verdict(StrEnum):
    """What an auditor can say of a bundle."""

    VERIFIED = "verified"
    CONSISTENT = "consistent with itself"
    FINDINGS = "findings"


@dataclass(slots=True, kw_only=True)
class Report:
    """What was checked and what was found. `counted` is how many findings there are, more than are listed perhaps."""

    verdict: Verdict = Verdict.FINDINGS
    tenant: str | None = None
    origin: str | None = None
    size: int | None = None
    root: str | None = None
    contracts: int | None = None
    ledger_digest: str | None = None
    keys: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    witnessed: bool = False
    findings: list[Finding] = field(default_factory=list)
    counted: int = 0

    @property
    def first_bad(self) -> int | None:
        """The first position at which something is wrong, if one can be named.

        What is wrong with the ledger alone is named only where every record is as it has to be.
        """
        placed = [found for found in self.findings if found.position is not None]
        records = [found for found in placed if not found.kind.startswith("row-")]
        return min((found.position or 0 for found in records or placed), default=None)

    def note(self, found: Finding) -> None:
        """Take a finding down."""
        self.counted += 1
        if len(self.findings) < MOST:
            self.findings.append(found)


def verify(bundle: Bundle, trust: Trust, progress: Progress) -> Report:
    """Check the bundle. A member that can't be read is a finding; nothing raises but what the disk does."""
    report = Report(held=[held.file for held in trust.held])
    try:
        _check(bundle, trust, progress, report)
    except Unreadable as error:
        report.note(Finding("member-unreadable", None, f"{error.member}: {error}."))
    if not report.counted:
        report.verdict = Verdict.VERIFIED if trust.keys else Verdict.CONSISTENT
    return report


def _check(bundle: Bundle, trust: Trust, progress: Progress, report: Report) -> None:
    manifest = bundle.manifest()
    for found in _check_members(bundle, manifest):
        report.note(found)
    said, note = _checkpoint(bundle)
    report.tenant, report.ledger_digest = manifest.get("tenant"), manifest.get("ledger_digest")
    report.origin, report.size, report.root = said.origin, said.size, said.root.hex()
    keys = trust.keys or tuple(_keys(bundle))
    report.keys = [str(key) for key in keys]
    report.witnessed = trust.policy is not None
    for found in (
        *check_signature(note, keys, "the checkpoint"),
        *check_quorum(note, trust.policy),
        *_check_manifest(manifest, said),
    ):
        report.note(found)
    sizes = frozenset({said.size, *(held.checkpoint.size for held in trust.held)})
    keep = disclosed_positions(bundle) | {held.position for held in trust.held if held.position is not None}
    walked = walk(bundle, said.origin, said.size, sizes=sizes, keep=keep, progress=progress)
    report.contracts = len(walked.replay.rows)
    for found in (
        *walked.findings,
        *_check_tree(bundle, said, walked),
        *_check_held(trust, keys, walked),
        *compare_ledger(bundle, walked, str(manifest.get("ledger_digest"))),
        *check_disclosures(bundle, walked.kept),
    ):
        report.note(found)


def _check_held(trust: Trust, keys: Sequence[VerifierKey], walked: Walked) -> Iterator[Finding]:
    for held in trust.held:
        entry = walked.kept.get(held.position) if held.position is not None else None
        yield from check_held(held, keys, walked.replay.size, _at(walked, held.checkpoint), entry)


def _check_members(bundle: Bundle, manifest: dict[str, Any]) -> Iterator[Finding]:
    """Every member is the one that the manifest names, and none is there that it doesn't name."""
    told = manifest.get("members")
    told = told if isinstance(told, dict) else {}
    for name in members.NEEDED:
        if name not in bundle.names:
            raise Unreadable(name, f"{name} isn't in the bundle")
    for name in sorted(bundle.names - told.keys() - {members.MANIFEST}):
        yield Finding("member-unnamed", None, f"{name} isn't named in the manifest.")
    for name, said in sorted(told.items()):
        if name not in bundle.names:
            yield Finding("member-missing", None, f"{name} is named in the manifest and isn't in the bundle.")
        elif not isinstance(said, dict) or bundle.measured(name) != (said.get("length"), said.get("sha256")):
            yield Finding("member-differs", None, f"{name} isn't what the manifest says of it.")


def _checkpoint(bundle: Bundle) -> tuple[Checkpoint, Note]:
    try:
        return checkpoints.parse(bundle.small(members.CHECKPOINT))
    except NoteMalformed as error:
        raise Unreadable(members.CHECKPOINT, f"the checkpoint can't be read: {error}") from error


def _keys(bundle: Bundle) -> list[VerifierKey]:
    """The keys that the bundle itself names: enough to find it consistent, not to trust it."""
    try:
        lines = bundle.small(members.KEYS).decode().splitlines()
        return [VerifierKey.parse(line) for line in lines if line]
    except (NoteMalformed, UnicodeDecodeError) as error:
        raise Unreadable(members.KEYS, f"the keys can't be read: {error}") from error


def _check_manifest(manifest: dict[str, Any], said: Checkpoint) -> Iterator[Finding]:
    told = (manifest.get("origin"), manifest.get("size"), manifest.get("root"))
    if told != (said.origin, said.size, said.root.hex()):
        yield Finding("manifest-differs", None, "The manifest speaks of another history than the checkpoint.")


def _check_tree(bundle: Bundle, said: Checkpoint, walked: Walked) -> Iterator[Finding]:
    """The entries are as many as were signed, and give the root that was signed."""
    found = walked.replay.size
    if found != said.size:
        place = min(found, said.size) + 1
        yield Finding("size-differs", place, f"The checkpoint is of {said.size} records, the bundle has {found}.")
    if _at(walked, said) == said.root:
        if walked.changed is not None:
            yield Finding("leaf-differs", walked.changed, "The bundle's hash of this record isn't the record's.")
        return
    if walked.changed is not None and root(grow(0, (), bundle.hashes())[1]) == said.root:
        yield Finding("entry-changed", walked.changed, "This record isn't the one that was signed.")
        return
    yield Finding("root-differs", walked.changed, "The records don't give the root that was signed.")


def _at(walked: Walked, of: Checkpoint) -> bytes | None:
    return walked.roots.get(of.size)
