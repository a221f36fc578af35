"""Why a host's request is turned down."""

from domain.refusal import Refusal


class AlreadyPlanned(Refusal):
    """This edition is planned already. Reschedule it, or plan another one."""


class NotInPreparation(Refusal):
    """The gong has rung or the edition is over: what was laid down can't change now. Plan it so for the next one."""


class RegistrationAlreadyOpen(Refusal):
    """Registration is open already. Nothing more to do."""


class TradingAlreadyOpen(Refusal):
    """The gong has rung already: trading is on. Nothing more to do."""


class TradingNotOpen(Refusal):
    """Trading isn't open: help is traded between the two gongs only. Wait for the opening gong or the next edition."""


class MarketplaceOver(Refusal):
    """This marketplace is over or was called off. Look for the next edition."""


class EndNotLater(Refusal):
    """The new end must be later than the one announced. To end earlier, ring the gong."""


class GraceNotOver(Refusal):
    """Trading can still be closed by the gong: its grace time isn't over. Ring the gong, or wait."""


class NoAreas(Refusal):
    """A marketplace has at least one trading area, and no two of one id. Name each once."""


class TooManyAreas(Refusal):
    """A marketplace has at most forty trading areas. Join some of them."""


class TradingTimeOutOfRange(Refusal):
    """Trading lasts from a minute to a day, and its grace time a day at most. Correct the minutes."""


class PlanOutOfTime(Refusal):
    """The season is a year, and the first contact is due within 1 to 366 days. Correct the season or the days."""


class RateOutOfRange(Refusal):
    """An hour is valued at nothing or more, in cents. Correct the rate."""


class RegistrationNotOpen(Refusal):
    """Registration for this marketplace isn't open yet. Ask the host."""
