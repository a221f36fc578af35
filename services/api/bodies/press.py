"""What a host announces."""

from typing import Annotated

from msgspec import Meta

from domain.results import statement
from domain.results.figures import Figure, Figures, Qualifier, Strength, Subject
from domain.results.statement import MAX_NOTES, StatementReason
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body, nfc, the_marketplace


class FigureBody(Body, kw_only=True, frozen=True):
    """A figure. `value` is null exactly if `qualifier` is `unknown`; EUR are whole euro."""

    value: text.Amount | None
    qualifier: Qualifier
    unit: Annotated[str, Meta(max_length=10)] | None = None
    subject: Subject | None = None
    noun: text.Name | None = None
    strength: Strength | None = None
    derived: text.Note | None = None

    def figure(self) -> Figure:
        """The figure."""
        return Figure(
            value=self.value,
            qualifier=self.qualifier,
            unit=None if self.unit is None else nfc(self.unit),
            subject=self.subject,
            noun=None if self.noun is None else nfc(self.noun),
            strength=self.strength,
            derived=None if self.derived is None else nfc(self.derived),
        )


class FiguresBody(Body, kw_only=True, frozen=True):
    """What is announced of an edition."""

    agreements: FigureBody
    value: FigureBody
    business_side: FigureBody
    nonprofit_side: FigureBody
    participants: FigureBody

    def figures(self) -> Figures:
        """The figures."""
        return Figures(
            agreements=self.agreements.figure(),
            value=self.value.figure(),
            business_side=self.business_side.figure(),
            nonprofit_side=self.nonprofit_side.figure(),
            participants=self.participants.figure(),
        )


Notes = Annotated[list[text.Note], Meta(max_length=MAX_NOTES)]


class AnnounceBody(Body, kw_only=True, frozen=True):
    """An announcement. `source` says where the figures come from, `notes` what a reader must know.

    `as_of` is the position as of which the ledger gave the figures, if it did: then they lead back to its contracts.
    """

    marketplace: text.Id
    figures: FiguresBody
    source: text.Note
    notes: Notes = []  # noqa: RUF012 - msgspec copies an empty default
    as_of: text.Position | None = None

    def command(self, asked: Asked) -> statement.AnnounceResults:  # noqa: ARG002
        """Announce."""
        return statement.AnnounceResults(
            marketplace=the_marketplace(self.marketplace),
            figures=self.figures.figures(),
            source=nfc(self.source),
            notes=tuple(nfc(note) for note in self.notes),
            as_of=self.as_of,
        )


class CorrectStatementBody(Body, kw_only=True, frozen=True):
    """Other words for the same edition, and why; the earlier ones stay readable. `as_of` as in an announcement."""

    figures: FiguresBody
    source: text.Note
    reason: StatementReason
    notes: Notes = []  # noqa: RUF012 - msgspec copies an empty default
    as_of: text.Position | None = None

    def command(self, asked: Asked) -> statement.CorrectResults:  # noqa: ARG002
        """Correct the statement."""
        return statement.CorrectResults(
            figures=self.figures.figures(),
            source=nfc(self.source),
            notes=tuple(nfc(note) for note in self.notes),
            reason=self.reason,
            as_of=self.as_of,
        )
