"""Why a step at the table is turned down. The docstring is the sentence that the person reads."""

from domain.refusal import Refusal


class AlreadyOpened(Refusal):
    """This negotiation is opened already. Answer what lies on its table, or open another one."""


class NotAParty(Refusal):
    """Your organisation doesn't sit at this table. Open a negotiation of your own."""


class NotYourTurn(Refusal):
    """It is the other side's turn: they have your last word. Wait for their answer."""


class PartyHasLeft(Refusal):
    """A party at this table has cancelled. Nothing can be agreed with it; say no to its terms."""


class NotYourProposal(Refusal):
    """The terms on the table aren't yours. Counter or reject them."""


class AlreadyAgreed(Refusal):
    """You have agreed already. To change what was agreed, correct the form or amend the contract."""


class NegotiationOver(Refusal):
    """This negotiation has ended. Open a new one."""


class StillTrading(Refusal):
    """Trading is still open: nothing lapses before the gong. Reject or withdraw the terms instead."""


class BrokerAlreadyCalled(Refusal):
    """A broker has been called to this table already. Wait for one, or ask at the brokers' desk."""


class BrokerAlreadyThere(Refusal):
    """This table has a broker already. Talk to the broker who sits there."""


class TooFewParties(Refusal):
    """It takes at least two distinct organisations to trade. Name each of them once."""


class TooManyParties(Refusal):
    """At most five organisations trade at one table. Make a second contract with the others."""


class NoPledges(Refusal):
    """Terms hold at least one pledge. Add what is given."""


class TooManyPledges(Refusal):
    """Terms hold at most twenty pledges. Make a second contract."""


class PledgeOutsideTheTable(Refusal):
    """A pledge goes from one organisation at the table to another one at it. Correct its giver or its receiver."""


class OneSided(Refusal):
    """At this marketplace every side gives something. Add what you offer in return."""


class ValueDoesntAddUp(Refusal):
    """A value by the hour is the rate times the time. Correct the value, the rate or the minutes."""


class ValueOutOfRange(Refusal):
    """An estimated value lies between nothing and a thousand million euro. Correct the value, the rate or the time."""


class OtherCurrency(Refusal):
    """Values are estimated in euro. Convert the value and write EUR."""


class CallerNotAtTheTable(Refusal):
    """Who makes the first contact is one of the parties. Name one of them."""


class ContactOutOfTime(Refusal):
    """The first contact is made within 1 to 366 days. Correct the number of days; two weeks is usual."""


class DueBackwards(Refusal):
    """A pledge can't be due before it begins. Swap the days."""
