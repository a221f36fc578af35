"""What a stranger wrote is shown, and never acts: no order to a terminal, no line of the report that isn't ours."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.checkpoint import Checkpoint
from domain.transparency.note import Note, Signature
from services.auditor.bundle import Bundle
from services.auditor.main import main
from services.auditor.printable import printable
from services.auditor.sample import sample, words
from tests.auditor.bundles import OPERATOR, Told, history, told_of

VERDICT = "VERIFIED. The history is whole"
ORDERS = ["\x1b[2J\x1b[H", "\n\n", "\r", "\x9b2J", "\u202e", "\u2066", "\u2028", "\x08" * 40, "\u200b"]


@pytest.fixture
def told() -> Told:
    """A genuine bundle's members."""
    return told_of(history(11))


def page(told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the verifier prints."""
    main([str(told.write(tmp_path / "bundle.zip")), "--key", str(OPERATOR.vkey), *arguments])
    return capsys.readouterr().out


@pytest.mark.parametrize("order", ORDERS)
def test_a_member_s_name_is_shown_and_orders_nothing(
    order: str, told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a member whose name clears the screen and writes a verdict, then it is shown within the finding's line."""
    told.unnamed[f"{order}{VERDICT}"] = b""
    printed = page(told, tmp_path, capsys)
    assert printed.startswith("NOT AS IT SHOULD BE.")
    lines = printed.split("\n")
    assert all(line.isprintable() for line in lines)
    assert not [line for line in lines if line.startswith(VERDICT)]
    escaped = order.encode("unicode_escape").decode()
    assert f"- {escaped}{VERDICT} is nothing that a bundle of this format has. [member-unknown]" in lines


def test_a_log_s_name_is_shown_and_orders_nothing(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a checkpoint of a log whose name is an order to the terminal, then the order is written out."""
    text = Checkpoint("essen\u202e", told.size, told.root).text()
    told.checkpoint = str(Note(text, [Signature(OPERATOR.vkey.name, OPERATOR.vkey.key_id, b"\x00" * 64)])).encode()
    assert "essen\\u202e" in page(told, tmp_path, capsys)


def test_the_report_for_programs_stays_json(told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given such a name, then a program reads it as it is."""
    told.more[f"{ORDERS[0]}{VERDICT}"] = b""
    report = json.loads(page(told, tmp_path, capsys, "--json"))
    assert f"{ORDERS[0]}{VERDICT} is nothing that" in report["findings"][0]["sentence"]


@given(st.text() | st.sampled_from(ORDERS) | st.text(st.characters(categories=["Cs", "Cf", "Cc", "L"])))
def test_any_line_becomes_one_that_can_be_shown(line: str) -> None:
    """Given any line, then what is shown is printable, and the line itself where that is."""
    shown = printable(line)
    assert shown.isprintable()
    assert (shown == line) == line.isprintable()


def test_titles_of_a_sample_are_shown_and_order_nothing(tmp_path: Path) -> None:
    """Given pledges whose titles turn the direction of writing, then a sample writes that out."""
    turned = [raw.replace(b'"title":"', '"title":"\u202e'.encode()) for raw in history(11)]
    with Bundle(told_of(turned).write(tmp_path / "bundle.zip")) as bundle:
        lines = list(words(sample(bundle, "a", 3)))
    assert any(": \\u202e" in line for line in lines)
    assert all(line.isprintable() for line in lines)
