"""A question to the views in the making: SQL that grows by its conditions, and the values that stand apart from it."""

from typing import Any, Self


class Question:
    """SQL with its values. Each `%s` in a text stands for the next of the values that come with it."""

    def __init__(self, text: str, *values: Any) -> None:
        self._texts: list[str] = []
        self.values: list[Any] = []
        """In the order of their numbers in `text`."""
        self.go_on(text, *values)

    def go_on(self, text: str, *values: Any) -> Self:
        """Add to the SQL: a condition, an order, a limit. A percent sign of its own is written twice."""
        held = len(self.values)
        self._texts.append(text % tuple(f"${held + number}" for number in range(1, len(values) + 1)))
        self.values += values
        return self

    @property
    def text(self) -> str:
        """The SQL, its values numbered as PostgreSQL wants them."""
        return " ".join(self._texts)
