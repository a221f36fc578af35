"""A question's values are numbered in the order in which they were added."""

import pytest

from infra.projections.question import Question


def test_values_are_numbered_throughout() -> None:
    """Given conditions one after the other, then each value has the next number, and stays apart from the text."""
    question = Question("select doc from ledger where tenant = %s and generation = %s", "essen", 3)
    question.go_on("and state = any(%s)", ["draft"]).go_on("and not rehearsal").go_on("limit %s", 20)
    assert question.text == (
        "select doc from ledger where tenant = $1 and generation = $2 and state = any($3) and not rehearsal limit $4"
    )
    assert question.values == ["essen", 3, ["draft"], 20]


def test_values_have_to_have_a_place() -> None:
    """Given more or fewer values than places, then it is a fault, told at once; a doubled percent sign is one."""
    assert Question("select 7 %% %s", 2).text == "select 7 % $1"
    with pytest.raises(TypeError):
        Question("select %s")
    with pytest.raises(TypeError):
        Question("select 1", 2)
