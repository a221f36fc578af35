"""Why a request about a listing is turned down."""

from domain.refusal import Refusal


class AlreadyPublished(Refusal):
    """This listing is published already. Revise it instead."""


class NotYourListing(Refusal):
    """Only the organisation that published a listing changes it. Ask that organisation, or publish your own."""


class ListingWithdrawnAlready(Refusal):
    """This listing was taken back. Publish a new one, or agree without it."""


class AreaUnknown(Refusal):
    """This marketplace has no such trading area. Choose one of its areas."""


class PromisedOut(Refusal):
    """So much of this listing isn't left: the rest is promised to others. Agree on less, or without the listing."""


class ListingOfAnother(Refusal):
    """A pledge takes from its giver's own offer or fills its receiver's own need. Leave the other listing out."""


class UnitDiffers(Refusal):
    """A pledge that takes from a listing counts in the listing's unit. Use that unit, or leave the listing out."""


class UnitIsPromised(Refusal):
    """Something of this listing is promised in its unit. Keep the unit, or publish another listing."""


class LessThanPromised(Refusal):
    """More of this listing is promised already. Keep its quantity at what is promised, or more."""
