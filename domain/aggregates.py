"""The kinds of streams, and how each is folded."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from domain.access import members
from domain.contract import state as contract
from domain.frozen import dataclass
from domain.listing import state as listing
from domain.marketplace import state as marketplace
from domain.negotiation import state as negotiation
from domain.organisation import state as organisation
from domain.participation import state as participation
from domain.person import state as person
from domain.results import statement


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A kind of stream: its records' types begin with `prefix`, `evolve` folds them from `nothing` on."""

    prefix: str
    evolve: Callable[[Any, Any], Any]
    nothing: Any = None

    def fold(self, state: Any, facts: Iterable[Any]) -> Any:
        """The state after `facts`."""
        for fact in facts:
            state = self.evolve(state, fact)
        return state


def _numbered(count: int, _fact: object) -> int:
    return count + 1


MARKETPLACE = Aggregate("marketplace.", marketplace.evolve)
ORGANISATION = Aggregate("organisation.", organisation.evolve)
PARTICIPATION = Aggregate("participation.", participation.evolve)
LISTING = Aggregate("listing.", listing.evolve)
NEGOTIATION = Aggregate("negotiation.", negotiation.evolve)
CONTRACT = Aggregate("contract.", contract.evolve)
STATEMENT = Aggregate("results.", statement.evolve)
ACCESS = Aggregate("access.", members.evolve, members.Access())
PERSON = Aggregate("person.", person.evolve, person.Person())
REGISTER = Aggregate("register.", _numbered, 0)
"""A register's state is how many numbers it has given."""

BY_PREFIX: Mapping[str, Aggregate] = MappingProxyType(
    {
        kind.prefix: kind
        for kind in (
            MARKETPLACE,
            ORGANISATION,
            PARTICIPATION,
            LISTING,
            NEGOTIATION,
            CONTRACT,
            STATEMENT,
            ACCESS,
            PERSON,
            REGISTER,
        )
    }
)
"""Every kind by the first word of its records' types, its dot included."""


@lru_cache(1000)
def aggregate_of(type_name: str) -> Aggregate | None:
    """The kind of stream that a record of this type belongs to; None for a type of no kind we know."""
    return BY_PREFIX.get(type_name.partition(".")[0] + ".")
