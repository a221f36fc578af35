"""Why a step at the table is turned down. The docstring is the sentence that the person reads."""

from domain.refusal import Refusal


class AlreadyOpened(Refusal):
    """This negotiation is opened already."""


class NotAParty(Refusal):
    """Your organisation doesn't sit at this table."""


class NotYourTurn(Refusal):
    """It is the other side's turn: they have your last word."""


class NotYourProposal(Refusal):
    """The terms on the table aren't yours. Counter or reject them."""


class AlreadyAgreed(Refusal):
    """You have agreed already. To change what was agreed, correct the form or amend the contract."""


class NegotiationOver(Refusal):
    """This negotiation has ended. Open a new one."""


class StillTrading(Refusal):
    """Trading is still open: nothing lapses before the gong."""


class BrokerAlreadyCalled(Refusal):
    """A broker has been called to this table already."""


class BrokerAlreadyThere(Refusal):
    """This table has a broker already."""


class TooFewParties(Refusal):
    """It takes at least two distinct organisations to trade."""


class TooManyParties(Refusal):
    """At most five organisations trade at one table."""


class NoPledges(Refusal):
    """Terms hold at least one pledge. Add what is given."""


class TooManyPledges(Refusal):
    """Terms hold at most twenty pledges. Make a second contract."""


class PledgeOutsideTheTable(Refusal):
    """A pledge goes from one organisation at the table to another one at it."""


class OneSided(Refusal):
    """At this marketplace every side gives something. Add what you offer in return."""


class ValueDoesntAddUp(Refusal):
    """A value by the hour is the rate times the time. Correct the value, the rate or the minutes."""


class DueBackwards(Refusal):
    """A pledge can't be due before it begins. Swap the days."""
