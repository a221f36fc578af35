"""Saying no. A refusal is a value with a lasting type; its docstring is the sentence the person reads."""

import re


class Refusal(Exception):
    """The request can't be carried out."""

    @property
    def sentence(self) -> str:
        """What the person reads: what is so, and what to do."""
        return " ".join((type(self).__doc__ or "").split())

    @classmethod
    def type_name(cls) -> str:
        """The lasting name of this refusal: `not-your-turn`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


class NotThere(Refusal):
    """There is no such thing here. Check the address or the id."""


class LogDamaged(AssertionError):
    """A fact stands where it can't: it never came from a decision on this state.

    Its message names kinds and no values: it gets into logs, and what people wrote doesn't.
    """

    def __init__(self, state: object, fact: object) -> None:
        super().__init__(f"{type(fact).__name__} can't follow {type(state).__name__}: the log is damaged")
