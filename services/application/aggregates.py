"""The kinds of streams that handlers see; `domain.aggregates` makes them."""

from domain.aggregates import (
    ACCESS,
    CONTRACT,
    LISTING,
    MARKETPLACE,
    NEGOTIATION,
    ORGANISATION,
    PARTICIPATION,
    PERSON,
    REGISTER,
    STATEMENT,
    Aggregate,
)

__all__ = [
    "ACCESS",
    "CONTRACT",
    "LISTING",
    "MARKETPLACE",
    "NEGOTIATION",
    "ORGANISATION",
    "PARTICIPATION",
    "PERSON",
    "REGISTER",
    "STATEMENT",
    "Aggregate",
]
