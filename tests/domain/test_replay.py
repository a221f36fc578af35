"""Replaying a history from its bytes: a genuine one has no finding, a changed one names the place."""

from dataclasses import replace
from random import Random

import pytest

from domain.codec import entry_bytes
from domain.envelope import Envelope
from domain.ledger.digest import digest, in_order, row_line
from domain.transparency.merkle import leaf_hash, root, root_of
from domain.transparency.replay import Finding, Replay
from tests.infra.projections.histories import History

ORIGIN = "handschlag/test"


def history(contracts: int = 6) -> list[Envelope]:
    """A host's history with some certified contracts."""
    told = History(Random(7))
    edition = told.edition()
    told.open(edition)
    parties = told.pair(edition)
    for _ in range(contracts):
        told.deal(edition, parties)
    return told.told


def replayed(entries: list[bytes]) -> tuple[Replay, list[Finding]]:
    """What a replay finds in these entries."""
    replay = Replay(ORIGIN)
    findings = [finding for entry in entries for finding in replay.take(entry)]
    return replay, [*findings, *replay.numbers()]


def test_a_genuine_history_has_no_finding() -> None:
    """Given a genuine history, then root, ledger and numbers follow from it."""
    entries = [entry_bytes(envelope) for envelope in history()]
    replay, findings = replayed(entries)
    assert findings == []
    assert root(replay.edge) == root_of([leaf_hash(entry) for entry in entries])
    rows = in_order(replay.rows.values())
    assert [row.number for row in rows if row.number] == sorted(row.number for row in rows if row.number)
    assert digest(map(row_line, rows)) == digest(map(row_line, rows))


def at(told: list[Envelope], type_name: str) -> int:
    """The place of the first record of a type."""
    return next(place for place, envelope in enumerate(told) if envelope.type == type_name)


@pytest.mark.parametrize(
    ("attack", "kind"),
    [
        ("spelling", "entry-malformed"),
        ("origin", "origin-differs"),
        ("dropped", "version-out-of-order"),
        ("twice", "version-out-of-order"),
        ("swapped", "version-out-of-order"),
        ("certified unsigned", "cannot-follow"),
        ("number", "number-differs"),
        ("unnumbered", "number-not-given"),
    ],
)
def test_an_attack_is_found_where_it_is(attack: str, kind: str) -> None:
    """Given a history changed at one place, then the first finding names its kind."""
    told = history()
    first = at(told, "contract.signed.v1")
    match attack:
        case "spelling":
            entries = [entry_bytes(envelope) for envelope in told]
            entries[first] = entries[first].replace(b'":', b'": ', 1)
        case _:
            entries = [entry_bytes(envelope) for envelope in attacked(told, attack, first)]
    _, findings = replayed(entries)
    assert findings[0].kind == kind
    assert findings[0].position is not None
    assert findings[0].sentence.endswith(".")


def attacked(told: list[Envelope], attack: str, first: int) -> list[Envelope]:
    """The history after an attack on the record at place `first`, or on the first certification."""
    certified = at(told, "contract.certified.v1")
    match attack:
        case "origin":
            return [*told[:first], replace(told[first], origin="handschlag/other"), *told[first + 1 :]]
        case "dropped":
            return [*told[:first], *told[first + 1 :]]
        case "twice":
            return [*told[: first + 1], *told[first:]]
        case "swapped":
            return [*told[:first], told[first + 1], told[first], *told[first + 2 :]]
        case "certified unsigned":
            hasty = replace(told[certified], version=told[first].version)
            return [*told[:first], hasty]
        case "number":
            wrong = replace(told[certified], data=replace(told[certified].data, number=99))
            return [*told[:certified], wrong, *told[certified + 1 :]]
        case _:
            return [envelope for envelope in told if envelope.type != "register.numbered.v1"]
