"""Why a host's request is turned down."""

from domain.refusal import Refusal


class AlreadyPlanned(Refusal):
    """This edition is planned already. Reschedule it, or plan another one."""


class NotInPreparation(Refusal):
    """Trading has begun or the edition is over: what was laid down before the gong can't change now."""


class RegistrationAlreadyOpen(Refusal):
    """Registration is open already. Nothing more to do."""


class TradingAlreadyOpen(Refusal):
    """The gong has rung already: trading is on."""


class TradingNotOpen(Refusal):
    """Trading isn't open at this marketplace: help is traded between the two gongs only."""


class MarketplaceOver(Refusal):
    """This marketplace is over or was called off."""


class EndNotLater(Refusal):
    """The new end must be later than the one announced. To end earlier, ring the gong."""


class GraceNotOver(Refusal):
    """Trading can still be closed by the gong: its grace time isn't over."""


class NoAreas(Refusal):
    """A marketplace has at least one trading area, and no two of one id."""


class RegistrationNotOpen(Refusal):
    """Registration for this marketplace isn't open yet. Ask the host."""
