"""A result statement (Ergebnismeldung): announced once, corrected by a new one, never overwritten.

(nothing) --announced--> Statement --corrected, then correction_reason_given--> Statement, its other words
                             |
                             drawn_from_ledger: from which state of the ledger the words that stand were drawn
"""

from collections.abc import Iterable
from enum import StrEnum

from domain.frozen import dataclass, replace
from domain.identity import MarketplaceId
from domain.marketplace.state import CalledOff, Marketplace
from domain.refusal import LogDamaged, NotThere, Refusal
from domain.results.figures import Figure, Figures, Qualifier
from domain.words import MAX_NOTE, MAX_TITLE, must_be_words, must_be_words_if_any

MAX_NOTES = 10
MAX_FIGURE = 10**12


class StatementReason(StrEnum):
    """Why a host says otherwise than before."""

    CONTRACT_ANNULLED = "contract_annulled"
    CERTIFICATION_REVOKED = "certification_revoked"
    COUNTED_WRONGLY = "counted_wrongly"
    VALUE_CORRECTED = "value_corrected"
    TYPING_ERROR = "typing_error"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceResults:
    """Announce an edition's figures. `source` says where they come from, `notes` what a reader must know.

    `as_of` is the position in the log as of which the ledger gave the figures; None when they come from elsewhere.
    """

    marketplace: MarketplaceId
    figures: Figures
    source: str
    notes: tuple[str, ...]
    as_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectResults:
    """Say otherwise, with the reason; the earlier words stay readable. `as_of` as in an announcement."""

    figures: Figures
    source: str
    notes: tuple[str, ...]
    reason: StatementReason
    as_of: int | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionReasonGiven:
    """The host said why it had corrected itself."""

    reason: StatementReason


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFromLedger:
    """The words that stand were drawn from the ledger as of `position`."""

    position: int


Fact = ResultsAnnounced | ResultsCorrected | CorrectionReasonGiven | DrawnFromLedger


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a host says now, and how often it has corrected itself.

    `reason` is that of the last correction; `drawn_from` the position as of which the ledger gave these words.
    """

    marketplace: MarketplaceId
    figures: Figures
    source: str
    notes: tuple[str, ...]
    corrections: int
    reason: StatementReason | None = None
    drawn_from: int | None = None


class AlreadyAnnounced(Refusal):
    """This statement is made already. Correct it instead."""


class NothingAnnounced(Refusal):
    """There is no statement to correct. Announce the results first."""


class OnlyARehearsal(Refusal):
    """This is a rehearsal (Probe): its figures are never announced, and no season counts them."""


class NotInTheLogYet(Refusal):
    """Nothing is recorded at this position yet: figures are drawn from what was. Name an earlier position."""


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
        case Statement(reason=None), CorrectionReasonGiven(reason=reason) if statement.corrections:
            return replace(statement, reason=reason)
        case Statement(drawn_from=None), DrawnFromLedger(position=position):
            return replace(statement, drawn_from=position)
        case _:
            raise LogDamaged(statement, fact)


def replay(facts: Iterable[Fact]) -> Statement | None:
    """The statement that `facts` tell."""
    statement: Statement | None = None
    for fact in facts:
        statement = evolve(statement, fact)
    return statement


def announce(
    command: AnnounceResults, statement: Statement | None, marketplace: Marketplace | None, head: int
) -> tuple[Fact, ...]:
    """The facts of an announcement; `head` is how far the log reaches. Raises a `Refusal` when a rule forbids it."""
    if marketplace is None:
        raise NotThere
    if statement is not None:
        raise AlreadyAnnounced
    must_be_a_real_edition(marketplace)
    must_be_a_statement(command)
    must_have_been(command.as_of, head)
    said = ResultsAnnounced(
        marketplace=command.marketplace, figures=command.figures, source=command.source, notes=command.notes
    )
    return (said, *_drawn(command.as_of))


def correct(command: CorrectResults, statement: Statement | None, head: int) -> tuple[Fact, ...]:
    """The facts of a correction; `head` is how far the log reaches. Raises a `Refusal` when a rule forbids it."""
    if statement is None:
        raise NothingAnnounced
    must_be_a_statement(command)
    must_have_been(command.as_of, head)
    said = ResultsCorrected(figures=command.figures, source=command.source, notes=command.notes)
    return (said, CorrectionReasonGiven(reason=command.reason), *_drawn(command.as_of))


def _drawn(as_of: int | None) -> tuple[Fact, ...]:
    return () if as_of is None else (DrawnFromLedger(position=as_of),)


def must_have_been(as_of: int | None, head: int) -> None:
    """A state of the ledger from which figures are drawn is one that the log has come to."""
    if as_of is not None and not 1 <= as_of <= head:
        raise NotInTheLogYet


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
