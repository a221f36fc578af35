"""What is set right after the seal: values, amendments, doubtful signatures, mistakes of the notary."""

from domain.contract.reasons import AnnulmentReason, CorrectionReason, RevocationReason
from services.rehearsal.desk import Form, signature, step
from services.rehearsal.dice import Dice
from services.rehearsal.hall import Strand
from services.rehearsal.turns import Turn, put_off


def take_turn(strand: Strand, form: Form, dice: Dice) -> None:
    """Add to the strand what happens to a certified form besides."""
    match form.turn:
        case Turn.ESTIMATED:
            step(strand, form, "estimate", {"pledge": 0, "value": _value(form)}, role="valuer")
        case Turn.CORRECTED:
            reason = CorrectionReason.MISCALCULATED.value
            step(strand, form, "correct-value", {"pledge": 0, "value": _value(form), "reason": reason}, role="valuer")
        case Turn.AMENDED:
            _amend(strand, form, dice)
        case Turn.LEFT_AS_IT_WAS:
            first, second, *_ = form.table.guests
            step(strand, form, "propose-amendment", {"by": first.party, "terms": put_off(form.table.terms)})
            step(strand, form, "withdraw-amendment", {"by": second.party})
        case Turn.REVOKED:
            reason = dice.pick(tuple(RevocationReason)).value
            step(strand, form, "revoke", {"reason": reason}, role="notary")
        case Turn.ANNULLED:
            step(strand, form, "annul", {"reason": AnnulmentReason.BY_AGREEMENT.value}, role="lead")
        case Turn.APPROVED | Turn.IN_DOUBT | Turn.DISOWNED:
            _doubt(strand, form)
        case _:
            pass


def _amend(strand: Strand, form: Form, dice: Dice) -> None:
    """One proposes, all sign."""
    terms = form.table.terms
    step(strand, form, "propose-amendment", {"by": form.table.guests[0].party, "terms": terms})
    for guest in form.table.guests:
        told = signature(guest, terms, dice)
        step(strand, form, "sign-amendment", told, name=f"sign-amendment/{guest.number}")


def _doubt(strand: Strand, form: Form) -> None:
    """A party says that its signer had no mandate: it approves, or the contract is annulled, or nobody knows yet."""
    party = form.table.guests[0].party
    step(strand, form, "repudiate", {"party": party})
    if form.turn is Turn.APPROVED:
        step(strand, form, "approve", {"party": party})
    elif form.turn is Turn.DISOWNED:
        step(strand, form, "annul", {"reason": AnnulmentReason.NO_MANDATE.value}, role="lead")


def give_up(strand: Strand, form: Form) -> None:
    """A form that was typed in twice is given up; the other one stays."""
    step(strand, form, "annul", {"reason": AnnulmentReason.WRITTEN_TWICE.value}, role="lead")


def _value(form: Form) -> object:
    return form.table.terms["pledges"][0]["value"]
