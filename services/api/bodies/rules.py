"""What hosts lay down beside the plan, and after the gong."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from domain.identity import AreaId, WorkshopId
from domain.marketplace import commands as marketplace
from domain.marketplace.paper import LARGEST_NUMBER, PaperSeries
from domain.marketplace.plan import MAX_AREAS
from domain.marketplace.rules import (
    MAX_CHECKS,
    MAX_CO_HOSTS,
    AreaRate,
    ChecklistItem,
    CoHost,
    CoHostRole,
    Workshop,
)
from domain.organisation.events import Side
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body, Nothing, nfc
from services.api.bodies.hosting import AreaBody

FormNumber = Annotated[int, Meta(ge=1, le=LARGEST_NUMBER)]


class PaperSeriesBody(Body, kw_only=True, frozen=True):
    """Blank forms, numbered `prefix``first` to `prefix``last`: before the opening gong, at most 5,000 at a time."""

    prefix: text.Prefix = ""
    first: FormNumber
    last: FormNumber

    def command(self, asked: Asked) -> marketplace.RecordPaperSeries:  # noqa: ARG002
        """Record which blank forms were printed."""
        series = PaperSeries(prefix=self.prefix, first=self.first, last=self.last)
        return marketplace.RecordPaperSeries(series=series)


class ChecklistItemBody(Body, kw_only=True, frozen=True):
    """Something the notary looks at."""

    id: text.Slug
    label: text.Name


class ChecklistBody(Body, kw_only=True, frozen=True):
    """The notary's whole checklist, in its order; an empty one takes it away."""

    items: Annotated[list[ChecklistItemBody], Meta(max_length=MAX_CHECKS)]

    def command(self, asked: Asked) -> marketplace.SetChecklist:  # noqa: ARG002
        """Set the notary's checklist."""
        return marketplace.SetChecklist(
            items=tuple(ChecklistItem(id=item.id, label=nfc(item.label)) for item in self.items)
        )


class AreaRateBody(Body, kw_only=True, frozen=True):
    """What an hour in one area is valued at."""

    area: text.Slug
    hourly_rate_minor: text.HourlyRate


class RateTableBody(Body, kw_only=True, frozen=True):
    """What an hour is valued at: in the areas of `rates`, and elsewhere. Older contracts keep their values."""

    hourly_rate_minor: text.HourlyRate
    rates: Annotated[list[AreaRateBody], Meta(max_length=MAX_AREAS)] = []  # noqa: RUF012 - msgspec copies it

    def command(self, asked: Asked) -> marketplace.SetRateTable:  # noqa: ARG002
        """Set the rate table; its version counts up."""
        rates = tuple(AreaRate(area=AreaId(one.area), hourly_rate_minor=one.hourly_rate_minor) for one in self.rates)
        return marketplace.SetRateTable(hourly_rate_minor=self.hourly_rate_minor, rates=rates)


class AddAreaBody(AreaBody, kw_only=True, frozen=True):
    """One more trading area; its id was never used before."""

    def command(self, asked: Asked) -> marketplace.AddArea:  # noqa: ARG002
        """Add a trading area."""
        return marketplace.AddArea(area=self.area())


class RenameAreaBody(Body, kw_only=True, frozen=True):
    """Another label, from here on; what was signed keeps its own."""

    area: text.Slug
    label: text.Name

    def command(self, asked: Asked) -> marketplace.RenameArea:  # noqa: ARG002
        """Rename a trading area."""
        return marketplace.RenameArea(area=AreaId(self.area), label=nfc(self.label))


class RetireAreaBody(Body, kw_only=True, frozen=True):
    """An area in which nothing new shall stand; what stands there stays."""

    area: text.Slug

    def command(self, asked: Asked) -> marketplace.RetireArea:  # noqa: ARG002
        """Retire a trading area."""
        return marketplace.RetireArea(area=AreaId(self.area))


class CoHostBody(Body, kw_only=True, frozen=True):
    """An organisation that helps to host the edition, and with what."""

    name: text.Name
    roles: Annotated[list[CoHostRole], Meta(min_length=1, max_length=len(CoHostRole))]


class CoHostsBody(Body, kw_only=True, frozen=True):
    """All co-hosts of the edition."""

    co_hosts: Annotated[list[CoHostBody], Meta(max_length=MAX_CO_HOSTS)]

    def command(self, asked: Asked) -> marketplace.SetCoHosts:  # noqa: ARG002
        """Say who helps to host the edition."""
        return marketplace.SetCoHosts(
            co_hosts=tuple(CoHost(name=nfc(one.name), roles=tuple(one.roles)) for one in self.co_hosts)
        )


class WorkshopBody(Body, kw_only=True, frozen=True):
    """A workshop ahead of the edition; `side` is null when it is for both."""

    id: text.Slug
    side: Side | None
    date: date
    venue: text.Title | None = None

    def command(self, asked: Asked) -> marketplace.PlanWorkshop:  # noqa: ARG002
        """Plan a workshop."""
        venue = None if self.venue is None else nfc(self.venue)
        return marketplace.PlanWorkshop(
            workshop=Workshop(id=WorkshopId(self.id), side=self.side, date=self.date, venue=venue)
        )


class StartFollowUpBody(Nothing, kw_only=True, frozen=True):
    """Trading is over, and everyone will be called."""

    def command(self, asked: Asked) -> marketplace.StartFollowUp:  # noqa: ARG002
        """Begin the follow-up."""
        return marketplace.StartFollowUp()


class ArchiveMarketplaceBody(Nothing, kw_only=True, frozen=True):
    """Nothing more will happen to the edition."""

    def command(self, asked: Asked) -> marketplace.ArchiveMarketplace:  # noqa: ARG002
        """Archive the edition."""
        return marketplace.ArchiveMarketplace()
