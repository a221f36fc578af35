"""What listings hold for contracts, seen and recorded together with what binds or frees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.aggregates import LISTING
from domain.identity import ListingId
from domain.listing.binding import named_in
from domain.listing.state import Listing
from domain.negotiation.terms import Terms
from services.application.work import Work


async def listings_in(work: Work, *terms: Terms) -> dict[ListingId, Listing | None]:
    """The listings that `terms` name, as they stand."""
    named = named_in(*terms)
    return dict(zip(named, await work.see_all(LISTING, named), strict=True))


def record_on_listings(work: Work, by_listing: Mapping[ListingId, Sequence[Any]]) -> None:
    """Each on its own stream: a guard alone would let two have the last."""
    for listing, facts in by_listing.items():
        work.record(listing, facts)
