"""A rehearsal as a story: every request of an edition, when it is made, and what has to be done before.

Pure: the same script (but for host, day and speed) tells the same story. How a story is shaped (METHOD.md, On the
floor): the first contract comes some minutes after the gong, about a sixth of the forms are handed in in the last
minutes and certified after it, some tables part without agreement, and some the gong finds undecided.
"""

from collections.abc import Mapping
from dataclasses import replace

from domain.frozen import dataclass
from services.rehearsal import desk, entrance, prepare, turns
from services.rehearsal.board import Board
from services.rehearsal.deals import Dealer, Table
from services.rehearsal.desk import Form, Source
from services.rehearsal.dice import Dice
from services.rehearsal.floor import Floor
from services.rehearsal.hall import Ending
from services.rehearsal.prepare import GONG
from services.rehearsal.script import Script
from services.rehearsal.steps import Step
from services.rehearsal.turns import Turn


@dataclass(frozen=True, slots=True)
class Story:
    """All steps in the order of their moments. At the end `minor` cents count, sealed by the steps named `seals`."""

    script: Script
    steps: tuple[Step, ...]
    minor: int
    seals: frozenset[str]


def tell(script: Script) -> Story:
    """The story of a script."""
    guests, away = entrance.floor(script)
    dealer, board = Dealer(script, guests), Board(script)
    forms = _forms(script, dealer, board)
    parted = _parted(script, dealer)
    board.fill(guests)
    first = {guest.number for guest in forms[0].table.guests}
    doubted = {form.table.guests[0].number for form in forms if form.turn in turns.DOUBTED}
    door = entrance.Entrance(script, guests, away, first, doubted)
    before = [*prepare.hosting(script), *prepare.late_rules(script), *door.steps(), *board.steps()]
    floor = Floor(script, door.checks_in)
    told = [*before, prepare.gong(before), *prepare.on_the_floor(script)]
    told += [*floor.traded(forms), *floor.parted(parted)]
    told.append(prepare.closing_gong(script, told))
    counting = [form for form in forms if form.counts]
    told += floor.followed_up(counting, max(step.at for step in told))
    told.append(prepare.hand_over(max(step.at for step in told) + 1, told))
    return Story(
        script,
        floor.in_the_notarys_order(told),
        minor=sum(form.table.minor or 0 for form in counting),
        seals=frozenset(f"{form.name}/certify" for form in counting),
    )


def _forms(script: Script, dealer: Dealer, board: Board) -> list[Form]:
    """The forms in the order in which they are handed in."""
    dice, tables = Dice(script.seed, "forms"), dealer.contracts()
    straight = sorted(dice.some(range(len(tables)), round(len(tables) * 0.28)))
    returned = dict(zip(_returned(len(tables), dice), _reasons(len(tables), dice), strict=False))
    taken = turns.among(tables, dice)
    forms: list[Form] = []
    for number, table in enumerate(tables):
        source = _source(number, straight, len(tables))
        terms = table.terms
        if source in (Source.TABLE, Source.STRAIGHT):
            terms = board.draw(terms, surely=source is Source.STRAIGHT)
        forms.append(
            Form(
                number=number,
                table=replace(table, terms=terms),
                source=source,
                returned=returned.get(number),
                turn=taken.get(number),
                filled=GONG if source is Source.PAPER else _drafted_last(forms),
            )
        )
    return forms if len(tables) < turns.MANY else _with_extra(forms, dealer, board, dice)


def _drafted_last(forms: list[Form]) -> str | None:
    """When the form before was written down, a late paper form was filled, too."""
    return next((f"{form.name}/draft" for form in reversed(forms) if form.source is not Source.LATE_PAPER), None)


def _returned(count: int, dice: Dice) -> list[int]:
    return dice.some(range(1, count), max(1, round(count * 0.12)))


def _reasons(count: int, dice: Dice) -> list[str]:
    """Why forms come back: one for money, then each of the others, then any."""
    money, *mended = desk.MENDED
    each = [money, *dice.shuffled([*mended, *desk.CLEARED])]
    return [each[place % len(each)] for place in range(count)]


def _source(number: int, straight: list[int], count: int) -> Source:
    """Of the forms that nobody negotiated a third each comes from paper typed in before and after the gong."""
    if number not in straight:
        return Source.TABLE
    if count < turns.MANY:
        return Source.STRAIGHT
    third = (Source.PAPER, Source.LATE_PAPER, Source.STRAIGHT)[straight.index(number) % 3]
    return Source.PAPER if number == 0 else third


def _with_extra(forms: list[Form], dealer: Dealer, board: Board, dice: Dice) -> list[Form]:
    """The forms, and among them those that don't count in the end."""
    told, number = list(forms), len(forms)
    for turn in turns.EXTRA:
        table = dealer.chance_meeting()
        drawn = replace(table, terms=board.draw(table.terms, surely=True))
        extra = Form(number=number, table=drawn, source=Source.TABLE, turn=turn)
        told.insert(dice.whole(1, len(told) - 1), extra)
        number += 1
    twin = next(form for form in forms if form.source is Source.PAPER)
    again = replace(twin, number=number, returned=None, turn=Turn.TYPED_IN_TWICE, twin=twin.number)
    return [*told, again]


def _parted(script: Script, dealer: Dealer) -> list[tuple[Ending, Table]]:
    """The tables from which nothing comes, and how each ends."""
    shares: Mapping[Ending, float] = {Ending.REJECTED: 0.12, Ending.WITHDRAWN: 0.05, Ending.LEFT_OPEN: 0.06}
    return [
        (ending, dealer.chance_meeting())
        for ending, share in shares.items()
        for _ in range(max(1, round(script.contracts * share)))
    ]
