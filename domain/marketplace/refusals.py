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


class AreasMissing(Refusal):
    """Registration is open: an area may be in use, so it isn't dropped. Retire it instead."""


class AreaKnown(Refusal):
    """There is, or was, an area of this id. Rename it, or choose another id."""


class NoSuchArea(Refusal):
    """This marketplace has no such area, or it was retired. Name one of its areas."""


class LastArea(Refusal):
    """This is the last trading area. Add another one before it is retired."""


class SeriesOutOfRange(Refusal):
    """A series holds 1 to 5,000 forms, from 1 up to nine digits, and its prefix doesn't end in a digit. Correct it."""


class SeriesOverlaps(Refusal):
    """Some of these form numbers are recorded already. Record each blank form once."""


class TooManySeries(Refusal):
    """A marketplace has at most twenty series of blank forms. Join some of them."""


class TwiceOnTheChecklist(Refusal):
    """Two points of the checklist have one id. Name each once."""


class TooManyChecks(Refusal):
    """The notary's checklist has at most twenty points. Join some of them."""


class TwoRatesForAnArea(Refusal):
    """An area has one hourly rate. Name each area once."""


class CoHostUnclear(Refusal):
    """A co-host is named once, with at least one role and each role once. Correct the list."""


class TooManyCoHosts(Refusal):
    """A marketplace has at most twenty co-hosts. Name the most important ones."""


class WorkshopKnown(Refusal):
    """There is a workshop of this id already. Choose another id."""


class TooManyWorkshops(Refusal):
    """A marketplace has at most twenty workshops. Join some of them."""


class NotOverYet(Refusal):
    """Trading isn't over yet: the time after it begins with the closing gong. Wait for it."""


class AlreadyFollowingUp(Refusal):
    """The follow-up has begun already. Nothing more to do."""


class FileClosed(Refusal):
    """This marketplace is archived: its file is closed. Nothing about it changes any more."""
