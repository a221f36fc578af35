"""A result statement (Ergebnismeldung): announced once, corrected by a new one, never overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.identity import MarketplaceId
from domain.marketplace.state import CalledOff, Marketplace
from domain.refusal import LogDamaged, NotThere, Refusal
from domain.results.figures import Figure, Figures, Qualifier
from domain.words import MAX_NOTE, MAX_TITLE, must_be_words, must_be_words_if_any

MAX_NOTES = 10
MAX_FIGURE = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceResults:
    """Announce an edition's figures. `source` says where they come from, `notes` what a reader must know."""

    marketplace: MarketplaceId
    figures: Figures
    source: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectResults:
    """Say otherwise; the earlier words stay readable."""

    figures: Figures
    source: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsAnnounced:
    """A host announced these figures."""

    marketplace: MarketplaceId
    figures: Figures
    source: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsCorrected:
    """A host corrected what it had announced."""

    figures: Figures
    source: str
    notes: tuple[str, ...]


Fact = ResultsAnnounced | ResultsCorrected


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a host says now, and how often it has corrected itself."""

    marketplace: MarketplaceId
    figures: Figures
    source: str
    notes: tuple[str, ...]
    corrections: int


class AlreadyAnnounced(Refusal):
    """This statement is made already. Correct it instead."""


class NothingAnnounced(Refusal):
    """There is no statement to correct. Announce the results first."""


class OnlyARehearsal(Refusal):
    """This is a rehearsal (Probe): its figures are never announced, and no season counts them."""


class CalledOffHasNoResults(Refusal):
    """This edition was called off: it has no results."""


class FigureBelowZero(Refusal):
    """A figure counts what there is: it can't be less than zero. Correct the figure."""


class FigureTooLarge(Refusal):
    """No marketplace comes near such a figure. Correct it: values are in whole euro."""


class TooManyNotes(Refusal):
    """A statement has at most ten notes. Join some of them."""


class FigureDoesntSayWhat(Refusal):
    """A figure has a value, or is unknown; it can't be both or neither. Leave out the value, or say how exact it is."""


def evolve(statement: Statement | None, fact: Fact) -> Statement:
    """The statement after `fact`. Facts have happened: nothing is refused here."""
    match statement, fact:
        case None, ResultsAnnounced(marketplace=marketplace, figures=figures, source=source, notes=notes):
            return Statement(marketplace=marketplace, figures=figures, source=source, notes=notes, corrections=0)
        case Statement(marketplace=marketplace), ResultsCorrected(figures=figures, source=source, notes=notes):
            return Statement(
                marketplace=marketplace,
                figures=figures,
                source=source,
                notes=notes,
                corrections=statement.corrections + 1,
            )
        case _:
            raise LogDamaged(statement, fact)


def replay(facts: Iterable[Fact]) -> Statement | None:
    """The statement that `facts` tell."""
    statement: Statement | None = None
    for fact in facts:
        statement = evolve(statement, fact)
    return statement


def announce(
    command: AnnounceResults, statement: Statement | None, marketplace: Marketplace | None
) -> tuple[Fact, ...]:
    """The facts of an announcement; raises a `Refusal` when a rule forbids it."""
    if marketplace is None:
        raise NotThere
    if statement is not None:
        raise AlreadyAnnounced
    must_be_a_real_edition(marketplace)
    must_be_a_statement(command)
    return (
        ResultsAnnounced(
            marketplace=command.marketplace, figures=command.figures, source=command.source, notes=command.notes
        ),
    )


def correct(command: CorrectResults, statement: Statement | None) -> tuple[Fact, ...]:
    """The facts of a correction; raises a `Refusal` when a rule forbids it."""
    if statement is None:
        raise NothingAnnounced
    must_be_a_statement(command)
    return (ResultsCorrected(figures=command.figures, source=command.source, notes=command.notes),)


def must_be_a_real_edition(marketplace: Marketplace) -> None:
    """Rehearsals and editions that didn't take place have nothing to announce."""
    if marketplace.plan.rehearsal:
        raise OnlyARehearsal
    if isinstance(marketplace, CalledOff):
        raise CalledOffHasNoResults


def must_be_a_statement(command: AnnounceResults | CorrectResults) -> None:
    """Figures that say what they count, with their source and what a reader must know."""
    must_say_what(command.figures)
    must_be_words(command.source, MAX_NOTE)
    if len(command.notes) > MAX_NOTES:
        raise TooManyNotes
    for note in command.notes:
        must_be_words(note, MAX_NOTE)


def must_say_what(figures: Figures) -> None:
    """Unknown is said to be unknown, and is never zero."""
    for figure in (
        figures.agreements,
        figures.value,
        figures.business_side,
        figures.nonprofit_side,
        figures.participants,
    ):
        must_be_known_or_unknown(figure)


def must_be_known_or_unknown(figure: Figure) -> None:
    """A value has a qualifier; no value is `unknown`."""
    if (figure.value is None) != (figure.qualifier is Qualifier.UNKNOWN):
        raise FigureDoesntSayWhat
    if figure.value is not None and not 0 <= figure.value <= MAX_FIGURE:
        raise FigureBelowZero if figure.value < 0 else FigureTooLarge
    for text in (figure.unit, figure.noun, figure.derived):
        must_be_words_if_any(text, MAX_TITLE)
