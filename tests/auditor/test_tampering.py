"""What somebody does to a bundle after its export, and the verdict that was written down before.

`test_campaign.py` attacks the database, and has the table of the auditors' guide. `HANDSCHLAG_ATTACKS` sets how many
attacks are run.
"""

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from domain.transparency import checkpoint as checkpoints
from services.auditor.bundle import Bundle
from services.auditor.trust import Held, Trust
from services.auditor.verify import Verdict, verify
from tests.auditor.bundles import OPERATOR, STRANGER, Told, history, signed_over, told_of

ATTACKS = int(os.environ.get("HANDSCHLAG_ATTACKS", "28"))

NOTHING, OLDER = "nothing", "an older checkpoint"

Attack = Callable[[Random, list[bytes]], Told]


def _place(random: Random, entries: list[bytes]) -> int:
    return random.randrange(len(entries))


def edit_a_byte(random: Random, entries: list[bytes]) -> Told:
    """Change one byte of a record, and leave everything that was signed."""
    told, place = told_of(list(entries)), _place(random, entries)
    raw = bytearray(entries[place])
    at = random.randrange(len(raw))
    raw[at] ^= 1 << random.randrange(7)
    if raw[at] == 0x0A:
        raw[at] ^= 1
    told.entries[place] = bytes(raw)
    return told


def delete(random: Random, entries: list[bytes]) -> Told:
    """Take a record out."""
    told = told_of(list(entries))
    del told.entries[_place(random, entries)]
    return told


def insert(random: Random, entries: list[bytes]) -> Told:
    """Put a copy of a record somewhere."""
    told = told_of(list(entries))
    told.entries.insert(_place(random, entries), random.choice(entries))
    return told


def swap(random: Random, entries: list[bytes]) -> Told:
    """Let two neighbours change places."""
    told, place = told_of(list(entries)), random.randrange(len(entries) - 1)
    told.entries[place : place + 2] = told.entries[place + 1], told.entries[place]
    return told


def cut_the_tail(random: Random, entries: list[bytes]) -> Told:
    """Leave out the last records, and keep what was signed over all."""
    told = told_of(list(entries))
    del told.entries[-random.randrange(1, 10) :]
    return told


def cut_and_resign(random: Random, entries: list[bytes]) -> Told:
    """Leave out the last records and sign what is left: for whoever holds nothing this is a shorter history."""
    left = entries[: -random.randrange(1, 10)]
    while b'"type":"contract.certified.v1"' in left[-1]:
        left.pop()  # its number would be missing, and that is seen by everyone
    return told_of(left)


def rewrite_and_resign(random: Random, entries: list[bytes]) -> Told:
    """Replace the whole history by another genuine one, and sign it."""
    del entries
    return told_of(history(random.randrange(10_000, 20_000)))


def another_key(random: Random, entries: list[bytes]) -> Told:
    """Sign with a key that the auditor doesn't know."""
    del random
    return told_of(list(entries), STRANGER)


def an_old_checkpoint(random: Random, entries: list[bytes]) -> Told:
    """Put an older checkpoint over the whole history."""
    told = told_of(list(entries))
    told.checkpoint = signed_over(entries[: random.randrange(1, len(entries))])
    return told


def a_ledger_row(random: Random, entries: list[bytes]) -> Told:
    """Change a row of the ledger alone."""
    told = told_of(list(entries))
    place = random.randrange(len(told.ledger))
    told.ledger[place] = told.ledger[place].replace(b'"returns":0', b'"returns":7')
    return told


def drop_a_ledger_row(random: Random, entries: list[bytes]) -> Told:
    """Leave a contract out of the ledger."""
    told = told_of(list(entries))
    del told.ledger[random.randrange(len(told.ledger))]
    return told


def a_leaf(random: Random, entries: list[bytes]) -> Told:
    """Change a hash of the tree."""
    told, place = told_of(list(entries)), _place(random, entries)
    told.leaves[place] = random.randbytes(32)
    return told


def swap_tenants(random: Random, entries: list[bytes]) -> Told:
    """Move a record in from another host's log, and sign."""
    told, place = list(entries), _place(random, entries)
    told[place] = told[place].replace(b'"origin":"handschlag/test"', b'"origin":"handschlag/else"')
    return told_of(told)


def renumber_and_resign(random: Random, entries: list[bytes]) -> Told:
    """Give a certified contract another number, and sign."""
    told = list(entries)
    places = [place for place, raw in enumerate(told) if b'"type":"contract.certified.v1"' in raw]
    place = random.choice(places)
    head, _, tail = told[place].partition(b'"number":')
    told[place] = head + b'"number":9' + tail
    return told_of(told)


VERDICTS: dict[Attack, tuple[Verdict, Verdict]] = {
    edit_a_byte: (Verdict.FINDINGS, Verdict.FINDINGS),
    delete: (Verdict.FINDINGS, Verdict.FINDINGS),
    insert: (Verdict.FINDINGS, Verdict.FINDINGS),
    swap: (Verdict.FINDINGS, Verdict.FINDINGS),
    cut_the_tail: (Verdict.FINDINGS, Verdict.FINDINGS),
    cut_and_resign: (Verdict.VERIFIED, Verdict.FINDINGS),
    rewrite_and_resign: (Verdict.VERIFIED, Verdict.FINDINGS),
    another_key: (Verdict.FINDINGS, Verdict.FINDINGS),
    an_old_checkpoint: (Verdict.FINDINGS, Verdict.FINDINGS),
    a_ledger_row: (Verdict.FINDINGS, Verdict.FINDINGS),
    drop_a_ledger_row: (Verdict.FINDINGS, Verdict.FINDINGS),
    a_leaf: (Verdict.FINDINGS, Verdict.FINDINGS),
    swap_tenants: (Verdict.FINDINGS, Verdict.FINDINGS),
    renumber_and_resign: (Verdict.FINDINGS, Verdict.FINDINGS),
}
"""What an auditor with a pinned key sees who holds nothing else, and who holds a checkpoint over all records."""


@pytest.fixture(scope="module")
def genuine() -> list[bytes]:
    """A history of some hundred records."""
    return history(11, contracts=40)


def verdict(told: Told, path: Path, *held: bytes) -> tuple[Verdict, int | None]:
    """The verdict under the operator's pinned key, and the first bad position."""
    kept = tuple(Held("kept", *checkpoints.parse(raw)) for raw in held)
    with Bundle(told.write(path)) as bundle:
        report = verify(bundle, Trust(keys=(OPERATOR.vkey,), held=kept), lambda *_: None)
    return report.verdict, report.first_bad


@pytest.mark.parametrize("attack", VERDICTS, ids=lambda attack: attack.__name__)
def test_every_attack_gets_the_verdict_that_was_written_before(
    attack: Attack, genuine: list[bytes], tmp_path: Path
) -> None:
    """Given an attack and what the auditor holds, then the verdict is the table's."""
    alone, with_older = VERDICTS[attack]
    for seed in range(max(1, ATTACKS // len(VERDICTS))):
        told = attack(Random(seed), list(genuine))
        path = tmp_path / "bundle.zip"
        assert verdict(told, path)[0] is alone, (attack.__name__, seed)
        assert verdict(told, path, signed_over(genuine))[0] is with_older, (attack.__name__, seed)


def test_the_first_bad_record_is_named(genuine: list[bytes], tmp_path: Path) -> None:
    """Given one changed record, then its very position is told."""
    for seed in range(max(3, ATTACKS // 20)):
        told = edit_a_byte(Random(seed), list(genuine))
        changed = next(place for place, raw in enumerate(told.entries, 1) if raw != genuine[place - 1])
        assert verdict(told, tmp_path / "bundle.zip")[1] == changed, seed
