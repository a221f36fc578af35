"""What terms must be, whoever proposes them; the contract's form is held to the same rules."""

from collections.abc import Iterable

from domain.identity import ParticipationId
from domain.listing.decisions import must_name_an_area
from domain.marketplace.plan import MAX_CONTACT_DAYS, Plan, Reciprocity
from domain.money import CURRENCY, MAX_MINOR, Basis, Value, hourly
from domain.negotiation.refusals import (
    CallerNotAtTheTable,
    ContactOutOfTime,
    DueBackwards,
    NoPledges,
    OneSided,
    OtherCurrency,
    PledgeOutsideTheTable,
    TooFewParties,
    TooManyParties,
    TooManyPledges,
    ValueDoesntAddUp,
    ValueOutOfRange,
)
from domain.negotiation.terms import MAX_PARTIES, MAX_PLEDGES, Pledge, Terms, is_one_sided
from domain.words import MAX_LABEL, MAX_TITLE, must_be_a_quantity, must_be_words


def must_be_terms(terms: Terms, parties: Iterable[ParticipationId], plan: Plan) -> None:
    """Terms that may be proposed, drafted and signed between `parties` at an edition of this `plan`."""
    table = tuple(parties)
    must_be_some_parties(table)
    must_hold_pledges(terms)
    for pledge in terms.pledges:
        must_be_a_pledge(pledge, table)
        must_name_an_area(pledge.area, plan)
    must_name_the_caller_at_the_table(terms, table)
    must_call_in_time(terms.first_contact_days)
    must_give_on_every_side(terms, table, plan.reciprocity)


def must_be_some_parties(table: tuple[ParticipationId, ...]) -> None:
    """Two distinct parties at least, and not a crowd."""
    if len(set(table)) < max(2, len(table)):
        raise TooFewParties
    if len(table) > MAX_PARTIES:
        raise TooManyParties


def must_hold_pledges(terms: Terms) -> None:
    """Something is given, and it fits a form."""
    if not terms.pledges:
        raise NoPledges
    if len(terms.pledges) > MAX_PLEDGES:
        raise TooManyPledges


def must_be_a_pledge(pledge: Pledge, table: tuple[ParticipationId, ...]) -> None:
    """A pledge goes from one party to another, says how much of what, is due forwards, and its value adds up."""
    if pledge.giver == pledge.receiver or not {pledge.giver, pledge.receiver} <= set(table):
        raise PledgeOutsideTheTable
    must_be_words(pledge.title, MAX_TITLE)
    must_be_words(pledge.unit, MAX_LABEL)
    must_be_a_quantity(pledge.quantity)
    if pledge.due_from and pledge.due_until and pledge.due_until < pledge.due_from:
        raise DueBackwards
    if pledge.value is not None:
        must_be_an_estimate(pledge.value)
        must_add_up(pledge.value)


def must_be_an_estimate(value: Value) -> None:
    """Estimates are in euro, so that they add up over a marketplace and a season, and within reason."""
    if value.currency != CURRENCY:
        raise OtherCurrency
    if not all(0 <= part <= MAX_MINOR for part in (value.minor, value.rate_minor or 0, value.minutes or 0)):
        raise ValueOutOfRange


def must_add_up(value: Value) -> None:
    """Hourly values are rate times time; other values have neither."""
    match value.basis, value.rate_minor, value.minutes:
        case Basis.HOURLY_RATE, int() as rate, int() as minutes:
            if hourly(rate, minutes).minor != value.minor:
                raise ValueDoesntAddUp
        case Basis.HOURLY_RATE, _, _:
            raise ValueDoesntAddUp
        case _, None, None:
            return
        case _:
            raise ValueDoesntAddUp


def must_name_the_caller_at_the_table(terms: Terms, table: tuple[ParticipationId, ...]) -> None:
    """Who makes the first contact is one of the parties."""
    if terms.first_contact_by is not None and terms.first_contact_by not in table:
        raise CallerNotAtTheTable


def must_call_in_time(days: int | None) -> None:
    """The first contact is made within a year; two weeks is usual."""
    if days is not None and not 1 <= days <= MAX_CONTACT_DAYS:
        raise ContactOutOfTime


def must_give_on_every_side(terms: Terms, table: tuple[ParticipationId, ...], reciprocity: Reciprocity) -> None:
    """Under the strict policy every party gives; `encouraged` and `off` let one-sided terms pass."""
    if reciprocity is Reciprocity.STRICT and is_one_sided(terms, table):
        raise OneSided
