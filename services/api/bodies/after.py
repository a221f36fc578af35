"""What is asked of a contract after the seal, and at the valuation desk."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from domain.contract import commands as contract
from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason
from domain.contract.reasons import CorrectionReason, DisputeReason, ReminderKind
from domain.negotiation.terms import MAX_PARTIES, MAX_PLEDGES
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body, noted, the_party
from services.api.bodies.desk import SignBody
from services.api.bodies.table import TermsBody, ValueBody

Place = Annotated[int, Meta(ge=0, lt=MAX_PLEDGES, description="A pledge's place in the terms, from 0 on.")]
Delivered = Annotated[int, Meta(ge=0, le=1_000_000)]


class EstimateBody(Body, kw_only=True, frozen=True):
    """A first estimate of a pledge. `note` says how it was found, and is kept in the vault."""

    pledge: Place
    value: ValueBody
    note: text.Note | None = None

    def command(self, asked: Asked) -> contract.EstimateValue:
        """Estimate the pledge."""
        return contract.EstimateValue(pledge=self.pledge, value=self.value.value(), note=noted(self.note, asked))


class CorrectValueBody(Body, kw_only=True, frozen=True):
    """Another value for a pledge, and why. What stood there stays readable."""

    pledge: Place
    value: ValueBody
    reason: CorrectionReason
    note: text.Note | None = None

    def command(self, asked: Asked) -> contract.CorrectValue:
        """Correct the value."""
        return contract.CorrectValue(
            pledge=self.pledge, value=self.value.value(), reason=self.reason, note=noted(self.note, asked)
        )


class ProposeAmendmentBody(Body, kw_only=True, frozen=True):
    """All terms as `by` would have them. Pledges of which something is recorded keep their place and words."""

    by: text.Id
    terms: TermsBody

    def command(self, asked: Asked) -> contract.ProposeAmendment:  # noqa: ARG002
        """Propose the amendment."""
        return contract.ProposeAmendment(by=the_party(self.by), terms=self.terms.terms())


class SignAmendmentBody(SignBody, kw_only=True, frozen=True):
    """A party's signature under the amendment whose terms have `terms_hash`."""

    def command(self, asked: Asked) -> contract.SignAmendment:  # type: ignore[override]  # noqa: ARG002
        """Sign the amendment."""
        return contract.SignAmendment(signature=self.signature())


class WithdrawAmendmentBody(Body, kw_only=True, frozen=True):
    """Which party takes the amendment off the table."""

    by: text.Id

    def command(self, asked: Asked) -> contract.WithdrawAmendment:  # noqa: ARG002
        """Withdraw the amendment."""
        return contract.WithdrawAmendment(by=the_party(self.by))


class RemindBody(Body, kw_only=True, frozen=True):
    """Which parties are asked what."""

    parties: Annotated[list[text.Id], Meta(min_length=1, max_length=MAX_PARTIES)]
    kind: ReminderKind

    def command(self, asked: Asked) -> contract.Remind:  # noqa: ARG002
        """Record the reminder."""
        return contract.Remind(parties=tuple(the_party(party) for party in self.parties), kind=self.kind)


class FirstContactBody(Body, kw_only=True, frozen=True):
    """On which day the parties were first in contact; null where nobody knows."""

    on: date | None = None

    def command(self, asked: Asked) -> contract.RecordFirstContact:  # noqa: ARG002
        """Record the first contact."""
        return contract.RecordFirstContact(on=self.on)


class ToldBody(Body, kw_only=True, frozen=True):
    """What is said of a pledge: how much more was `delivered`, that it is `running`, or why (the rest) won't come."""

    pledge: Place
    delivered: Delivered = 0
    on: date | None = None
    running: bool = False
    reason: NonFulfilmentReason | None = None

    def told(self) -> contract.PledgeTold:
        """What is said."""
        return contract.PledgeTold(
            pledge=self.pledge, delivered=self.delivered, on=self.on, running=self.running, reason=self.reason
        )


class DeliveryBody(ToldBody, kw_only=True, frozen=True):
    """What is known of one pledge, from whomever."""

    def command(self, asked: Asked) -> contract.RecordDelivery:  # noqa: ARG002
        """Record what became of a pledge."""
        return contract.RecordDelivery(told=self.told())


class CallBody(Body, kw_only=True, frozen=True):
    """A follow-up call with a party, and what it said of the pledges. `note` is kept in the vault."""

    party: text.Id
    outcome: CallOutcome
    told: Annotated[list[ToldBody], Meta(max_length=MAX_PLEDGES)] = []  # noqa: RUF012 - msgspec copies an empty default
    note: text.Note | None = None

    def command(self, asked: Asked) -> contract.RecordCall:
        """Record the call."""
        return contract.RecordCall(
            party=the_party(self.party),
            outcome=self.outcome,
            told=tuple(told.told() for told in self.told),
            note=noted(self.note, asked),
        )


class ConfirmBody(Body, kw_only=True, frozen=True):
    """Which side, giver or receiver, confirms what is recorded of a pledge."""

    pledge: Place
    by: text.Id

    def command(self, asked: Asked) -> contract.ConfirmFulfilment:  # noqa: ARG002
        """Confirm it."""
        return contract.ConfirmFulfilment(pledge=self.pledge, by=the_party(self.by))


class DisputeBody(Body, kw_only=True, frozen=True):
    """What a party doesn't agree with; `pledge` is null where it is about all of it. `note` is kept in the vault."""

    by: text.Id
    pledge: Place | None = None
    reason: DisputeReason
    note: text.Note | None = None

    def command(self, asked: Asked) -> contract.Dispute:
        """Dispute it."""
        return contract.Dispute(
            by=the_party(self.by), pledge=self.pledge, reason=self.reason, note=noted(self.note, asked)
        )


class SettleDisputeBody(Body, kw_only=True, frozen=True):
    """The dispute is over; `note` says how, and is kept in the vault."""

    note: text.Note | None = None

    def command(self, asked: Asked) -> contract.SettleDispute:
        """Settle it."""
        return contract.SettleDispute(note=noted(self.note, asked))
