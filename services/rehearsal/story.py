"""A rehearsal as a story: every request of an edition, when it is made, and what has to be done before.

Pure: the same script (but for host, day and speed) tells the same story. How a story is shaped (METHOD.md, On the
floor): the first contract comes some minutes after the gong, about a sixth of the forms are handed in in the last
minutes and certified after it, some tables part without agreement, and some the gong finds undecided.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from services.rehearsal import desk, entrance
from services.rehearsal.board import Board
from services.rehearsal.deals import Dealer, Guest, Table
from services.rehearsal.desk import Form
from services.rehearsal.dice import Dice
from services.rehearsal.entrance import CLOSE
from services.rehearsal.hall import Ending, Strand, negotiate, seated, spread
from services.rehearsal.script import Script
from services.rehearsal.steps import Step


@dataclass(frozen=True, slots=True)
class Story:
    """All steps in the order of their moments; at the end `minor` cents count."""

    script: Script
    steps: tuple[Step, ...]
    minor: int


def tell(script: Script) -> Story:
    """The story of a script."""
    guests, stay_away = entrance.floor(script)
    dealer, board = Dealer(script, guests), Board(script)
    forms = _forms(script, dealer, board)
    parted = _parted(script, dealer)
    board.fill(guests)
    first = {guest.number for guest in forms[0].table.guests}
    door = entrance.Entrance(script, guests, stay_away, first)
    before = [*entrance.hosting(script), *door.steps(), *board.steps()]
    floor = _Floor(script, door.checks_in)
    told = [*before, entrance.gong(before), *floor.traded(forms), *floor.parted(parted)]
    told.append(entrance.closing_gong(floor.gong, told))
    steps = floor.in_the_notarys_order(told)
    return Story(script, steps, sum(form.table.minor or 0 for form in forms))


def _forms(script: Script, dealer: Dealer, board: Board) -> list[Form]:
    """The forms in the order in which they are handed in; only what was negotiated takes from listings."""
    dice, count = Dice(script.seed, "forms"), script.contracts
    straight = set(dice.some(range(count), round(count * 0.28)))
    returned = set(dice.some(range(1, count), max(1, round(count * 0.12))))
    reasons = dice.shuffled([*desk.MENDED, *desk.CLEARED])
    forms: list[Form] = []
    for number, table in enumerate(dealer.contracts()):
        drawn = table if number in straight else replace(table, terms=board.draw(table.terms))
        reason = reasons[len([form for form in forms if form.returned]) % len(reasons)] if number in returned else None
        forms.append(Form(number=number, table=drawn, straight=number in straight, returned=reason))
    return forms


def _parted(script: Script, dealer: Dealer) -> list[tuple[Ending, Table]]:
    """The tables from which nothing comes, and how each ends."""
    shares: Mapping[Ending, float] = {Ending.REJECTED: 0.12, Ending.WITHDRAWN: 0.05, Ending.LEFT_OPEN: 0.06}
    return [
        (ending, dealer.chance_meeting())
        for ending, share in shares.items()
        for _ in range(max(1, round(script.contracts * share)))
    ]


class _Floor:
    """Gives everything on the floor its moment, in seconds after the opening gong."""

    def __init__(self, script: Script, checks_in: Mapping[int, float]) -> None:
        self.gong = script.trading_minutes * 60.0
        self._rush = self.gong - min(600.0, self.gong * 0.1)
        self._hours = min(1.0, self.gong / 7200)
        self._checks_in = checks_in
        self._dice = Dice(script.seed, "times")
        self._contracts = script.contracts

    def traded(self, forms: list[Form]) -> Iterator[Step]:
        """From the first word to the seal, form by form."""
        last = max(1, round(len(forms) / 6)) if len(forms) > 1 else 0
        calm = len(forms) - last - 1
        first = self._dice.between(60, 240) * self._hours
        moments = [first, *sorted(self._dice.between(first * 1.5, self._rush) for _ in range(calm))]
        moments += sorted(self._dice.between(self._rush, self.gong - 1) for _ in range(last))
        for place, (form, moment) in enumerate(zip(forms, moments, strict=True)):
            late = place - (len(forms) - last)
            yield from self._form(form, moment, self._seen_at(moment, late))

    def _seen_at(self, handed_in: float, late: int) -> float:
        """When the notary takes the form: soon; what came in the rush, after the gong, one after the other."""
        if late >= 0:
            return self.gong + 15 + 20 * (late + self._dice.between(0, 0.9))
        return handed_in + self._dice.between(20, 120) * self._hours

    def _form(self, form: Form, handed_in: float, seen: float) -> Iterator[Step]:
        dice = self._dice
        strand = Strand(seated(form.table.guests))
        if not form.straight:
            negotiate(strand, f"table/{form.number}", form.first, Ending.AGREED, dice)
        desk.hand_in(strand, form, dice)
        yield from spread(strand.steps, self._sits_down(form.table.guests, handed_in), handed_in, dice)
        if form.returned:
            yield from self._returned(form, seen)
            return
        done = Strand((f"{form.name}/submit",))
        desk.certify(done, form)
        yield from spread(done.steps, handed_in, seen, dice)

    def _returned(self, form: Form, seen: float) -> Iterator[Step]:
        back = Strand((f"{form.name}/submit",))
        desk.hand_back(back, form)
        yield replace(back.steps[0], at=seen)
        again = Strand((f"{form.name}/return",))
        desk.mend(again, form, self._dice)
        desk.certify(again, form)
        yield from spread(again.steps, seen, seen + self._dice.between(120, 300) * self._hours, self._dice)

    def _sits_down(self, guests: tuple[Guest, ...], until: float) -> float:
        """The parties sat down some minutes earlier, but not before they had come in."""
        here = max(0.0, *(self._checks_in[guest.number] for guest in guests))
        earliest = here + (until - here) * 0.05
        return max(earliest, until - self._dice.between(240, 1500) * self._hours)

    def parted(self, tables: list[tuple[Ending, Table]]) -> Iterator[Step]:
        """Tables from which nothing comes; the gong finds some of them undecided."""
        for number, (ending, table) in enumerate(tables):
            strand = Strand(seated(table.guests))
            negotiate(strand, f"talk/{number}", table, ending, self._dice)
            least = 0.9 if ending is Ending.LEFT_OPEN else 0.1
            until = self.gong * self._dice.between(least, 0.999)
            yield from spread(strand.steps, self._sits_down(table.guests, until), until, self._dice)

    def in_the_notarys_order(self, told: list[Step]) -> tuple[Step, ...]:
        """All steps by their moments. The notary takes one form after the other, so that numbers come again too."""
        ordered: list[Step] = []
        before: str | None = None
        for step in sorted(told, key=lambda step: step.at):
            after = step.after
            if step.at > self.gong:
                after = (*after, CLOSE)
            if step.role == "notary":
                after = after if before is None else (*after, before)
                before = step.name
            ordered.append(replace(step, after=after))
        return tuple(ordered)
