"""Figures as people announce them: "97 Kontrakte, knapp 200.000 Euro"."""

from collections.abc import Iterable
from enum import StrEnum

from domain.frozen import dataclass


class Qualifier(StrEnum):
    """How exactly a figure is meant. `unknown` means that nobody says, and is never zero."""

    EXACT = "exact"
    ABOUT = "about"
    JUST_UNDER = "just_under"
    OVER = "over"
    UNKNOWN = "unknown"


class Subject(StrEnum):
    """What is counted, where people and organisations could be mistaken for each other."""

    ORGANISATION = "organisation"
    PERSON = "person"
    AMBIGUOUS = "ambiguous"


class Strength(StrEnum):
    """How far a counted agreement had come: `initiated` is a weaker word than `agreed`."""

    AGREED = "agreed"
    INITIATED = "initiated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One announced figure. `value` is None exactly if `qualifier` is `unknown`; EUR are whole euro.

    `noun` is the host's word for what is counted; `strength` only stands with agreements; `derived` tells how
    readers may work out a figure that the source doesn't give.
    """

    value: int | None
    qualifier: Qualifier
    unit: str | None = None
    subject: Subject | None = None
    noun: str | None = None
    strength: Strength | None = None
    derived: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a host announces of an edition."""

    agreements: Figure
    value: Figure
    business_side: Figure
    nonprofit_side: Figure
    participants: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Several hosts' figures added: which hosts are missing, and whether unlike things (nouns, subjects) were added."""

    value: int
    qualifier: Qualifier
    missing: tuple[str, ...]
    mixed_nouns: bool
    includes_initiated: tuple[str, ...]


def add(figures: Iterable[tuple[str, Figure]]) -> Sum:
    """The sum over hosts, by the rule of adding in the season's file: unknown is left out and named."""
    total, qualifier = 0, Qualifier.EXACT
    missing: list[str] = []
    initiated: list[str] = []
    nouns: set[tuple[str | None, Subject | None]] = set()
    for host, figure in figures:
        if figure.value is None:
            missing.append(host)
            continue
        total += figure.value
        qualifier = together(qualifier, figure.qualifier)
        nouns.add((figure.noun, figure.subject))
        if figure.strength is Strength.INITIATED:
            initiated.append(host)
    known = bool(nouns)
    return Sum(
        value=total,
        qualifier=qualifier if known else Qualifier.UNKNOWN,
        missing=tuple(missing),
        mixed_nouns=len(nouns) > 1,
        includes_initiated=tuple(initiated),
    )


def together(one: Qualifier, other: Qualifier) -> Qualifier:
    """The qualifier of a sum: exact + x has x's; like with like stays; everything else is about."""
    if one is Qualifier.EXACT:
        return other
    if other is Qualifier.EXACT or one is other:
        return one
    return Qualifier.ABOUT
