"""What is done with a form: drafted, signed, handed in, returned, mended, and certified."""

from dataclasses import dataclass

from domain.contract.form import Manner
from services.rehearsal.deals import Table, flawed
from services.rehearsal.dice import Dice
from services.rehearsal.entrance import representative
from services.rehearsal.hall import Strand
from services.rehearsal.steps import EDITION, Body, Desk, HashOf, Thing

MENDED = ("date_missing", "contact_missing", "unbalanced", "incomplete")
"""Reasons after which other terms stand on the form, and everybody signs again."""
CLEARED = ("unreadable", "other")
"""Reasons that a word at the notary's desk clears: the signatures hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of a story. `returned` is why the notary gives it back once, `straight` that nobody negotiated."""

    number: int
    table: Table
    straight: bool
    returned: str | None

    @property
    def name(self) -> str:
        """Its name in the story."""
        return f"form/{self.number}"

    @property
    def first(self) -> Table:
        """What stands on the form at first."""
        return flawed(self.table, self.returned) if self.returned in MENDED else self.table


def hand_in(strand: Strand, form: Form, dice: Dice) -> None:
    """Draft, sign and hand in: from the negotiation that the strand has told, or straight from the form."""
    number = f"P-{form.number + 1:03}" if form.straight or dice.chance(0.5) else None
    if form.straight:
        body: Body = {
            "marketplace": Thing(EDITION),
            "parties": tuple(guest.party for guest in form.table.guests),
            "terms": form.first.terms,
            "form_number": number,
        }
        strand.add(f"{form.name}/draft", "clerk", "contracts/from-form", body, makes=form.name)
    else:
        body = {"negotiation": Thing(f"table/{form.number}"), "form_number": number}
        strand.add(f"{form.name}/draft", "clerk", "contracts/from-negotiation", body, makes=form.name)
    _sign(strand, form, form.first.terms, "sign", dice)
    _step(strand, form, "submit", {})


def hand_back(strand: Strand, form: Form) -> None:
    """The notary gives the form back."""
    _step(strand, form, "return", {"reasons": (form.returned,)}, role="notary")


def mend(strand: Strand, form: Form, dice: Dice) -> None:
    """What the notary wanted is mended, and the form comes again."""
    if form.returned in MENDED:
        _step(strand, form, "correct", {"terms": form.table.terms})
        _sign(strand, form, form.table.terms, "sign-again", dice)
    strand.add(f"{form.name}/submit-again", "clerk", "contracts/{id}/submit", {}, thing=form.name)


def certify(strand: Strand, form: Form) -> None:
    """The notary certifies."""
    _step(strand, form, "certify", {}, role="notary")


def _sign(strand: Strand, form: Form, terms: Body, name: str, dice: Dice) -> None:
    """Most sign on paper before the clerk's eyes, some by badge; not every paper says who signed."""
    for guest in form.table.guests:
        signature: dict[str, object] = {"party": guest.party, "terms_hash": HashOf(terms)}
        signature["publicity"] = dice.chance(0.8)
        if dice.chance(0.65):
            signer = representative(guest) if dice.chance(0.7) else None
            signature |= {"person": signer, "manner": Manner.ON_PAPER.value, "witness": Desk("clerk")}
        else:
            signature |= {"person": representative(guest), "manner": Manner.BADGE_AND_PIN.value}
        strand.add(f"{form.name}/{name}/{guest.number}", "clerk", "contracts/{id}/sign", signature, thing=form.name)


def _step(strand: Strand, form: Form, verb: str, body: Body, *, role: str = "clerk") -> None:
    strand.add(f"{form.name}/{verb}", role, f"contracts/{{id}}/{verb}", body, thing=form.name)
