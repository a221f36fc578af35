"""What hosts ask about their editions."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta

from domain.identity import AreaId
from domain.marketplace import commands as marketplace
from domain.marketplace.plan import MAX_AREAS, Area, Counted, Plan, Reciprocity, Visibility
from services.api import text
from services.api.asked import Asked, Unusable
from services.api.bodies.base import Body, Nothing, nfc, the_instant


class AreaBody(Body, kw_only=True, frozen=True):
    """A trading area."""

    id: text.Slug
    label: text.Name

    def area(self) -> Area:
        """The area it names."""
        return Area(id=AreaId(self.id), label=nfc(self.label))


Areas = Annotated[list[AreaBody], Meta(min_length=1, max_length=MAX_AREAS)]


class PlanBody(Body, kw_only=True, frozen=True):
    """An edition to be planned. `date` is null while nobody knows it; `rehearsal` makes it a Probe for good."""

    title: text.Title
    season: text.Year
    date: date | None
    venue: text.Title | None = None
    time_zone: text.ZoneName = "Europe/Berlin"
    trading_minutes: text.TradingMinutes = 120
    grace_minutes: text.GraceMinutes = 15
    noun: text.Name = "Vereinbarungen"
    areas: Areas
    reciprocity: Reciprocity = Reciprocity.ENCOURAGED
    counted: Counted = Counted.COMPANIES
    visibility: Visibility = Visibility.AT_THE_DOOR
    hourly_rate_minor: text.HourlyRate = 1500
    first_contact_days: text.Days = 14
    rehearsal: bool = False

    def command(self, asked: Asked) -> marketplace.PlanMarketplace:  # noqa: ARG002
        """Plan the edition."""
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Unusable("/time_zone", "There is no such time zone. Name one like Europe/Berlin.") from None
        return marketplace.PlanMarketplace(
            plan=Plan(
                title=nfc(self.title),
                season=self.season,
                date=self.date,
                venue=None if self.venue is None else nfc(self.venue),
                time_zone=self.time_zone,
                trading_minutes=self.trading_minutes,
                grace_minutes=self.grace_minutes,
                noun=nfc(self.noun),
                areas=tuple(area.area() for area in self.areas),
                reciprocity=self.reciprocity,
                counted=self.counted,
                visibility=self.visibility,
                hourly_rate_minor=self.hourly_rate_minor,
                first_contact_days=self.first_contact_days,
                rehearsal=self.rehearsal,
            )
        )


class RescheduleBody(Body, kw_only=True, frozen=True):
    """Another day or place; null where it isn't known."""

    date: date | None
    venue: text.Title | None

    def command(self, asked: Asked) -> marketplace.Reschedule:  # noqa: ARG002
        """Move the edition."""
        return marketplace.Reschedule(date=self.date, venue=None if self.venue is None else nfc(self.venue))


class AreasBody(Body, kw_only=True, frozen=True):
    """All trading areas, in their order."""

    areas: Areas

    def command(self, asked: Asked) -> marketplace.SetAreas:  # noqa: ARG002
        """Set the areas."""
        return marketplace.SetAreas(areas=tuple(area.area() for area in self.areas))


class PolicyBody(Body, kw_only=True, frozen=True):
    """The host's rules."""

    reciprocity: Reciprocity
    counted: Counted
    visibility: Visibility

    def command(self, asked: Asked) -> marketplace.SetPolicy:  # noqa: ARG002
        """Set the rules."""
        return marketplace.SetPolicy(reciprocity=self.reciprocity, counted=self.counted, visibility=self.visibility)


class RatesBody(Body, kw_only=True, frozen=True):
    """What an hour is valued at."""

    hourly_rate_minor: text.HourlyRate

    def command(self, asked: Asked) -> marketplace.SetRates:  # noqa: ARG002
        """Set the rate."""
        return marketplace.SetRates(hourly_rate_minor=self.hourly_rate_minor)


class OpenRegistrationBody(Nothing, kw_only=True, frozen=True):
    """Open registration."""

    def command(self, asked: Asked) -> marketplace.OpenRegistration:  # noqa: ARG002
        """Open registration."""
        return marketplace.OpenRegistration()


class OpenTradingBody(Nothing, kw_only=True, frozen=True):
    """The opening gong, now."""

    def command(self, asked: Asked) -> marketplace.OpenTrading:
        """Ring it."""
        return marketplace.OpenTrading(at=asked.at)


class ExtendTradingBody(Body, kw_only=True, frozen=True):
    """A later end."""

    announced_end: Annotated[datetime, Meta(tz=True, description="RFC 3339, with its offset from UTC.")]

    def command(self, asked: Asked) -> marketplace.ExtendTrading:  # noqa: ARG002
        """Announce it."""
        return marketplace.ExtendTrading(announced_end=the_instant("/announced_end", self.announced_end))


class CloseTradingBody(Nothing, kw_only=True, frozen=True):
    """The closing gong, now."""

    def command(self, asked: Asked) -> marketplace.CloseTrading:
        """Ring it."""
        return marketplace.CloseTrading(at=asked.at)


class CloseForgottenBody(Nothing, kw_only=True, frozen=True):
    """Nobody rang the closing gong, and the grace time is over."""

    def command(self, asked: Asked) -> marketplace.CloseForgotten:
        """Close trading."""
        return marketplace.CloseForgotten(at=asked.at)


class CancelMarketplaceBody(Nothing, kw_only=True, frozen=True):
    """Call the edition off."""

    def command(self, asked: Asked) -> marketplace.CancelMarketplace:  # noqa: ARG002
        """Call it off."""
        return marketplace.CancelMarketplace()
