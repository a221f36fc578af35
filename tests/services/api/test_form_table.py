"""The table of the form says what the code does: addresses, members of bodies and rows, names of facts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from msgspec import Struct

from domain.names import CLASSES
from services.api.commands import COMMANDS
from services.api.lists import QUERIES
from services.application.views import LedgerRowView

TABLE = Path(__file__).parents[3] / "docs" / "form.md"
BODIES = {command.path: command.body for command in COMMANDS}
READ = {query.path for query in QUERIES}
SPAN = re.compile(r"`([^`]+)`")


def rows() -> Iterator[list[str]]:
    """The table's rows: field, said by, read, recorded as."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "Field":
            yield cells


def inner(hint: Any) -> Any:
    """The struct that a hint holds, however it is wrapped."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        return hint
    return next((found for part in get_args(hint) if (found := inner(part)) is not None), None)


def has(struct: Any, member: str) -> bool:
    """Whether a member, like `terms.pledges[].giver`, is there."""
    for name in member.replace("[]", "").split("."):
        hints = get_type_hints(struct) if struct is not None else {}
        if name not in hints:
            return False
        struct = inner(hints[name])
    return True


@pytest.mark.parametrize("cells", list(rows()), ids=lambda cells: cells[0])
def test_a_row_of_the_form_is_in_the_code(cells: list[str]) -> None:
    """Each request and its members, what is read, and what is recorded."""
    _, said, read, recorded = cells
    body = None
    for span in SPAN.findall(said):
        if span in BODIES:
            body = BODIES[span]
        else:
            assert body is not None, span
            assert has(body, span), span
    for span in SPAN.findall(read):
        assert span in READ or has(LedgerRowView, span), span
    facts = SPAN.findall(recorded)
    assert facts or recorded.startswith("(follows from")
    assert set(facts) <= CLASSES.keys()


def test_every_contract_fact_has_its_place() -> None:
    """Whatever is recorded of a contract stands in the table."""
    told = {span for cells in rows() for span in SPAN.findall(cells[3])}
    of_contracts = {name for name in CLASSES if name.startswith("contract.")}
    assert of_contracts <= told


def test_a_member_that_isn_t_there_is_found_out() -> None:
    """The table can be wrong, and is told so."""
    assert has(LedgerRowView, "pledges[].status")
    assert not has(LedgerRowView, "pledges[].colour")
    assert not has(LedgerRowView, "number.of")
