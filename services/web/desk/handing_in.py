"""Signatures on paper and the way to the notary, one step after the other."""

from domain.contract.commands import Sign, SubmitToNotary
from domain.contract.form import Manner, Signature
from domain.identity import ContractId, ParticipationId, PersonId
from domain.refusal import Refusal
from services.application.asking import Receipt
from services.web.desk.typed import Typed
from services.web.desk.visit import Visit


class BrokenOff(Exception):
    """The form is written, and a later step was refused: its own page tells which, and goes on from there."""

    def __init__(self, refusal: Refusal, contract: ContractId, position: int) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.contract = contract
        self.position = position


async def hand_in(
    visit: Visit, contract: ContractId, before: Receipt, unsigned: dict[int, ParticipationId], signed_hash: str
) -> tuple[Receipt, bool]:
    """The ticked signatures, and when none is missing the notary; whether it came so far."""
    done, typed = before, visit.typed or Typed()
    missing = [number for number in unsigned if not typed.ticked(f"signed-{number}")]
    try:
        for number, party in unsigned.items():
            if number not in missing:
                signing = signature(visit, party, signed_hash, publicity=typed.ticked(f"public-{number}"))
                done = await visit.do(f"sign.{number}", contract, signing, seen=done.version)
        if not missing:
            done = await visit.do("submit", contract, SubmitToNotary(), seen=done.version)
    except Refusal as refusal:
        raise BrokenOff(refusal, contract, done.position) from refusal
    return done, not missing


def signature(visit: Visit, party: ParticipationId, signed_hash: str, *, publicity: bool) -> Sign:
    """A signature on paper, seen by whoever types it in."""
    seen_by = visit.may(Sign)
    return Sign(
        signature=Signature(
            party=party,
            person=None,
            manner=Manner.ON_PAPER,
            witness=None if seen_by is None else PersonId(seen_by.member),
            terms_hash=signed_hash,
            publicity=publicity,
        )
    )
