"""Announced figures against the ledger they were drawn from."""

from collections.abc import Iterator

from domain.frozen import dataclass
from domain.identity import MarketplaceId, StreamId
from domain.results.figures import Figure, Qualifier
from domain.transparency.replay import Replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """One word of a host: what it announced at `position`, and what the ledger said where it was drawn from.

    `drawn_from` is None for figures from elsewhere: then there is nothing to compare. Values are whole euro.
    """

    statement: StreamId
    marketplace: MarketplaceId
    position: int
    drawn_from: int | None
    announced: int | None
    announced_value: int | None
    contracts: int | None
    value: int | None
    agrees: bool | None


def reconciled(replay: Replay) -> Iterator[Reconciled]:
    """Every word that was announced, in the order of its records."""
    words = [
        (position, stream, statement) for stream, told in replay.across.said.items() for position, statement in told
    ]
    for position, stream, statement in sorted(words, key=lambda word: word[0]):
        drawn, figures = statement.drawn_from, statement.figures
        counted = None if drawn is None else replay.counted(statement.marketplace, drawn)
        yield Reconciled(
            statement=stream,
            marketplace=statement.marketplace,
            position=position,
            drawn_from=drawn,
            announced=figures.agreements.value,
            announced_value=figures.value.value,
            contracts=None if counted is None else counted.contracts,
            value=None if counted is None else counted.minor // 100,
            agrees=None
            if counted is None
            else fits(figures.agreements, counted.contracts, counted.contracts)
            and fits(figures.value, counted.minor // 100, -(-counted.minor // 100)),
        )


def announced(one: Reconciled) -> str:
    """What was announced and what the ledger said, in a line."""
    said = f"Announced at record {one.position:,}: {_or_unknown(one.announced)} contracts"
    said += f", {_or_unknown(one.announced_value)} EUR"
    if one.agrees is None:
        return f"{said}; drawn from elsewhere, so there is nothing to compare."
    verdict = "agrees" if one.agrees else "DOESN'T AGREE"
    return f"{said}; the ledger said {one.contracts} and {one.value:,} EUR as of record {one.drawn_from:,}: {verdict}."


def _or_unknown(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


def fits(figure: Figure, least: int, most: int) -> bool:
    """Whether a figure can be said of a number between `least` and `most`; what is unknown says nothing wrong.

    "Over" is at most the number, "just under" at least; "about" is within a tenth of it.
    """
    if figure.value is None:
        return True
    match figure.qualifier:
        case Qualifier.EXACT:
            return least <= figure.value <= most
        case Qualifier.OVER:
            return figure.value <= most
        case Qualifier.JUST_UNDER:
            return figure.value >= least
        case _:
            return abs(figure.value - least) * 10 <= max(least, 1)
