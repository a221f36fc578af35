"""What everybody can check of a running service without a key: what it has signed, and that it continues what was kept.

Records aren't public, so neither streams nor numbers nor the ledger are seen here; the report says so.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from domain.transparency import bundle as members
from domain.transparency import checkpoint as checkpoints
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import HASH_BYTES
from domain.transparency.note import NoteMalformed, VerifierKey
from domain.transparency.paths import NotProved, Span, consistent
from domain.transparency.replay import Finding
from domain.transparency.tiles import HEIGHT, WIDTH, Tile, TileMalformed, needed, told
from services.auditor import signed
from services.auditor.bundle import NothingToCheck
from services.auditor.contents import keys_of
from services.auditor.service import PASSING, Refused, Service
from services.auditor.signed import Signed
from services.auditor.trust import Trust, check_signature
from services.auditor.verify import Report, Verdict


class AnswerMalformed(NothingToCheck):
    """The service answered with something that isn't what it should be; the message says what."""


def newest(service: Service) -> Signed:
    """The checkpoint as the service shows it now. Raises `CantAsk` and `AnswerMalformed`."""
    return _note("checkpoint", service.read("log/checkpoint"))


def check_public(service: Service, trust: Trust) -> Report:
    """Check what is public. Raises `CantAsk` when the service can't be asked."""
    report = Report(held=[held.file for held in trust.held], public=True)
    try:
        for found in _check(service, trust, report):
            report.note(found)
    except AnswerMalformed as error:
        report.note(Finding("answer-malformed", None, f"{error}."))
    if not report.counted:
        report.verdict = Verdict.PUBLIC_VERIFIED if trust.keys else Verdict.PUBLIC_CONSISTENT
    return report


def _check(service: Service, trust: Trust, report: Report) -> Iterator[Finding]:
    # What is cosigned is asked for first: the newest checkpoint, asked for later, is never of fewer records.
    cosigned = None if trust.policy is None else _cosigned(service)
    main = newest(service)
    of = main.checkpoint
    report.tenant, report.origin, report.size, report.root = service.tenant, of.origin, of.size, of.root.hex()
    keys = trust.keys or tuple(_published(service))
    report.keys = [str(key) for key in keys]
    yield from check_signature(main.note, keys, "the checkpoint")
    yield from _check_tiles(service, of)
    for held in trust.held:
        yield from check_signature(held.note, keys, f"the checkpoint in {held.file}")
        yield from _check_continues(service, held.checkpoint, of, held.file)
    if trust.policy is not None:
        report.witnessed = True
        notes = [main] if cosigned is None else [main, cosigned]
        found = signed.quorum(notes, trust.policy)
        report.cosigned = found.size
        yield from found.findings
        if cosigned is not None:
            yield from check_signature(cosigned.note, keys, "the cosigned checkpoint")
            yield from _check_continues(service, cosigned.checkpoint, of, "the cosigned checkpoint")


def _published(service: Service) -> list[VerifierKey]:
    try:
        signing, _ = keys_of(service.published_keys())
    except (NoteMalformed, UnicodeDecodeError) as error:
        raise AnswerMalformed(f"the keys that the service publishes can't be read: {error}") from error
    return signing


def _cosigned(service: Service) -> Signed | None:
    """The checkpoint that, the service says, a quorum has cosigned."""
    status = service.read_json("log/status")
    told_of = status.get("cosigned") if isinstance(status, dict) else None
    size = told_of.get("size") if isinstance(told_of, dict) else None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        return None
    return _note(members.COSIGNED, service.read(f"log/checkpoints/{size}"))


def _check_tiles(service: Service, of: Checkpoint) -> Iterator[Finding]:
    """The tiles at the right edge of the tree give the root that was signed."""
    whole = [Span(0, of.size)]
    try:
        found = told(whole, {tile: _tile(service, tile, of.size) for tile in needed(whole)})
    except TileMalformed as error:
        raise AnswerMalformed(f"a tile can't be read: {error}") from error
    if found != [of.root]:
        yield Finding("root-differs", None, "The tiles that the service shows don't give the root that was signed.")


def _tile(service: Service, tile: Tile, size: int) -> bytes:
    """A tile as wide as a tree of `size` leaves has it."""
    width = min(WIDTH, (size >> HEIGHT * (tile.level or 0)) - tile.index * WIDTH)
    asked = Tile(tile.level, tile.index, width)
    raw = service.read(f"log/tile/{asked.path()}")
    if len(raw) != width * HASH_BYTES:
        raise AnswerMalformed(f"the tile {asked.path()} isn't as long as it has to be")
    return raw


def _check_continues(service: Service, old: Checkpoint, of: Checkpoint, what: str) -> Iterator[Finding]:
    """The service's history goes on from an older checkpoint, by its own consistency proof."""
    if old.origin != of.origin:
        yield Finding("origin-differs", None, f"{what} is of another log, {old.origin!r}.")
        return
    if old.size > of.size:
        said = f"{what} is of {old.size} records, the service shows only {of.size}: records are missing at its end."
        yield Finding("shorter-than-held", of.size + 1, said)
        return
    try:
        proof = _proof(service, old.size, of.size)
        consistent(old.size, old.root, of.size, of.root, proof)
    except (NotProved, Refused) as error:
        if isinstance(error, Refused) and error.status in PASSING:
            raise
        said = f"The history doesn't go on from {what}: it was rewritten ({error})."
        yield Finding("history-rewritten", None, said)


def _proof(service: Service, old: int, new: int) -> Sequence[bytes]:
    answer: Any = service.read_json("log/proof/consistency", **{"from": old, "to": new})
    hashes = answer.get("hashes") if isinstance(answer, dict) else None
    if not isinstance(hashes, list) or len(hashes) > 2 * 64:
        raise AnswerMalformed("the service's proof of consistency can't be read")
    try:
        return [bytes.fromhex(each) for each in hashes]
    except (TypeError, ValueError) as error:
        raise AnswerMalformed("the service's proof of consistency can't be read") from error


def _note(member: str, raw: bytes) -> Signed:
    try:
        return Signed(member, *checkpoints.parse(raw))
    except NoteMalformed as error:
        raise AnswerMalformed(f"the service's {member} can't be read: {error}") from error
