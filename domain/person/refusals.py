"""Why a request about what is held on a person is turned down."""

from datetime import date

from domain.person.events import Basis
from domain.refusal import Refusal


class PersonIsErased(Refusal):
    """What was held on this person is erased, and nothing is held on them any more. Name somebody else."""


class NoteIsErased(Refusal):
    """This note is erased already. Nothing more to do."""


class StillRestricted(Refusal):
    """What is held on this person has to be kept for now. Wait until that day, or lift the restriction."""

    def __init__(self, until: date | None = None, basis: Basis | None = None) -> None:
        super().__init__(until, basis)
        self.until = until
        self.basis = basis


class RestrictionInThePast(Refusal):
    """The day until which to keep it is over. Name a day to come, or erase it."""


class NotRestricted(Refusal):
    """Nothing has to be kept of this person. Nothing to lift."""


class OwnSuccessor(Refusal):
    """Nobody succeeds themselves. Name somebody else, or nobody."""
