"""How the records of the follow-up move what is known of the pledges; state and ledger fold them alike."""

from domain.contract.events import DeliveryRecorded, FulfilmentConfirmed, NonFulfilmentRecorded, PledgeRunning
from domain.contract.fulfilment import Progress
from domain.frozen import replace

Told = PledgeRunning | DeliveryRecorded | NonFulfilmentRecorded | FulfilmentConfirmed
"""The records that say something of one pledge."""


def after_told(progress: tuple[Progress, ...], fact: Told) -> tuple[Progress, ...]:
    """What is known of the pledges after `fact`. New word of a pledge has to be confirmed anew.

    That the parties are at it takes nothing back of what came, but the word that no more would come.
    """
    before = progress[fact.pledge]
    match fact:
        case PledgeRunning():
            confirmed = before.confirmed_by if before.reason is None else frozenset()
            after = replace(before, running=True, reason=None, confirmed_by=confirmed)
        case DeliveryRecorded(quantity=quantity):
            after = replace(before, delivered=before.delivered + quantity, reason=None, confirmed_by=frozenset())
        case NonFulfilmentRecorded(reason=reason):
            after = replace(before, running=False, reason=reason, confirmed_by=frozenset())
        case FulfilmentConfirmed(by=by):
            after = replace(before, confirmed_by=before.confirmed_by | {by})
    return (*progress[: fact.pledge], after, *progress[fact.pledge + 1 :])
