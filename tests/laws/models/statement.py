"""What a host may announce, and how it corrects itself (METHOD.md, After)."""

from typing import Any

from domain.refusal import NotThere
from domain.results import statement as ask
from domain.results.figures import Figure, Figures
from tests.laws.models.driving import Chance, Model, Objections
from tests.laws.models.words import NOTE, TITLE, against_words, together

NAMES = ("agreements", "value", "business_side", "nonprofit_side", "participants")


class StatementModel(Model):
    """A statement about an edition, and how far the log reaches."""

    def __init__(self) -> None:
        self.edition: str | None = "over"
        self.head = 10
        self.said: tuple[Any, ...] | None = None
        self.corrections = 0
        self.reason: str | None = None
        self.drawn: int | None = None

    def happen(self, chance: Chance) -> None:
        self.edition = chance.among((None, "over", "over", "trading", "called_off", "rehearsal"))
        self.head += 5

    def against_figures(self, figures: Figures) -> Objections:
        """A value says how exact it is; what nobody knows is unknown, and never zero."""
        each: list[Figure] = [getattr(figures, name) for name in NAMES]
        known = [figure.value for figure in each if figure.value is not None]
        texts = [(text, TITLE) for figure in each for text in (figure.unit, figure.noun, figure.derived)]
        return together(
            against_words(*texts),
            {
                ask.FigureDoesntSayWhat: any((one.value is None) != (one.qualifier == "unknown") for one in each),
                ask.FigureBelowZero: any(value < 0 for value in known),
                ask.FigureTooLarge: any(value > 10**12 for value in known),
            },
        )

    def against_words_of(self, asked: ask.AnnounceResults | ask.CorrectResults) -> Objections:
        later = asked.as_of is not None and not 0 < asked.as_of <= self.head
        return together(
            self.against_figures(asked.figures),
            against_words((asked.source, NOTE), *((note, NOTE) for note in asked.notes)),
            {ask.TooManyNotes: len(asked.notes) > 10, ask.NotInTheLogYet: later},
        )

    def says(self, asked: ask.AnnounceResults | ask.CorrectResults) -> None:
        self.said, self.drawn = (asked.figures, asked.source, asked.notes), asked.as_of

    def against_announce_results(self, asked: ask.AnnounceResults) -> Objections:
        if self.edition is None:
            return {NotThere: True}
        return together(
            self.against_words_of(asked),
            {
                ask.AlreadyAnnounced: self.said is not None,
                ask.OnlyARehearsal: self.edition == "rehearsal",
                ask.CalledOffHasNoResults: self.edition == "called_off",
            },
        )

    def after_announce_results(self, asked: ask.AnnounceResults) -> None:
        self.says(asked)

    def against_correct_results(self, asked: ask.CorrectResults) -> Objections:
        return together(self.against_words_of(asked), {ask.NothingAnnounced: self.said is None})

    def after_correct_results(self, asked: ask.CorrectResults) -> None:
        self.says(asked)
        self.corrections += 1
        self.reason = asked.reason

    def told(self) -> Any:
        return None if self.said is None else (*self.said, self.corrections, self.reason, self.drawn)
