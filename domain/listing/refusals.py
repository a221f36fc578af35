"""Why a request about a listing is turned down."""

from domain.refusal import Refusal


class AlreadyPublished(Refusal):
    """This listing is published already. Revise it instead."""


class NotYourListing(Refusal):
    """Only the organisation that published a listing changes it."""


class ListingWithdrawnAlready(Refusal):
    """This listing was taken back."""


class AreaUnknown(Refusal):
    """This marketplace has no such trading area. Choose one of its areas."""


class PromisedOut(Refusal):
    """So much of this listing isn't left: the rest is promised to others. Agree on less, or without the listing."""


class LessThanPromised(Refusal):
    """More of this listing is promised already. Its quantity can't be less."""
