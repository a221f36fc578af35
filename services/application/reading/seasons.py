"""A season over all hosts: what was announced, added by the rule of the season's file (METHOD.md)."""

from collections.abc import Iterable, Sequence

from domain.results.figures import Figure, Qualifier, add
from infra.projections.across import SeasonEdition
from services.application.views import SeasonHostView, SeasonView, SumView

_SILENCE = Figure(value=None, qualifier=Qualifier.UNKNOWN)
"""What a host says that announced nothing."""


def season_view(season: int, editions: Sequence[SeasonEdition]) -> SeasonView:
    """The season's page: sums, and one line for each edition."""
    return SeasonView(
        season=season,
        agreements=_sum((edition.tenant, _agreements(edition)) for edition in editions),
        value=_sum((edition.tenant, _value(edition)) for edition in editions),
        hosts=[_host(edition) for edition in editions],
    )


def _agreements(edition: SeasonEdition) -> Figure:
    return _SILENCE if edition.statement is None else edition.statement.figures.agreements


def _value(edition: SeasonEdition) -> Figure:
    return _SILENCE if edition.statement is None else edition.statement.figures.value


def _sum(said: Iterable[tuple[str, Figure]]) -> SumView:
    """The hosts' figures added. The unit is the one that all who name a unit share; figures of two aren't one sum."""
    figures = list(said)
    total = add(figures)
    units = {figure.unit for _, figure in figures if figure.unit is not None}
    known = total.qualifier is not Qualifier.UNKNOWN and len(units) <= 1
    return SumView(
        value=total.value if known else None,
        qualifier=total.qualifier if known else Qualifier.UNKNOWN,
        unit=next(iter(units)) if len(units) == 1 else None,
        missing=list(total.missing),
        mixed_nouns=total.mixed_nouns,
        includes_initiated=list(total.includes_initiated),
    )


def _host(edition: SeasonEdition) -> SeasonHostView:
    plan, statement = edition.plan, edition.statement
    return SeasonHostView(
        tenant=edition.tenant,
        city=edition.city,
        region=edition.region,
        marketplace=edition.marketplace,
        title=plan.title,
        date=plan.date,
        venue=plan.venue,
        noun=plan.noun,
        figures=None if statement is None else statement.figures,
        source=None if statement is None else statement.source,
        notes=[] if statement is None else list(statement.notes),
        co_hosts=list(edition.co_hosts),
    )
