"""The notes that a bundle holds: the checkpoint it stands under, the one that witnesses cosigned, and older ones."""

from collections.abc import Iterator, Mapping, Sequence

from domain.frozen import dataclass
from domain.transparency import bundle as members
from domain.transparency import checkpoint as checkpoints
from domain.transparency import cosignature
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.note import Note, NoteMalformed, NoteUntrusted, VerifierKey, signed_by
from domain.transparency.policy import Policy
from domain.transparency.replay import Finding
from services.auditor.bundle import Bundle, Unreadable
from services.auditor.trust import check_signature


@dataclass(frozen=True, slots=True)
class Signed:
    """A member that is a checkpoint's note."""

    member: str
    checkpoint: Checkpoint
    note: Note


def read(bundle: Bundle, member: str) -> Signed:
    """The note in a member. Raises `Unreadable`."""
    try:
        return Signed(member, *checkpoints.parse(bundle.small(member)))
    except NoteMalformed as error:
        raise Unreadable(member, f"the checkpoint can't be read: {error}") from error


def cosigned(bundle: Bundle) -> Signed | None:
    """The note that a quorum has cosigned, as the service says; None where no witness is asked."""
    return read(bundle, members.COSIGNED) if members.COSIGNED in bundle.names else None


def older_sizes(bundle: Bundle) -> frozenset[int]:
    """The sizes of the older checkpoints, as their names say."""
    return frozenset(size for name in bundle.names if (size := members.older_size(name)) is not None)


def check_older(
    bundle: Bundle, roots: Mapping[int, bytes], origin: str, keys: Sequence[VerifierKey], retired: Sequence[VerifierKey]
) -> Iterator[Finding]:
    """What was signed earlier was signed by a key of the log's, and of the records that are here.

    An older one may be signed by a key that signs no more, one of `retired`: the bundle names those itself.
    """
    for size in sorted(older_sizes(bundle)):
        try:
            old = read(bundle, f"{members.OLDER}{size}")
        except Unreadable as error:
            yield Finding("member-unreadable", None, f"{error.member}: {error}.")
            continue
        yield from check_signature(old.note, [*keys, *retired], old.member)
        if old.checkpoint.size == size:
            yield from check_root(old, roots, origin)
        else:
            yield Finding("checkpoint-misnamed", None, f"{old.member} is of another size than its name says.")


def check_root(old: Signed, roots: Mapping[int, bytes], origin: str) -> Iterator[Finding]:
    """A note is of this log and of its first records; `roots` are those that the entries give."""
    of = old.checkpoint
    if of.origin != origin:
        yield Finding("origin-differs", None, f"{old.member} is of another log, {of.origin!r}.")
    elif roots.get(of.size) != of.root:
        said = f"The first {of.size} records aren't those under {old.member}: history was rewritten, or cut."
        yield Finding("history-rewritten", None, said)


def under_pinned(bundle: Bundle, keys: Sequence[VerifierKey]) -> int:
    """How many older checkpoints one of `keys` has signed."""
    return sum(_is_signed(bundle, size, keys) for size in older_sizes(bundle))


def _is_signed(bundle: Bundle, size: int, keys: Sequence[VerifierKey]) -> bool:
    try:
        return bool(signed_by(read(bundle, f"{members.OLDER}{size}").note, keys))
    except (Unreadable, NoteUntrusted):
        return False


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many records enough witnesses have cosigned; None when not enough have. `findings` say what is wrong."""

    size: int | None
    findings: tuple[Finding, ...]


def quorum(notes: Sequence[Signed], policy: Policy) -> Quorum:
    """The largest of `notes` (largest first) that enough witnesses of the policy have cosigned."""
    findings: list[Finding] = []
    most = 0
    keys = [witness.key for witness in policy.witnesses.values()]
    for signed in notes:
        try:
            found = cosignature.cosigned_by(signed.note, keys)
        except NoteUntrusted as error:
            said = f"A witness's line under {signed.member} isn't that witness's: {error}."
            findings.append(Finding("cosignature-wrong", None, said))
            continue
        if policy.met_by([one.key for one in found]):
            return Quorum(signed.checkpoint.size, tuple(findings))
        most = max(most, len(found))
    said = f"The policy asks for more witnesses than have cosigned ({most})."
    return Quorum(None, (*findings, Finding("quorum-missing", None, said)))
