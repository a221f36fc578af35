"""Whole editions of a host, told in facts: contracts certified, revalued, revoked and delivered, figures announced."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from domain.contract.events import CertificationRevoked, DeliveryRecorded, ValueCorrected
from domain.contract.reasons import CorrectionReason, RevocationReason
from domain.envelope import Envelope
from domain.identity import ContractId, MarketplaceId
from domain.money import Basis, Value
from domain.results.statement import DrawnFromLedger
from tests.infra.projections.histories import History, figures

PAIRS = 10
"""Companies, and as many non-profits, at an edition."""


def play(history: History, contracts: int, *, told_before: int = 0) -> MarketplaceId:
    """An edition from its plan to its announced figures; `told_before` records of the log aren't in `history` any more.

    Every tenth contract is worth something else afterwards, every twentieth is revoked, half of them are delivered.
    """
    edition = history.edition(title=f"Ruhrdax {history.random.randrange(10_000)}")
    history.open(edition)
    floor = [history.pair(edition) for _ in range(PAIRS)]
    certified = [history.deal(edition, history.random.choice(floor)) for _ in range(contracts)]
    history.close(edition)
    counting = [each for place, each in enumerate(certified) if place % 20 != 19]
    for place, contract in enumerate(certified):
        if place % 10 == 3:
            _revalued(history, contract)
        if place % 20 == 19:
            history.tell(contract, CertificationRevoked(notary=history.notary, reason=RevocationReason.OTHER))
    statement = history.announced(edition, figures(len(counting)))
    history.tell(statement, DrawnFromLedger(position=told_before + len(history.told) - 1))
    for contract in counting[::2]:
        history.tell(contract, DeliveryRecorded(pledge=0, quantity=3, on=date(2007, 1, 15)), role="follow_up_officer")
    return edition


def editions(seed: int, number: int, contracts: int, origin: str = "handschlag/test") -> History:
    """A host's history of some editions, a year apart."""
    history = History(Random(seed), origin=origin)
    for _ in range(number):
        play(history, contracts)
        history.at += timedelta(days=365)
    return history


def between_commands(told: Sequence[Envelope], place: int) -> int:
    """`place`, or the next one: a certification and its number are recorded together, so no log ends between them."""
    return place + (place > 0 and told[place - 1].type == "contract.certified.v1")


def _revalued(history: History, contract: ContractId) -> None:
    worth = Value(
        minor=history.random.randrange(1000, 500_000), currency="EUR", basis=Basis.STATED, rate_minor=None, minutes=None
    )
    history.tell(contract, ValueCorrected(pledge=0, value=worth, reason=CorrectionReason.OTHER), role="valuer")


__all__ = ["between_commands", "editions", "play"]
