"""What follows at the valuation desk (Rechenstelle): estimates, and corrections that overwrite nothing."""

from domain.contract.commands import CorrectValue, EstimateValue
from domain.contract.events import Fact, ValueCorrected, ValueEstimated
from domain.contract.refusals import NotValuedYet, SameValue, ValuedAlready
from domain.contract.rules import must_be_a_pledge_of, must_not_be_over
from domain.contract.state import Contract
from domain.negotiation.rules import must_add_up, must_be_an_estimate


def estimate(command: EstimateValue, contract: Contract | None) -> tuple[Fact, ...]:
    """The facts of a first estimate; raises a `Refusal` when a rule forbids it."""
    held = must_not_be_over(contract)
    must_be_a_pledge_of(held.form.terms, command.pledge)
    if held.value_of(command.pledge) is not None:
        raise ValuedAlready
    must_be_an_estimate(command.value)
    must_add_up(command.value)
    return (ValueEstimated(pledge=command.pledge, value=command.value),)


def correct_value(command: CorrectValue, contract: Contract | None) -> tuple[Fact, ...]:
    """The facts of setting a value right; raises a `Refusal` when a rule forbids it."""
    held = must_not_be_over(contract)
    must_be_a_pledge_of(held.form.terms, command.pledge)
    standing = held.value_of(command.pledge)
    if standing is None:
        raise NotValuedYet
    if standing == command.value:
        raise SameValue
    must_be_an_estimate(command.value)
    must_add_up(command.value)
    return (ValueCorrected(pledge=command.pledge, value=command.value, reason=command.reason),)
