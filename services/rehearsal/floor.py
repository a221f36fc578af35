"""The floor: gives everything between the gongs, and everything that follows, its moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from services.rehearsal import aftermath, desk, follow_up
from services.rehearsal.deals import Guest, Table
from services.rehearsal.desk import Form, Source
from services.rehearsal.dice import Dice
from services.rehearsal.hall import Ending, Strand, negotiate, seated, spread
from services.rehearsal.prepare import CLOSE, FOLLOW_UP, RENAMED, start_follow_up
from services.rehearsal.script import Script
from services.rehearsal.steps import Step
from services.rehearsal.turns import Turn

_LABELLED = frozenset(
    {"contracts/from-form", "contracts/from-negotiation", "contracts/from-paper"}
    | {f"contracts/{{id}}/{verb}" for verb in ("correct", "sign-amendment")}
)
"""What writes down the labels of areas."""


class Floor:
    """Moments are in seconds after the opening gong."""

    def __init__(self, script: Script, checks_in: Mapping[int, float]) -> None:
        self._gong = script.gong
        self._rush = self._gong - min(600.0, self._gong * 0.1)
        self._hours = min(1.0, self._gong / 7200)
        self._checks_in = checks_in
        self._dice = Dice(script.seed, "times")
        self._calls = Dice(script.seed, "follow-up")
        self._caller = follow_up.Caller(script)
        self._last: dict[int, str] = {}
        """The last step about each form, by its number."""

    def traded(self, forms: Sequence[Form]) -> Iterator[Step]:
        """From the first word to the seal and what is set right after it, form by form."""
        twice = [form for form in forms if form.turn is Turn.TYPED_IN_TWICE]
        late = [form for form in forms if form.source is Source.LATE_PAPER]
        in_time = [form for form in forms if form not in (*twice, *late)]
        in_a_rush = max(1, round(len(in_time) / 6)) if len(in_time) > 1 else 0
        for place, (form, moment) in enumerate(zip(in_time, self._moments(len(in_time), in_a_rush), strict=True)):
            yield from self._form(form, moment, self._seen_at(moment, place - (len(in_time) - in_a_rush)))
        for form in twice:
            yield from self._typed_in_twice(form)
        for place, form in enumerate(late, start=in_a_rush + 1):
            yield from self._late(form, self._gong + 15 + 20 * place)

    def _moments(self, count: int, in_a_rush: int) -> list[float]:
        """When forms are handed in: the first soon, the last ones in a rush."""
        first = self._dice.between(60, 240) * self._hours
        calm = sorted(self._dice.between(first * 1.5, self._rush) for _ in range(count - in_a_rush - 1))
        return [first, *calm, *sorted(self._dice.between(self._rush, self._gong - 1) for _ in range(in_a_rush))]

    def _seen_at(self, handed_in: float, late: int) -> float:
        """When the notary takes the form: soon; what came in the rush, after the gong, one after the other."""
        if late >= 0:
            return self._gong + 15 + 20 * (late + self._dice.between(0, 0.9))
        return handed_in + self._dice.between(20, 120) * self._hours

    def _form(self, form: Form, handed_in: float, seen: float) -> Iterator[Step]:
        dice = self._dice
        strand = Strand(seated(form.table.guests))
        if form.source is Source.TABLE:
            negotiate(strand, f"table/{form.number}", form.first, Ending.AGREED, dice)
        desk.hand_in(strand, form, dice)
        yield from spread(strand.steps, self._sits_down(form.table.guests, handed_in), handed_in, dice)
        yield from self._judged(form, handed_in, seen)

    def _late(self, form: Form, begin: float) -> Iterator[Step]:
        """Typed in and handed in after the gong: the blank was recorded before it."""
        strand = Strand((*seated(form.table.guests), CLOSE))
        desk.hand_in(strand, form, self._dice)
        handed_in = begin + self._dice.between(4, 9)
        yield from spread(strand.steps, begin, handed_in, self._dice)
        yield from self._judged(form, handed_in, begin + self._dice.between(10, 19))

    def _typed_in_twice(self, form: Form) -> Iterator[Step]:
        """Somebody else types in the same paper, and it is found."""
        begins = f"form/{form.twin}/draft"
        strand = Strand((*seated(form.table.guests), begins, CLOSE))
        desk.type_in(strand, form, self._dice)
        aftermath.give_up(strand, form)
        yield from spread(strand.steps, self._gong + 10, self._gong + 300 * self._hours + 11, self._dice)

    def _judged(self, form: Form, handed_in: float, seen: float) -> Iterator[Step]:
        """At the notary's desk, and after it."""
        strand, begin, end = Strand((f"{form.name}/submit",)), handed_in, seen
        if form.returned:
            desk.hand_back(strand, form)
            yield replace(strand.steps[0], at=seen)
            strand, begin = Strand((f"{form.name}/return",)), seen
            end = seen + self._dice.between(120, 300) * self._hours
            desk.mend(strand, form, self._dice)
        desk.certify(strand, form)
        yield from spread(strand.steps, begin, end, self._dice)
        self._last[form.number] = f"{form.name}/certify"
        later = Strand((self._last[form.number],))
        aftermath.take_turn(later, form, self._dice)
        if later.steps:
            self._last[form.number] = later.steps[-1].name
            yield from spread(later.steps, end, end + self._dice.between(60, 600) * self._hours, self._dice)

    def _sits_down(self, guests: tuple[Guest, ...], until: float) -> float:
        """The parties sat down some minutes earlier, but not before they had come in."""
        here = max(0.0, *(self._checks_in[guest.number] for guest in guests))
        earliest = here + (until - here) * 0.05
        return max(earliest, until - self._dice.between(240, 1500) * self._hours)

    def parted(self, tables: Sequence[tuple[Ending, Table]]) -> Iterator[Step]:
        """Tables from which nothing comes; the gong finds some of them undecided."""
        for number, (ending, table) in enumerate(tables):
            strand = Strand(seated(table.guests))
            negotiate(strand, f"talk/{number}", table, ending, self._dice)
            least = 0.9 if ending is Ending.LEFT_OPEN else 0.1
            until = self._gong * self._dice.between(least, 0.999)
            yield from spread(strand.steps, self._sits_down(table.guests, until), until, self._dice)

    def followed_up(self, forms: Sequence[Form], after: float) -> Iterator[Step]:
        """The calls, when everything else is done."""
        begin = after + 60 * self._hours
        yield start_follow_up(begin)
        for form, known in follow_up.known_of(forms, self._calls):
            strand = Strand((self._last[form.number], FOLLOW_UP))
            self._caller.follow(strand, form, known)
            called = begin + self._calls.between(1, 300) * self._hours
            yield from spread(strand.steps, called, called + self._calls.between(10, 120) * self._hours, self._calls)

    def in_the_notarys_order(self, told: Sequence[Step]) -> tuple[Step, ...]:
        """All steps by their moments. The notary takes one form after the other, so that numbers come again too.

        What is written before and after an area got its new label is so in any order, for the form keeps the label.
        """
        ordered: list[Step] = []
        before: str | None = None
        written: list[str] = []
        for step in sorted(told, key=lambda step: step.at):
            after = step.after
            if step.at > self._gong:
                after = (*after, CLOSE)
            if step.name == RENAMED:
                after, written = (*after, *written), [RENAMED]
            elif step.path in _LABELLED:
                after = (*after, RENAMED) if written[:1] == [RENAMED] else after
                written.append(step.name)
            if step.role == "notary":
                after = after if before is None else (*after, before)
                before = step.name
            ordered.append(replace(step, after=after))
        return tuple(ordered)
