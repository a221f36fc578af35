"""What is done with a form: drafted or typed in, signed, handed in, returned, mended, and certified."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from domain.contract.form import Manner
from domain.frozen import dataclass
from services.rehearsal import turns
from services.rehearsal.deals import Guest, Table, flawed
from services.rehearsal.dice import Dice
from services.rehearsal.entrance import representative
from services.rehearsal.hall import Strand
from services.rehearsal.prepare import checked, form_number
from services.rehearsal.steps import EDITION, Body, Desk, HashOf, Moment, Thing
from services.rehearsal.turns import Turn

MENDED = ("money", "date_missing", "contact_missing", "unbalanced", "incomplete")
"""Reasons after which other terms stand on the form, and everybody signs again."""
CLEARED = ("unreadable", "other")
"""Reasons that a word at the notary's desk clears: the signatures hold."""


class Source(StrEnum):
    """Where a form comes from: a negotiation, the clerk's screen, or paper typed in before or after the gong."""

    TABLE = "table"
    STRAIGHT = "straight"
    PAPER = "paper"
    LATE_PAPER = "late_paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of a story. `returned` is why the notary gives it back once, `turn` what happens to it besides.

    `twin` is the form whose paper this one is, typed in a second time; `filled` the step at whose moment a paper
    form was filled by hand.
    """

    number: int
    table: Table
    source: Source
    returned: str | None = None
    turn: Turn | None = None
    twin: int | None = None
    filled: str | None = None

    @property
    def name(self) -> str:
        """Its name in the story."""
        return f"form/{self.number}"

    @property
    def counts(self) -> bool:
        """Whether it counts in the end."""
        return self.turn not in (*turns.EXTRA, Turn.TYPED_IN_TWICE)

    @property
    def sealed(self) -> Body:
        """The terms that are certified."""
        return turns.sealed(self.table, self.turn)

    @property
    def first(self) -> Table:
        """What stands on the form at first."""
        table = replace(self.table, terms=self.sealed)
        return flawed(table, self.returned) if self.returned in MENDED else table


def hand_in(strand: Strand, form: Form, dice: Dice) -> None:
    """Draft, sign and hand in: from the negotiation that the strand has told, from the form, or from paper."""
    if form.source in (Source.PAPER, Source.LATE_PAPER):
        type_in(strand, form, dice)
    elif form.source is Source.STRAIGHT:
        body = {**_on_form(form), "form_number": form_number(form.number)}
        strand.add(f"{form.name}/draft", "clerk", "contracts/from-form", body, makes=form.name)
        _sign(strand, form, form.first.terms, "sign", dice)
    else:
        number = form_number(form.number) if dice.chance(0.5) else None
        body = {"negotiation": Thing(f"table/{form.number}"), "form_number": number}
        strand.add(f"{form.name}/draft", "clerk", "contracts/from-negotiation", body, makes=form.name)
        _sign(strand, form, form.first.terms, "sign", dice)
    step(strand, form, "submit", {})


def type_in(strand: Strand, form: Form, dice: Dice) -> None:
    """The clerk types in a paper form with the signatures on it, some of which nobody can read."""
    body = {
        **_on_form(form),
        "form_number": form_number(form.number if form.twin is None else form.twin),
        "occurred_at": Moment(form.filled or ""),
        "signatures": tuple(
            {
                "party": guest.party,
                "person": representative(guest) if dice.chance(0.8) else None,
                "publicity": dice.chance(0.8),
            }
            for guest in form.table.guests
        ),
    }
    strand.add(f"{form.name}/draft", "clerk", "contracts/from-paper", body, makes=form.name)


def _on_form(form: Form) -> Mapping[str, Any]:
    parties = tuple(guest.party for guest in form.table.guests)
    return {"marketplace": Thing(EDITION), "parties": parties, "terms": form.first.terms}


def hand_back(strand: Strand, form: Form) -> None:
    """The notary gives the form back."""
    step(strand, form, "return", {"reasons": (form.returned,)}, role="notary")


def mend(strand: Strand, form: Form, dice: Dice) -> None:
    """What the notary wanted is mended, and the form comes again."""
    if form.returned in MENDED:
        step(strand, form, "correct", {"terms": form.sealed})
        _sign(strand, form, form.sealed, "sign-again", dice)
    strand.add(f"{form.name}/submit-again", "clerk", "contracts/{id}/submit", {}, thing=form.name)


def certify(strand: Strand, form: Form) -> None:
    """The notary ticks off the checklist and certifies."""
    step(strand, form, "certify", {"checked": checked()}, role="notary")


def signature(guest: Guest, terms: Body, dice: Dice) -> Body:
    """Most sign on paper before the clerk's eyes, some by badge; not every paper says who signed."""
    told: dict[str, object] = {"party": guest.party, "terms_hash": HashOf(terms), "publicity": dice.chance(0.8)}
    if dice.chance(0.65):
        signer = representative(guest) if dice.chance(0.7) else None
        return told | {"person": signer, "manner": Manner.ON_PAPER.value, "witness": Desk("clerk")}
    return told | {"person": representative(guest), "manner": Manner.BADGE_AND_PIN.value}


def _sign(strand: Strand, form: Form, terms: Body, name: str, dice: Dice) -> None:
    for guest in form.table.guests:
        told = signature(guest, terms, dice)
        strand.add(f"{form.name}/{name}/{guest.number}", "clerk", "contracts/{id}/sign", told, thing=form.name)


def step(strand: Strand, form: Form, verb: str, body: Body, *, role: str = "clerk", name: str | None = None) -> None:
    """One more step about a form, named after what is done unless it has a `name` of its own."""
    strand.add(f"{form.name}/{name or verb}", role, f"contracts/{{id}}/{verb}", body, thing=form.name)
