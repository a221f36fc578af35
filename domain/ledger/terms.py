"""Terms in a ledger row: pledges, the values that stand for them, and what they count for."""

from collections.abc import Iterable, Sequence

from domain.frozen import replace
from domain.ledger.row import LedgerParty, LedgerRow, LedgerValue
from domain.marketplace.plan import Counted
from domain.money import CURRENCY, Value
from domain.negotiation.terms import Party, Pledge, Terms, is_one_sided
from domain.organisation.events import Side


def nothing(counted: Counted) -> LedgerValue:
    """No value yet."""
    return LedgerValue(minor=0, currency=CURRENCY, counted=counted, unvalued=0)


def written(row: LedgerRow, terms: Terms, terms_hash: str) -> LedgerRow:
    """The row with these terms, valued as they say themselves."""
    values = tuple([pledge.value for pledge in terms.pledges])
    return replace(
        row,
        pledges=terms.pledges,
        values=values,
        value=counted_value(terms.pledges, values, row.parties, row.value.counted),
        one_sided=is_one_sided(terms, (party.participation for party in row.parties)),
        terms_hash=terms_hash,
        first_contact_by=terms.first_contact_by,
        first_contact_days=terms.first_contact_days,
    )


def valued(row: LedgerRow, place: int, value: Value, *, corrected: bool) -> LedgerRow:
    """The row after a valuer's word about the pledge at `place`, which may set an earlier one right."""
    values = (*row.values[:place], value, *row.values[place + 1 :])
    counted = counted_value(row.pledges, values, row.parties, row.value.counted)
    return replace(row, values=values, value=counted, corrections=row.corrections + corrected)


def counted_anew(row: LedgerRow) -> LedgerRow:
    """The row with the sum of the values that stand now."""
    return replace(row, value=counted_value(row.pledges, row.values, row.parties, row.value.counted))


def counted_value(
    pledges: Sequence[Pledge],
    values: Sequence[Value | None],
    parties: Iterable[Party | LedgerParty],
    counted: Counted,
) -> LedgerValue:
    """The sum of the estimates that count: the companies' pledges, or both sides'."""
    companies = {party.participation for party in parties if party.side is Side.COMPANY}
    counting = [
        value
        for pledge, value in zip(pledges, values, strict=True)
        if counted is Counted.BOTH or pledge.giver in companies
    ]
    known = [value for value in counting if value is not None]
    return LedgerValue(
        minor=sum(value.minor for value in known),
        currency=known[0].currency if known else CURRENCY,
        counted=counted,
        unvalued=len(counting) - len(known),
    )
