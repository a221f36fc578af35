"""Every member of a bundle counts: each is compared with what the records give, and none is carried along unread."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.codec import canonical
from domain.transparency import bundle as members
from domain.transparency.commitment import commitment
from services.auditor.main import main
from tests.auditor.bundles import OPERATOR, STRANGER, Told, history, signed_over, tiles_of, told_of

SALT = b"s" * 32


@pytest.fixture(scope="module")
def entries() -> list[bytes]:
    """A history of more records than a tile holds hashes."""
    return history(11, contracts=40)


def found(told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> set[str]:
    """The kinds of findings under the operator's pinned key."""
    path = str(told.write(tmp_path / "bundle.zip"))
    code = main([path, "--json", "--key", str(OPERATOR.vkey), *arguments])
    kinds = {finding["kind"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert (code == 1) == bool(kinds)
    return kinds


def another_tile(told: Told) -> None:
    """A hash above the leaves isn't the one that the leaves give."""
    name = next(name for name in tiles_of(told.leaves) if name.startswith("tile/1/"))
    told.more[name] = b"\x00" * len(tiles_of(told.leaves)[name])


def a_tile_too_many(told: Told) -> None:
    """A tile of another tree lies beside the others."""
    told.more["tile/2/000.p/1"] = b"\x00" * 32


def a_row_of_the_sheet(told: Told) -> None:
    """The sheet says another sum than the records."""
    told.sheet[3] = told.sheet[3].replace(b",EUR,", b"0,EUR,")


def a_row_too_many_in_the_sheet(told: Told) -> None:
    """The sheet ends with a row that nobody made."""
    told.sheet.append(told.sheet[0])


def a_row_of_the_document(told: Told) -> None:
    """The JSON document says another state than the records."""
    told.document[3] = told.document[3].replace(b'"one_sided":false', b'"one_sided":true')


def a_type_unexplained(told: Told) -> None:
    """The schemas leave types out that occur."""
    told.more[members.SCHEMAS] = canonical({"entry": {}, "types": {"marketplace.planned.v1": {"schema": {}}}})


def unnamed(told: Told) -> None:
    """A member lies in the ZIP that the manifest doesn't name."""
    told.unnamed[members.PROCEDURE] = b"Believe me."


def unknown(told: Told) -> None:
    """A member is named that no bundle has."""
    told.more["opinion.txt"] = b"All is well."


def another_past(told: Told) -> None:
    """An older checkpoint is of another history."""
    told.more["checkpoints/30"] = signed_over(history(12)[:30])


def a_stranger_s_past(told: Told) -> None:
    """An older checkpoint is signed by nobody who ever signed this log."""
    told.more["checkpoints/30"] = signed_over(told.entries[:30], STRANGER)


def misnamed(told: Told) -> None:
    """An older checkpoint bears another one's name."""
    told.more["checkpoints/31"] = signed_over(told.entries[:30])


def cosigned_elsewhere(told: Told) -> None:
    """What witnesses have cosigned is another history."""
    told.more[members.COSIGNED] = signed_over(history(12)[:30])


ATTACKS: dict[Callable[[Told], None], str] = {
    another_tile: "tile-differs",
    a_tile_too_many: "tile-needless",
    a_row_of_the_sheet: "row-in-csv-differs",
    a_row_too_many_in_the_sheet: "row-in-csv-differs",
    a_row_of_the_document: "row-in-json-differs",
    a_type_unexplained: "schema-missing",
    unnamed: "member-unnamed",
    unknown: "member-unknown",
    another_past: "history-rewritten",
    a_stranger_s_past: "signature-missing",
    misnamed: "checkpoint-misnamed",
    cosigned_elsewhere: "history-rewritten",
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_member_that_isnt_what_it_should_be_is_found(
    attack: Callable[[Told], None], entries: list[bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given one member changed, and a manifest that fits, then that is what is found, and nothing else."""
    told = told_of(list(entries))
    attack(told)
    assert found(told, tmp_path, capsys) == {ATTACKS[attack]}


def test_what_was_signed_earlier_may_be_signed_by_a_key_that_is_retired(
    entries: list[bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a rotated key, then what the old one signed is counted, not accused, and told apart from pinned keys."""
    told = told_of(list(entries))
    told.keys.append(f"# signs no more since 2026-01-01: {STRANGER.vkey}")
    told.more = {
        "checkpoints/30": signed_over(entries[:30], STRANGER),
        "checkpoints/90": signed_over(entries[:90]),
        members.COSIGNED: signed_over(entries[:200]),
    }
    assert found(told, tmp_path, capsys) == set()
    main([str(tmp_path / "bundle.zip"), "--key", str(OPERATOR.vkey)])
    assert "2 older checkpoints, 1 of them signed by keys you named" in capsys.readouterr().out


def test_every_tile_is_needed(entries: list[bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a tree whose last tiles are left out, then they are missing."""
    told = told_of(list(entries))
    told.leaves = told.leaves[:256]
    assert "tile-missing" in found(told, tmp_path, capsys)


def test_a_member_that_cant_be_read_hides_no_other_finding(
    entries: list[bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a changed record and a ledger in shreds, then both are told."""
    told = told_of(list(entries))
    told.entries[20] = told.entries[20].replace(b'"v":1', b'"v":2')
    told.ledger[0] = b"{"
    assert {"entry-changed", "member-unreadable"} <= found(told, tmp_path, capsys)


def sealing(entries: list[bytes]) -> list[bytes]:
    """The same history, its fifth record committing to a name."""
    sealed = b'"sealed":{"name":"%s"}' % commitment(SALT, "Ada Probe", "name").encode()
    told = list(entries)
    assert b'"sealed":{}' in told[4]
    told[4] = told[4].replace(b'"sealed":{}', sealed)
    return told


@pytest.mark.parametrize(
    ("position", "value", "kind"),
    [(5, "Ada Probe", None), (5, "Eva Probe", "disclosure-differs"), (6, "Ada Probe", "nothing-sealed"),
     (9_999, "Ada Probe", "nothing-sealed")],
)  # fmt: skip
def test_a_disclosed_value_is_the_one_that_was_committed_to(
    position: int, value: str, kind: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given values disclosed with their salts, then each has to open its record's commitment."""
    told = told_of(sealing(history(11)))
    line = canonical({"position": position, "field": "name", "salt": SALT.hex(), "value": value})
    told.more[members.DISCLOSURES] = line + b"\n"
    assert found(told, tmp_path, capsys) == ({kind} if kind else set())


def test_disclosures_that_cant_be_read_are_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given lines that are no disclosures, then that is found."""
    told = told_of(history(11))
    told.more[members.DISCLOSURES] = b'{"position":5}\n'
    assert found(told, tmp_path, capsys) == {"member-unreadable"}
