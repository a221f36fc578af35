"""What a host may ask of its edition, from its planning until its file is closed (METHOD.md, Before, On the floor)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from domain.marketplace import commands as ask
from domain.marketplace import refusals as why
from domain.marketplace.plan import Area
from domain.refusal import NotThere
from tests.laws.models.driving import Model, Objections
from tests.laws.models.words import SHORT, TITLE, against_words, together

DAY = 24 * 60
MOST = 100_000_000_000
"""Cents an hour: nobody's hour is worth more."""
NINE_DIGITS = 999_999_999


def time_of(at: str) -> datetime:
    return datetime.fromisoformat(at.replace("Z", "+00:00"))


def twice(names: Sequence[Any]) -> bool:
    """Whether something is named more than once."""
    return len(set(names)) < len(names)


class MarketplaceModel(Model):
    """An edition: how far it is, and what its host has laid down."""

    def __init__(self) -> None:
        self.stage: str | None = None
        self.plan: dict[str, Any] = {}
        self.areas: dict[str, str] = {}
        self.retired: dict[str, str] = {}
        self.first_labels: dict[str, str] = {}
        self.rates: dict[str, int] = {}
        self.tables = 1
        self.series: list[tuple[str, int, int]] = []
        self.checklist: list[tuple[str, str]] = []
        self.co_hosts: list[tuple[str, tuple[str, ...]]] = []
        self.workshops: list[tuple[Any, ...]] = []
        self.opened: datetime | None = None
        self.end: datetime | None = None
        self.rung: datetime | None = None

    def is_over(self) -> bool:
        return self.stage in ("archived", "called_off")

    # Until when

    def too_late_to_prepare(self) -> Objections:
        prepares = self.stage in ("preparation", "registering")
        return {NotThere: self.stage is None, why.NotInPreparation: self.stage is not None and not prepares}

    def too_late_for_areas(self) -> Objections:
        over = self.stage in ("over", "follow_up", "archived", "called_off")
        return {NotThere: self.stage is None, why.MarketplaceOver: over}

    def closed(self) -> Objections:
        return {
            NotThere: self.stage is None,
            why.FileClosed: self.stage == "archived",
            why.MarketplaceOver: self.stage == "called_off",
        }

    def not_trading(self) -> Objections:
        known = self.stage is not None
        return {NotThere: not known, why.TradingNotOpen: known and self.stage != "trading"}

    # Planning

    def against_areas(self, areas: Sequence[Area]) -> Objections:
        texts = [text for area in areas for text in ((area.id, SHORT), (area.label, TITLE))]
        unclear = not areas or twice([area.id for area in areas])
        return together({why.NoAreas: unclear, why.TooManyAreas: len(areas) > 40}, against_words(*texts))

    def against_rates(self, *rates: int) -> Objections:
        return {why.RateOutOfRange: any(rate < 0 or rate > MOST for rate in rates)}

    def against_plan_marketplace(self, asked: ask.PlanMarketplace) -> Objections:
        plan = asked.plan
        lasts = plan.trading_minutes in range(1, DAY + 1) and plan.grace_minutes in range(DAY + 1)
        in_time = plan.season in range(1, 10_000) and plan.first_contact_days in range(1, 367)
        return together(
            {why.AlreadyPlanned: self.stage is not None},
            {why.TradingTimeOutOfRange: not lasts, why.PlanOutOfTime: not in_time},
            against_words((plan.title, TITLE), (plan.noun, TITLE), (plan.venue, TITLE), (plan.time_zone, SHORT)),
            self.against_areas(plan.areas),
            self.against_rates(plan.hourly_rate_minor),
        )

    def after_plan_marketplace(self, asked: ask.PlanMarketplace) -> None:
        plan = asked.plan
        self.stage = "preparation"
        self.areas = {area.id: area.label for area in plan.areas}
        self.lasts, self.grace = plan.trading_minutes, plan.grace_minutes
        names = ("title", "season", "date", "venue", "noun", "reciprocity", "counted", "visibility", "rehearsal")
        self.plan = {name: getattr(plan, name) for name in names} | {"rate": plan.hourly_rate_minor}

    def against_reschedule(self, asked: ask.Reschedule) -> Objections:
        return together(self.too_late_to_prepare(), against_words((asked.venue, TITLE)))

    def after_reschedule(self, asked: ask.Reschedule) -> None:
        self.plan |= {"date": asked.date, "venue": asked.venue}

    def against_set_policy(self, _: ask.SetPolicy) -> Objections:
        return self.too_late_to_prepare()

    def after_set_policy(self, asked: ask.SetPolicy) -> None:
        self.plan |= {name: getattr(asked, name) for name in ("reciprocity", "counted", "visibility")}

    def against_open_registration(self, _: ask.OpenRegistration) -> Objections:
        return together(self.too_late_to_prepare(), {why.RegistrationAlreadyOpen: self.stage == "registering"})

    def after_open_registration(self, _: ask.OpenRegistration) -> None:
        self.stage = "registering"

    def against_cancel_marketplace(self, _: ask.CancelMarketplace) -> Objections:
        return self.too_late_to_prepare()

    def after_cancel_marketplace(self, _: ask.CancelMarketplace) -> None:
        self.stage = "called_off"

    # Areas

    def against_set_areas(self, asked: ask.SetAreas) -> Objections:
        named = {area.id for area in asked.areas}
        dropped = self.stage == "registering" and any(area not in named for area in self.areas)
        again = any(area in self.retired for area in named)
        return together(
            self.too_late_to_prepare(),
            self.against_areas(asked.areas),
            {why.AreasMissing: dropped, why.AreaKnown: again},
        )

    def after_set_areas(self, asked: ask.SetAreas) -> None:
        self.areas = {area.id: area.label for area in asked.areas}

    def against_add_area(self, asked: ask.AddArea) -> Objections:
        return together(
            self.too_late_for_areas(),
            against_words((asked.area.id, SHORT), (asked.area.label, TITLE)),
            {
                why.AreaKnown: asked.area.id in {**self.areas, **self.retired},
                why.TooManyAreas: len(self.areas) >= 40,
            },
        )

    def after_add_area(self, asked: ask.AddArea) -> None:
        self.areas[asked.area.id] = asked.area.label

    def no_such_area(self, *areas: str) -> Objections:
        return {why.NoSuchArea: any(area not in self.areas for area in areas)}

    def against_rename_area(self, asked: ask.RenameArea) -> Objections:
        return together(self.too_late_for_areas(), self.no_such_area(asked.area), against_words((asked.label, TITLE)))

    def after_rename_area(self, asked: ask.RenameArea) -> None:
        self.first_labels.setdefault(asked.area, self.areas[asked.area])
        self.areas[asked.area] = asked.label

    def against_retire_area(self, asked: ask.RetireArea) -> Objections:
        last = set(self.areas) == {asked.area}
        return together(self.too_late_for_areas(), self.no_such_area(asked.area), {why.LastArea: last})

    def after_retire_area(self, asked: ask.RetireArea) -> None:
        self.retired[asked.area] = self.areas.pop(asked.area)

    # Rates

    def against_set_rates(self, asked: ask.SetRates) -> Objections:
        return together(self.too_late_to_prepare(), self.against_rates(asked.hourly_rate_minor))

    def after_set_rates(self, asked: ask.SetRates) -> None:
        self.plan["rate"] = asked.hourly_rate_minor
        self.tables += 1

    def against_set_rate_table(self, asked: ask.SetRateTable) -> Objections:
        areas = [rate.area for rate in asked.rates]
        return together(
            self.closed(),
            self.no_such_area(*areas),
            self.against_rates(asked.hourly_rate_minor, *(rate.hourly_rate_minor for rate in asked.rates)),
            {why.TwoRatesForAnArea: twice(areas)},
        )

    def after_set_rate_table(self, asked: ask.SetRateTable) -> None:
        self.plan["rate"] = asked.hourly_rate_minor
        self.rates = {rate.area: rate.hourly_rate_minor for rate in asked.rates}
        self.tables += 1

    # Forms, checklist, co-hosts, workshops

    def against_record_paper_series(self, asked: ask.RecordPaperSeries) -> Objections:
        prefix, first, last = asked.series.prefix, asked.series.first, asked.series.last
        in_range = 1 <= first <= last <= NINE_DIGITS and last - first + 1 <= 5_000
        plain = "".join(prefix.split()).casefold()
        shared = any(plain == known and first <= end and last >= begin for known, begin, end in self.series)
        return together(
            self.too_late_to_prepare(),
            against_words((prefix or None, SHORT - len(str(NINE_DIGITS)))),
            {
                why.SeriesOutOfRange: not in_range or prefix.rstrip()[-1:].isdigit(),
                why.SeriesOverlaps: shared,
                why.TooManySeries: len(self.series) >= 20,
            },
        )

    def after_record_paper_series(self, asked: ask.RecordPaperSeries) -> None:
        plain = "".join(asked.series.prefix.split()).casefold()
        self.series.append((plain, asked.series.first, asked.series.last))

    def against_set_checklist(self, asked: ask.SetChecklist) -> Objections:
        texts = [text for item in asked.items for text in ((item.id, SHORT), (item.label, TITLE))]
        return together(
            self.too_late_to_prepare(),
            against_words(*texts),
            {
                why.TooManyChecks: len(asked.items) > 20,
                why.TwiceOnTheChecklist: twice([item.id for item in asked.items]),
            },
        )

    def after_set_checklist(self, asked: ask.SetChecklist) -> None:
        self.checklist = [(item.id, item.label) for item in asked.items]

    def against_set_co_hosts(self, asked: ask.SetCoHosts) -> Objections:
        names, roles = [one.name for one in asked.co_hosts], [one.roles for one in asked.co_hosts]
        return together(
            self.closed(),
            against_words(*((name, TITLE) for name in names)),
            {
                why.TooManyCoHosts: len(names) > 20,
                why.CoHostUnclear: twice(names) or any(not played or twice(played) for played in roles),
            },
        )

    def after_set_co_hosts(self, asked: ask.SetCoHosts) -> None:
        self.co_hosts = [(one.name, one.roles) for one in asked.co_hosts]

    def against_plan_workshop(self, asked: ask.PlanWorkshop) -> Objections:
        workshop = asked.workshop
        return together(
            self.too_late_to_prepare(),
            against_words((workshop.id, SHORT), (workshop.venue, TITLE)),
            {
                why.WorkshopKnown: workshop.id in [known[0] for known in self.workshops],
                why.TooManyWorkshops: len(self.workshops) >= 20,
            },
        )

    def after_plan_workshop(self, asked: ask.PlanWorkshop) -> None:
        workshop = asked.workshop
        self.workshops.append((workshop.id, workshop.side, workshop.date, workshop.venue))

    # Gongs

    def against_open_trading(self, _: ask.OpenTrading) -> Objections:
        return together(self.too_late_for_areas(), {why.TradingAlreadyOpen: self.stage == "trading"})

    def after_open_trading(self, asked: ask.OpenTrading) -> None:
        self.stage, self.opened = "trading", time_of(asked.at)
        self.end = self.opened + timedelta(minutes=self.lasts)

    def against_extend_trading(self, asked: ask.ExtendTrading) -> Objections:
        if self.opened is None or self.end is None or self.stage != "trading":
            return self.not_trading()
        end = time_of(asked.announced_end)
        return {why.EndNotLater: end <= self.end, why.TradingTimeOutOfRange: end - self.opened > timedelta(days=1)}

    def after_extend_trading(self, asked: ask.ExtendTrading) -> None:
        self.end = time_of(asked.announced_end)

    def against_close_trading(self, _: ask.CloseTrading) -> Objections:
        return self.not_trading()

    def after_close_trading(self, asked: ask.CloseTrading) -> None:
        self.stage, self.rung = "over", time_of(asked.at)

    def against_close_forgotten(self, asked: ask.CloseForgotten) -> Objections:
        if self.end is None or self.stage != "trading":
            return self.not_trading()
        return {why.GraceNotOver: time_of(asked.at) - self.end < timedelta(minutes=self.grace)}

    def after_close_forgotten(self, _: ask.CloseForgotten) -> None:
        self.stage = "over"

    # After

    def not_over_yet(self) -> Objections:
        return together(self.closed(), {why.NotOverYet: self.stage in ("preparation", "registering", "trading")})

    def against_start_follow_up(self, _: ask.StartFollowUp) -> Objections:
        return together(self.not_over_yet(), {why.AlreadyFollowingUp: self.stage == "follow_up"})

    def after_start_follow_up(self, _: ask.StartFollowUp) -> None:
        self.stage = "follow_up"

    def against_archive_marketplace(self, _: ask.ArchiveMarketplace) -> Objections:
        return self.not_over_yet()

    def after_archive_marketplace(self, _: ask.ArchiveMarketplace) -> None:
        self.stage = "archived"

    # What is so

    def told(self) -> Any:
        if self.stage is None:
            return None
        kept: dict[str, Collection[Any]] = {
            "areas": list(self.areas.items()),
            "retired": self.retired,
            "first_labels": self.first_labels,
            "rates": self.rates,
            "series": self.series,
            "checklist": self.checklist,
            "co_hosts": self.co_hosts,
            "workshops": self.workshops,
        }
        return {"stage": self.stage, "tables": self.tables, **self.plan, **kept, **self.hours()}

    def hours(self) -> dict[str, Any]:
        """From gong to gong; and until when at the latest, once trading is over."""
        if self.opened is None or self.end is None or self.stage == "called_off":
            return {}
        if self.stage == "trading":
            return {"opened": self.opened, "end": self.end}
        forgotten = self.end + timedelta(minutes=self.grace)
        return {"opened": self.opened, "end": forgotten if self.rung is None else min(forgotten, self.rung)}
