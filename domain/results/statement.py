"""A result statement (Ergebnismeldung): announced once, corrected by a new one, never overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.identity import MarketplaceId
from domain.marketplace.state import CalledOff, Marketplace
from domain.refusal import LogDamaged, NotThere, Refusal
from domain.results.figures import Figure, Figures, Qualifier


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
    """There is no statement to correct."""


class OnlyARehearsal(Refusal):
    """This is a rehearsal (Probe): its figures are never announced, and no season counts them."""


class CalledOffHasNoResults(Refusal):
    """This edition was called off: it has no results."""


class FigureDoesntSayWhat(Refusal):
    """A figure has a value, or is unknown; it can't be both or neither."""


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
    must_say_what(command.figures)
    return (
        ResultsAnnounced(
            marketplace=command.marketplace, figures=command.figures, source=command.source, notes=command.notes
        ),
    )


def correct(command: CorrectResults, statement: Statement | None) -> tuple[Fact, ...]:
    """The facts of a correction; raises a `Refusal` when a rule forbids it."""
    if statement is None:
        raise NothingAnnounced
    must_say_what(command.figures)
    return (ResultsCorrected(figures=command.figures, source=command.source, notes=command.notes),)


def must_be_a_real_edition(marketplace: Marketplace) -> None:
    """Rehearsals and editions that didn't take place have nothing to announce."""
    if marketplace.plan.rehearsal:
        raise OnlyARehearsal
    if isinstance(marketplace, CalledOff):
        raise CalledOffHasNoResults


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
