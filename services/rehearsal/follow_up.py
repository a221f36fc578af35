"""Months later: the host calls about a good part of the contracts and asks what became of each pledge.

The months pass in minutes; only the days that people name are as far away as they would be.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import cycle, islice

from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason
from domain.contract.reasons import DisputeReason, ReminderKind
from domain.frozen import dataclass
from services.rehearsal.deals import Guest
from services.rehearsal.desk import Form, step
from services.rehearsal.dice import Dice
from services.rehearsal.hall import Strand
from services.rehearsal.script import Script
from services.rehearsal.steps import Body

SHARE = 0.45
"""Of this share of the contracts something is known when the story ends."""


class Fate(StrEnum):
    """What is known of a contract at the end."""

    DELIVERED = "delivered"
    DISPUTED = "disputed"
    IN_PART = "in_part"
    GIVEN_UP = "given_up"
    RUNNING = "running"
    HALFWAY = "halfway"
    SETTLED = "settled"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one contract, and why it isn't kept where it isn't."""

    fate: Fate
    reason: NonFulfilmentReason = NonFulfilmentReason.OTHER


_EACH = (
    *(Known(fate) for fate in (Fate.DELIVERED, Fate.DISPUTED, Fate.RUNNING)),
    Known(Fate.IN_PART, NonFulfilmentReason.NEED_GONE),
    *(Known(Fate.GIVEN_UP, reason) for reason in NonFulfilmentReason),
    *(Known(fate) for fate in (Fate.UNREACHED, Fate.HALFWAY, Fate.SETTLED)),
)
"""One of each, before any comes again."""
_USUAL = (
    *[Known(Fate.DELIVERED)] * 4,
    Known(Fate.RUNNING),
    Known(Fate.DELIVERED),
    Known(Fate.GIVEN_UP, NonFulfilmentReason.IMPRACTICABLE),
    Known(Fate.IN_PART, NonFulfilmentReason.NO_TIME),
)

_FITS: Mapping[Fate, Callable[[Form], bool]] = {
    Fate.IN_PART: lambda form: len(_pledges(form)) > 1,
    Fate.HALFWAY: lambda form: _pledges(form)[0]["quantity"] > 1,
}
"""What a contract must be like for a fate; all others fit any."""


def known_of(forms: Sequence[Form], dice: Dice) -> Iterator[tuple[Form, Known]]:
    """Of which contracts something is known; the first delivered one takes from the list of offers, if any does."""
    left = dice.shuffled(forms)
    left.sort(key=lambda form: all(pledge.get("listing") is None for pledge in _pledges(form)))
    first, *others = left
    left = [first, *dice.shuffled(others)]
    many = max(1, round(len(forms) * SHARE))
    for known in islice((*_EACH, *islice(cycle(_USUAL), many)), many):
        fitting = [form for form in left if _FITS.get(known.fate, _any)(form)]
        if fitting:
            left.remove(fitting[0])
            yield fitting[0], known


class Caller:
    """The follow-up desk."""

    def __init__(self, script: Script) -> None:
        self._dice = Dice(script.seed, "calls")
        self._day = script.date

    def follow(self, strand: Strand, form: Form, known: Known) -> None:
        """Add to the strand what is asked and answered about a form."""
        first, second, *_ = form.table.guests
        if known.fate is Fate.UNREACHED:
            self._miss(strand, form)
            return
        if known.reason is not NonFulfilmentReason.NEVER_IN_CONTACT and self._dice.chance(0.4):
            _ask(strand, form, "first-contact", {"on": self._later(2, 14)})
        match known.fate:
            case Fate.DISPUTED:
                _dispute(strand, form, second)
            case Fate.SETTLED:
                _dispute(strand, form, second)
                _ask(strand, form, "settle-dispute", {})
                self._deliver_bit_by_bit(strand, form)
            case Fate.HALFWAY:
                half = _pledges(form)[0]["quantity"] // 2
                told = {"pledge": 0, "delivered": half, "on": self._later(30, 80), "running": True}
                _ask(strand, form, "delivery", told)
            case _:
                _call(strand, form, first, [*self._told(form, known)])
        if known.fate is Fate.DELIVERED and self._dice.chance(0.3):
            _confirm(strand, form)

    def _told(self, form: Form, known: Known) -> Iterator[Body]:
        """What the party says of its contract's pledges."""
        for place, pledge in enumerate(_pledges(form)):
            came = {"pledge": place, "delivered": pledge["quantity"], "on": self._later(30, 80)}
            match known.fate:
                case Fate.RUNNING:
                    if place == 0:
                        yield {"pledge": place, "running": True}
                case Fate.IN_PART if place == 0:
                    yield came
                case Fate.IN_PART | Fate.GIVEN_UP:
                    yield {"pledge": place, "reason": known.reason.value}
                case _:
                    yield came

    def _miss(self, strand: Strand, form: Form) -> None:
        """Nobody answers, and everybody is reminded."""
        guests = form.table.guests
        _remind(strand, form, guests[:1], ReminderKind.FIRST_CONTACT)
        for guest in guests:
            body = {"party": guest.party, "outcome": CallOutcome.NOT_REACHED.value}
            _ask(strand, form, "call", body, f"call/{guest.number}")
        _remind(strand, form, guests, ReminderKind.DID_IT_HAPPEN)

    def _deliver_bit_by_bit(self, strand: Strand, form: Form) -> None:
        """The parties tell of each pledge as it comes; both sides confirm the first."""
        for place, pledge in enumerate(_pledges(form)):
            told = {"pledge": place, "delivered": pledge["quantity"], "on": self._later(30, 80)}
            _ask(strand, form, "delivery", told, f"delivery/{place}")
        _confirm(strand, form)

    def _later(self, least: int, most: int) -> str:
        return (self._day + timedelta(days=self._dice.whole(least, most))).isoformat()


def _pledges(form: Form) -> Sequence[Body]:
    pledges: Sequence[Body] = form.table.terms["pledges"]
    return pledges


def _any(_: Form) -> bool:
    return True


def _dispute(strand: Strand, form: Form, by: Guest) -> None:
    _ask(strand, form, "dispute", {"by": by.party, "pledge": 0, "reason": DisputeReason.NOT_AS_AGREED.value})


def _call(strand: Strand, form: Form, party: Guest, told: Sequence[Body]) -> None:
    body = {"party": party.party, "outcome": CallOutcome.REACHED.value, "told": told}
    _ask(strand, form, "call", body, f"call/{party.number}")


def _remind(strand: Strand, form: Form, parties: Sequence[Guest], kind: ReminderKind) -> None:
    body = {"parties": tuple(guest.party for guest in parties), "kind": kind.value}
    _ask(strand, form, "remind", body, f"remind/{kind.value}")


def _confirm(strand: Strand, form: Form) -> None:
    """Giver and receiver say the same of the first pledge."""
    first = _pledges(form)[0]
    for side in ("giver", "receiver"):
        _ask(strand, form, "confirm", {"pledge": 0, "by": first[side]}, f"confirm/{side}")


def _ask(strand: Strand, form: Form, verb: str, body: Body, name: str | None = None) -> None:
    step(strand, form, verb, body, role="follow_up_officer", name=name)
