"""What reading can't do for a request. As with refusals, the docstring is what the person reads."""

from domain.refusal import Refusal


class ProjectionBehind(Refusal):
    """The lists haven't come that far yet. Nothing is lost. Ask again in a moment."""

    def __init__(self, position: int, reached: int) -> None:
        super().__init__(position, reached)
        self.position = position
        self.reached = reached


class NotRecordedYet(ProjectionBehind):
    """Nothing is recorded at that position yet. Positions come with receipts and records of this very log.

    One that you kept and that isn't there is of another log, or this one was set back: ask the host before you go on.
    """


class Parked(Refusal):
    """Something recorded about this can't be shown by this version of the service. Its records are safe."""


class CursorUnusable(Refusal):
    """This cursor isn't one of this list. Begin again at the first page."""


class CursorExpired(Refusal):
    """This cursor comes from lists that have been given up since. Begin again at the first page."""


class MomentUnclear(Refusal):
    """A moment needs its offset from UTC, like 2006-10-29T02:30:00+01:00, and a position is a number from 0."""


class MomentsReversed(Refusal):
    """The first of these two moments lies after the second. Name the earlier one as `since`."""


class NotDrawnFromLedger(Refusal):
    """These figures weren't drawn from the ledger, so no contracts stand behind them. Their source tells more."""


class TooManyForABook(Refusal):
    """This edition has more than 5,000 contracts, more than one workbook takes. Take the CSV instead."""
