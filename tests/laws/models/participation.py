"""How an organisation takes part in an edition: asked, admitted, here, missing, gone (METHOD.md, Before, On the floor).

Around it the model knows how far the edition is, and the organisation.
"""

import re
from typing import Any

from domain.marketplace.refusals import MarketplaceOver, RegistrationNotOpen
from domain.organisation.refusals import MergedAway
from domain.participation import commands as ask
from domain.participation import refusals as why
from domain.refusal import NotThere
from tests.laws.models.driving import Chance, Model, Objections
from tests.laws.models.words import together

CODE = re.compile("[0-9A-HJKMNP-TV-Z]{4,12}")
"""Digits and capital letters, without I, L, O and U."""
GOES_ON = {None: "preparation", "preparation": "registering", "registering": "trading", "trading": "over"}


class ParticipationModel(Model):
    """One participation, its edition and its organisation."""

    def __init__(self) -> None:
        self.stage: str | None = None
        self.badges: list[tuple[str, str | None]] = []
        self.attended: list[str] = []
        self.edition: str | None = "registering"
        self.edition_rehearses = False
        self.workshops = {"october"}
        self.known, self.merged, self.rehearses = True, False, False
        self.representatives: set[str] = {"anna"}

    def happen(self, chance: Chance) -> None:
        match chance.among(("edition", "edition", "person", "host", "organisation", "kind")):
            case "edition":
                self.edition = chance.among((GOES_ON.get(self.edition, self.edition), self.edition, "called_off"))
                if self.edition == "called_off" and self.stage is None:
                    self.edition = chance.among((None, "preparation", "registering", "registering"))
            case "person":
                self.representatives ^= {chance.among(("anna", "ben"))}
            case "host":
                self.workshops = chance.among((set(), {"october"}, {"october", "november"}))
            case "organisation":
                self.merged = chance.among((False, False, True))
                self.known = chance.among((True,) * 5 + (False,))
            case _ if self.stage is None:
                self.edition_rehearses = chance.among((False, True))
                self.rehearses = chance.among((self.edition_rehearses, False, True))

    # Asking to take part

    def closed_to_guests(self) -> Objections:
        return {
            RegistrationNotOpen: self.edition == "preparation",
            MarketplaceOver: self.edition in ("over", "called_off"),
        }

    def against_request_participation(self, _: ask.RequestParticipation) -> Objections:
        if self.edition is None or not self.known:
            return {NotThere: True}
        return together(
            self.closed_to_guests(),
            {
                why.AlreadyRequested: self.stage not in (None, "gone"),
                why.RehearsalAndRealMixed: self.rehearses != self.edition_rehearses,
                MergedAway: self.merged,
            },
        )

    def after_request_participation(self, _: ask.RequestParticipation) -> None:
        self.stage = "asked"

    # The host's answer, and the day

    def nowhere(self) -> Objections:
        return {NotThere: self.stage is None or self.edition is None}

    def against_answer(self) -> Objections:
        return together(self.nowhere(), {why.NotWaiting: self.stage not in (None, "asked")})

    def called_off(self) -> Objections:
        return {MarketplaceOver: self.edition == "called_off"}

    def against_admit(self, _: ask.Admit) -> Objections:
        return together(self.against_answer(), self.called_off())

    def after_admit(self, _: ask.Admit) -> None:
        self.stage = "admitted"

    def against_decline(self, _: ask.Decline) -> Objections:
        return self.against_answer()

    def after_decline(self, _: ask.Decline) -> None:
        self.stage = "gone"

    def against_check_in(self, _: ask.CheckIn) -> Objections:
        return together(
            self.nowhere(),
            self.called_off(),
            {
                why.AlreadyCheckedIn: self.stage == "here",
                why.NotAdmitted: self.stage == "asked",
                why.ParticipationOver: self.stage == "gone",
            },
        )

    def after_check_in(self, _: ask.CheckIn) -> None:
        self.stage = "here"

    def against_cancel_participation(self, _: ask.CancelParticipation) -> Objections:
        missing = {why.NoShowAlready: self.stage == "missing", why.ParticipationOver: self.stage == "gone"}
        return together(self.nowhere(), missing)

    def after_cancel_participation(self, _: ask.CancelParticipation) -> None:
        self.stage = "gone"

    def against_record_no_show(self, _: ask.RecordNoShow) -> Objections:
        return together(
            self.nowhere(),
            self.called_off(),
            {
                why.IsHere: self.stage == "here",
                why.NoShowAlready: self.stage == "missing",
                why.ParticipationOver: self.stage == "gone",
                why.NotAdmitted: self.stage == "asked",
                why.NotOpenedYet: self.edition in ("preparation", "registering"),
            },
        )

    def after_record_no_show(self, _: ask.RecordNoShow) -> None:
        self.stage = "missing"

    # Workshops and badges

    def against_record_workshop(self, asked: ask.RecordWorkshop) -> Objections:
        return together(
            self.nowhere(),
            {
                why.ParticipationOver: self.stage == "gone",
                why.AttendedAlready: asked.workshop in self.attended,
                why.NoSuchWorkshop: asked.workshop not in self.workshops,
            },
        )

    def after_record_workshop(self, asked: ask.RecordWorkshop) -> None:
        self.attended.append(asked.workshop)

    def against_issue_badge(self, asked: ask.IssueBadge) -> Objections:
        return {
            NotThere: self.stage is None or not self.known,
            why.ParticipationOver: self.stage == "gone",
            why.NotAdmitted: self.stage == "asked",
            why.NotOnTheFloor: self.stage == "missing",
            why.CodeUnreadable: CODE.fullmatch(asked.code) is None,
            why.BadgeKnown: asked.code in [code for code, _ in self.badges],
            why.TooManyBadges: len(self.badges) >= 20,
            why.NotARepresentative: asked.person is not None and asked.person not in self.representatives,
        }

    def after_issue_badge(self, asked: ask.IssueBadge) -> None:
        self.badges.append((asked.code, asked.person))

    def told(self) -> Any:
        return None if self.stage is None else (self.stage, self.badges, self.attended)
