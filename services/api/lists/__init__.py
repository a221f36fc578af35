"""One table of what can be read: address, query parameters, the shape that comes back."""

from services.api.lists.desks import DESKS
from services.api.lists.directory import DIRECTORY
from services.api.lists.disclosures import DISCLOSURES
from services.api.lists.duplicates import DUPLICATES
from services.api.lists.hosting import HOSTING
from services.api.lists.listings import LISTINGS
from services.api.lists.persons import PERSONS
from services.api.lists.replays import REPLAYS
from services.api.lists.results import RESULTS
from services.api.lists.route import QueryRoute

__all__ = ["QUERIES", "QueryRoute"]

QUERIES: tuple[QueryRoute, ...] = (
    *DIRECTORY,
    *DUPLICATES,
    *HOSTING,
    *LISTINGS,
    *REPLAYS,
    *RESULTS,
    *DESKS,
    *PERSONS,
    *DISCLOSURES,
)
"""Everything that can be read of one host."""
