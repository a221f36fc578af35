"""A statement beside its model: announced once, corrected as often as need be, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.marketplace.state import Marketplace
from domain.refusal import Refusal
from domain.results import statement as ask
from domain.results.figures import Figure, Figures, Qualifier
from domain.results.statement import Statement, announce, correct, evolve
from tests.domain.people import called_off, over, plan, ruhrdax, trading
from tests.laws.models.driving import Bench, all_in, roam, wander
from tests.laws.models.statement import StatementModel

exact = Figure(value=97, qualifier=Qualifier.EXACT, noun="Kontrakte")
unknown = Figure(value=None, qualifier=Qualifier.UNKNOWN)
figures = Figures(agreements=exact, value=unknown, business_side=exact, nonprofit_side=exact, participants=unknown)
FIGURES = (
    figures,
    replace(figures, agreements=replace(exact, value=96)),
    replace(figures, value=replace(unknown, value=0)),
    replace(figures, value=replace(exact, value=None)),
    replace(figures, value=replace(exact, value=-1)),
    replace(figures, value=replace(exact, value=10**12 + 1)),
    replace(figures, value=replace(exact, unit="")),
)
WORDS = (("the ledger", ()), ("the city", ("a note",) * 10), ("", ()), ("the city", ("",)), ("x", ("y",) * 11))
SAID = [
    {"figures": told, "source": source, "notes": notes, "as_of": as_of}
    for told, (source, notes), as_of in (
        *((told, WORDS[0], None) for told in (*FIGURES, *FIGURES[:2])),
        *((figures, words, 1) for words in WORDS),
        *((figures, WORDS[1], as_of) for as_of in (None, 0, 10, 12)),
    )
]
REPERTOIRE: dict[type, Sequence[Any]] = {
    ask.AnnounceResults: [ask.AnnounceResults(marketplace=ruhrdax, **said) for said in SAID],  # type: ignore[arg-type]
    ask.CorrectResults: [
        ask.CorrectResults(reason=reason, **said)  # type: ignore[arg-type]
        for said in SAID
        for reason in (ask.StatementReason.COUNTED_WRONGLY, ask.StatementReason.OTHER)
    ],
}


def judge(statement: Statement | None, asked: Any, model: StatementModel) -> Sequence[Any]:
    """The decisions' answer, given the edition and the log as the application would read them."""
    if isinstance(asked, ask.CorrectResults):
        return correct(asked, statement, model.head)
    editions: dict[str | None, Marketplace] = {
        "over": over,
        "trading": trading,
        "called_off": called_off,
        "rehearsal": replace(over, plan=replace(plan, rehearsal=True)),
    }
    return announce(asked, statement, editions.get(model.edition), model.head)


def see(said: Statement | None) -> Any:
    """The statement in the model's words."""
    if said is None:
        return None
    return said.figures, said.source, said.notes, said.corrections, said.reason, said.drawn_from


BENCH = Bench(model=StatementModel, repertoire=REPERTOIRE, judge=judge, evolve=evolve, see=see)


@given(data=st.data())
def test_no_illegal_announcement_is_recorded_and_no_legal_one_refused(data: st.DataObject) -> None:
    """Announced, corrected, drawn from the ledger or not: model and decisions go side by side."""
    wander(BENCH, data, 25)


def test_the_courses_reach_everything_about_a_statement() -> None:
    """Both commands are reached, and every reason to refuse is given at least once."""
    refusals = {kind for kind in all_in(ask) if issubclass(kind, Refusal)}
    assert not roam(BENCH, 70, 25, {*REPERTOIRE, Statement, *refusals})
