"""What terms may be: what can be said against them at a table, by the method and the refusals' sentences."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from domain.listing.refusals import AreaUnknown
from domain.negotiation import refusals as why
from domain.negotiation.terms import Terms, terms_hash
from tests.laws.models.driving import Objections
from tests.laws.models.words import SHORT, TITLE, against_quantities, against_values, against_words, together


def against_terms(terms: Terms, table: Sequence[str], areas: Collection[str], policy: str) -> Objections:
    """What can be said against these terms between these parties, in these areas, under this reciprocity policy."""
    return _against(terms, tuple(table), frozenset(areas), policy)


@lru_cache(maxsize=4_000)
def _against(terms: Terms, table: tuple[str, ...], areas: frozenset[str], policy: str) -> Objections:
    pledges, days = terms.pledges, terms.first_contact_days
    ends = [(pledge.giver, pledge.receiver) for pledge in pledges]
    givers = {giver for giver, _ in ends}
    days_of = [(pledge.due_from, pledge.due_until) for pledge in pledges]
    shape: Objections = {
        why.TooFewParties: len(table) < 2 or len(table) != len(set(table)),
        why.TooManyParties: len(table) > 5,
        why.NoPledges: not pledges,
        why.TooManyPledges: len(pledges) > 20,
        why.PledgeOutsideTheTable: any(a == b or a not in table or b not in table for a, b in ends),
        why.DueBackwards: any(a is not None and b is not None and a > b for a, b in days_of),
        why.CallerNotAtTheTable: terms.first_contact_by not in (None, *table),
        why.ContactOutOfTime: days is not None and days not in range(1, 367),
        why.OneSided: policy == "strict" and any(party not in givers for party in table),
        AreaUnknown: any(pledge.area not in areas for pledge in pledges),
    }
    texts = [text for pledge in pledges for text in ((pledge.title, TITLE), (pledge.unit, SHORT))]
    return together(
        shape,
        against_words(*texts),
        against_quantities(pledge.quantity for pledge in pledges),
        against_values(pledge.value for pledge in pledges),
    )


@lru_cache
def hash_of(terms: Terms) -> str:
    """The hash by which these terms are signed; the golden entries hold it to its definition."""
    return terms_hash(terms)
