"""Checking a bundle: signatures, tree, streams, ledger, and whatever evidence the auditor brings along.

Every finding is told; the verdict is `verified` only under a key that the auditor pinned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from domain.ledger import document
from domain.transparency import bundle as members
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import grow, root
from domain.transparency.note import VerifierKey
from domain.transparency.replay import Finding
from services.auditor import signed
from services.auditor.bundle import Bundle, Unreadable
from services.auditor.contents import check_archive, check_members, check_schemas, explained_otherwise, published_keys
from services.auditor.disclosures import of_bundle, of_file
from services.auditor.helpers import Differs, helping
from services.auditor.history import MOST, Alone, Note, Progress, Team, Walked, walk
from services.auditor.reconcile import Reconciled, reconciled
from services.auditor.sharing import useful
from services.auditor.signed import Signed
from services.auditor.tables import Tables, follow
from services.auditor.trust import Trust, check_held, check_signature


class Verdict(StrEnum):
    """What an auditor can say of a bundle."""

    VERIFIED = "verified"
    CONSISTENT = "consistent with itself"
    PUBLIC_VERIFIED = "public part verified"
    PUBLIC_CONSISTENT = "public part consistent with itself"
    FINDINGS = "findings"


@dataclass(slots=True, kw_only=True)
class Report:
    """What was checked and what was found. `counted` is how many findings there are, more than are listed perhaps.

    With a policy (`witnessed`), `cosigned` is of how many records enough witnesses have spoken. `older` checkpoints
    were compared, `older_pinned` of them signed by a pinned key; `opened` disclosed values are what was committed to.
    `unchecked` members are words and programs that nothing was compared with; `explained_otherwise` are the types of
    records that the bundle explains in other words than this verifier has.
    `public` says that nothing but what a service shows to everybody was seen.
    """

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
    cosigned: int | None = None
    older: int = 0
    older_pinned: int = 0
    opened: int = 0
    unchecked: list[str] = field(default_factory=list)
    explained_otherwise: list[str] = field(default_factory=list)
    public: bool = False
    findings: list[Finding] = field(default_factory=list)
    counted: int = 0
    announced: tuple[Reconciled, ...] = ()
    """What the host said in public, beside what the ledger said where that was drawn from. No finding: words differ."""
    changed: int | None = None
    """The first record that isn't the one whose hash was signed, where the tiles tell."""

    @property
    def first_bad(self) -> int | None:
        """The first position at which something is wrong, if one can be named.

        Before the first record that isn't the one that was signed, all are: what seems wrong there follows from later
        ones. What is wrong with the ledger alone is named only where every record is as it has to be.
        """
        if self.changed is not None:
            return self.changed
        placed = [found for found in self.findings if found.position is not None]
        records = [found for found in placed if not found.kind.startswith("row-")]
        return min((found.position or 0 for found in records or placed), default=None)

    def note(self, found: Finding) -> None:
        """Take a finding down."""
        self.counted += 1
        if found.kind in ("entry-changed", "leaf-differs"):
            self.changed = found.position
        if len(self.findings) < MOST:
            self.findings.append(found)


def verify(bundle: Bundle, trust: Trust, progress: Progress, processes: int | None = 1) -> Report:
    """Check the bundle, with so many processes, or with None as many as are of use: the report is the same.

    A member that can't be read is a finding; nothing raises but what the disk does, and `HelperLost` when another
    process was ended.
    """
    report = Report(held=[held.file for held in trust.held])
    walked = _confirmed(bundle, trust, progress, processes)
    _all(report, _check(bundle, trust, progress, report, walked))
    if not report.counted:
        report.verdict = Verdict.VERIFIED if trust.keys else Verdict.CONSISTENT
    return report


def _all(report: Report, findings: Iterator[Finding]) -> None:
    """Take down what a check finds; what can't be read ends this check, not the others."""
    try:
        for found in findings:
            report.note(found)
    except Unreadable as error:
        report.note(Finding("member-unreadable", None, f"{error.member}: {error}."))


def _check(
    bundle: Bundle, trust: Trust, progress: Progress, report: Report, confirmed: Walked | None
) -> Iterator[Finding]:
    yield from check_archive(bundle)
    manifest = bundle.manifest()
    yield from check_members(bundle, manifest)
    report.unchecked = _unchecked(bundle, trust)
    walking = _Walking.of(bundle, trust, progress)
    main, told, said = walking.main, walking.told, walking.main.checkpoint
    report.tenant, report.ledger_digest = manifest.get("tenant"), manifest.get("ledger_digest")
    report.origin, report.size, report.root = said.origin, said.size, said.root.hex()
    signing, retired = published_keys(bundle)
    keys = trust.keys or tuple(signing)
    report.keys = [str(key) for key in keys]
    yield from check_signature(main.note, keys, "the checkpoint")
    yield from _check_manifest(manifest, said)
    yield from _check_quorum(main, told, trust, report)
    walked = confirmed or walking.walk(report.note, Alone())
    report.contracts, report.opened = walked.contracts, walked.opened
    report.announced = tuple(one for one in reconciled(walked.replay) if one.drawn_from is not None)
    yield from _check_held(trust, keys, walked)
    known = [*signing, *retired]
    for findings in (
        _check_tree(bundle, said, walked),
        signed.check_older(bundle, walked.roots, said.origin, keys, known),
        _check_cosigned(told, walked, said, [*keys, *known]),
        *(() if confirmed else _check_tables(bundle, manifest, walked)),
        _check_schemas(bundle, walked, report),
    ):
        _all(report, findings)
    report.older, report.older_pinned = len(signed.older_sizes(bundle)), signed.under_pinned(bundle, trust.keys)


def _unchecked(bundle: Bundle, trust: Trust) -> list[str]:
    """Members that nothing is compared with. With pinned keys the bundle's own are only what it says of itself."""
    words = {members.PROCEDURE, members.VERIFIER, *((members.KEYS,) if trust.keys else ())}
    return sorted(words & bundle.names)


def _check_schemas(bundle: Bundle, walked: Walked, report: Report) -> Iterator[Finding]:
    """Every type that occurs is explained; in whose words, the report says."""
    yield from check_schemas(bundle, walked.replay.across.types)
    report.explained_otherwise = explained_otherwise(bundle)
    if report.explained_otherwise:
        report.unchecked = sorted([*report.unchecked, members.SCHEMAS])


def _check_tables(bundle: Bundle, manifest: dict[str, Any], walked: Walked) -> Iterator[Iterator[Finding]]:
    tables = Tables(bundle, walked.replay.rows, _document_head(manifest))
    yield tables.check_ledger(str(manifest.get("ledger_digest")))
    yield tables.check_others()


@dataclass(frozen=True, slots=True)
class _Walking:
    """What a walk needs: the bundle's checkpoint, the one that witnesses cosigned, and what the auditor brings."""

    bundle: Bundle
    trust: Trust
    main: Signed
    told: Signed | None
    progress: Progress

    @classmethod
    def of(cls, bundle: Bundle, trust: Trust, progress: Progress) -> Self:
        """Read the checkpoints. Raises `Unreadable`."""
        return cls(bundle, trust, signed.read(bundle, members.CHECKPOINT), signed.cosigned(bundle), progress)

    def walk(self, note: Note, team: Team) -> Walked:
        """Walk the bundle's entries. Raises `Unreadable`."""
        held, said = self.trust.held, self.main.checkpoint
        sizes = signed.older_sizes(self.bundle) | {said.size, *(one.checkpoint.size for one in held)}
        return walk(
            self.bundle,
            said.origin,
            said.size,
            sizes=sizes if self.told is None else sizes | {self.told.checkpoint.size},
            keep=frozenset(one.position for one in held if one.position is not None),
            openings=(of_bundle(self.bundle), of_file(self.trust.disclosed)),
            note=note,
            progress=self.progress,
            team=team,
        )


def _confirmed(bundle: Bundle, trust: Trust, progress: Progress, processes: int | None) -> Walked | None:
    """What a walk came to that found nothing, its tables being the bundle's; None where anything isn't as it has to be.

    It says only that; what is found is found by one process that goes through all of it by itself.
    """
    try:
        manifest, walking = bundle.manifest(), _Walking.of(bundle, trust, progress)
        said = walking.main.checkpoint
        with helping(bundle, said.origin, useful(said.size) if processes is None else processes) as team:
            walked = walking.walk(_differ, team)
            rows = team.rows(walked.replay)
            digest = str(manifest.get("ledger_digest"))
            return walked if follow(bundle, rows, _document_head(manifest), digest) else None
    except (Differs, Unreadable):
        return None


def _differ(_found: Finding) -> None:
    raise Differs


def _check_quorum(main: Signed, told: Signed | None, trust: Trust, report: Report) -> Iterator[Finding]:
    """Enough witnesses have cosigned the checkpoint, or one of fewer records: the report says how many."""
    if trust.policy is None:
        return
    report.witnessed = True
    found = signed.quorum([main] if told is None else [main, told], trust.policy)
    report.cosigned = found.size
    yield from found.findings


def _check_cosigned(
    told: Signed | None, walked: Walked, said: Checkpoint, keys: Sequence[VerifierKey]
) -> Iterator[Finding]:
    """What witnesses have cosigned was signed by the log, and is of the records that are here."""
    if told is not None:
        yield from check_signature(told.note, keys, told.member)
        yield from signed.check_root(told, walked.roots, said.origin)


def _document_head(manifest: dict[str, Any]) -> bytes:
    """The line with which the ledger's JSON document has to begin; no line when the manifest says too little."""
    told = [manifest.get(name) for name in ("tenant", "origin", "size", "root", "ledger_digest")]
    tenant, origin, size, root_, digest = told
    if not all(isinstance(each, str) for each in (tenant, origin, root_, digest)) or not isinstance(size, int):
        return b""
    return document.opening(str(tenant), str(origin), size, str(root_), str(digest))


def _check_held(trust: Trust, keys: Sequence[VerifierKey], walked: Walked) -> Iterator[Finding]:
    for held in trust.held:
        entry = walked.kept.get(held.position) if held.position is not None else None
        yield from check_held(held, keys, walked.replay.size, _at(walked, held.checkpoint), entry)


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
