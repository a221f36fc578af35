"""What is asked at the table: terms, and the steps of a negotiation."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from domain.identity import AreaId, ListingId, StreamId
from domain.money import Basis, Value
from domain.negotiation import commands as negotiation
from domain.negotiation.events import RejectionReason
from domain.negotiation.terms import MAX_PARTIES, MAX_PLEDGES, Pledge, PledgeKind, Terms
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body, Nothing, nfc, the_marketplace, the_party


class ValueBody(Body, kw_only=True, frozen=True):
    """An estimate. With basis `hourly_rate`, `minor` is `rate_minor` × `minutes` ÷ 60; else both are null."""

    minor: text.Minor
    currency: text.Currency = "EUR"
    basis: Basis
    rate_minor: text.HourlyRate | None = None
    minutes: text.Minutes | None = None

    def value(self) -> Value:
        """The estimate."""
        return Value(
            minor=self.minor,
            currency=self.currency,
            basis=self.basis,
            rate_minor=self.rate_minor,
            minutes=self.minutes,
        )


class PledgeBody(Body, kw_only=True, frozen=True):
    """A pledge. `value` is null where nobody has estimated it; `listing` is the listing it takes from."""

    giver: text.Id
    receiver: text.Id
    area: text.Slug
    title: text.Title
    kind: PledgeKind
    quantity: text.Quantity = 1
    unit: text.Unit
    due_from: date | None = None
    due_until: date | None = None
    value: ValueBody | None = None
    listing: text.Id | None = None

    def pledge(self) -> Pledge:
        """The pledge."""
        return Pledge(
            giver=the_party(self.giver),
            receiver=the_party(self.receiver),
            area=AreaId(self.area),
            title=nfc(self.title),
            kind=self.kind,
            quantity=self.quantity,
            unit=nfc(self.unit),
            due_from=self.due_from,
            due_until=self.due_until,
            value=None if self.value is None else self.value.value(),
            listing=None if self.listing is None else ListingId(StreamId(self.listing)),
        )


class TermsBody(Body, kw_only=True, frozen=True):
    """All pledges of a proposal, and who makes the first contact within how many days."""

    pledges: Annotated[list[PledgeBody], Meta(min_length=1, max_length=MAX_PLEDGES)]
    first_contact_by: text.Id | None = None
    first_contact_days: text.Days | None = None

    def terms(self) -> Terms:
        """The terms."""
        return Terms(
            pledges=tuple(pledge.pledge() for pledge in self.pledges),
            first_contact_by=None if self.first_contact_by is None else the_party(self.first_contact_by),
            first_contact_days=self.first_contact_days,
        )


class NegotiationBody(Body, kw_only=True, frozen=True):
    """Who sits down with whom, and the first proposal."""

    marketplace: text.Id
    by: text.Id
    to: Annotated[list[text.Id], Meta(min_length=1, max_length=MAX_PARTIES - 1)]
    terms: TermsBody

    def command(self, asked: Asked) -> negotiation.OpenNegotiation:  # noqa: ARG002
        """Open the negotiation."""
        return negotiation.OpenNegotiation(
            marketplace=the_marketplace(self.marketplace),
            by=the_party(self.by),
            to=tuple(the_party(party) for party in self.to),
            terms=self.terms.terms(),
        )


class CounterBody(Body, kw_only=True, frozen=True):
    """Other terms."""

    by: text.Id
    terms: TermsBody

    def command(self, asked: Asked) -> negotiation.CounterTerms:  # noqa: ARG002
        """Counter."""
        return negotiation.CounterTerms(by=the_party(self.by), terms=self.terms.terms())


class AcceptBody(Body, kw_only=True, frozen=True):
    """Who agrees."""

    by: text.Id

    def command(self, asked: Asked) -> negotiation.AcceptTerms:  # noqa: ARG002
        """Accept."""
        return negotiation.AcceptTerms(by=the_party(self.by))


class RejectBody(Body, kw_only=True, frozen=True):
    """Who says no, and why."""

    by: text.Id
    reason: RejectionReason

    def command(self, asked: Asked) -> negotiation.RejectTerms:  # noqa: ARG002
        """Reject."""
        return negotiation.RejectTerms(by=the_party(self.by), reason=self.reason)


class WithdrawBody(Body, kw_only=True, frozen=True):
    """Who takes a proposal back."""

    by: text.Id

    def command(self, asked: Asked) -> negotiation.WithdrawFromNegotiation:  # noqa: ARG002
        """Withdraw."""
        return negotiation.WithdrawFromNegotiation(by=the_party(self.by))


class CallBrokerBody(Body, kw_only=True, frozen=True):
    """Who asks for a broker."""

    by: text.Id

    def command(self, asked: Asked) -> negotiation.CallBroker:  # noqa: ARG002
        """Call one."""
        return negotiation.CallBroker(by=the_party(self.by))


class JoinAsBrokerBody(Nothing, kw_only=True, frozen=True):
    """The broker who asks comes to the table."""

    def command(self, asked: Asked) -> negotiation.JoinAsBroker:
        """Join."""
        return negotiation.JoinAsBroker(broker=asked.member)


class LapseBody(Nothing, kw_only=True, frozen=True):
    """The gong has rung over an open negotiation."""

    def command(self, asked: Asked) -> negotiation.LapseNegotiation:  # noqa: ARG002
        """Let it lapse."""
        return negotiation.LapseNegotiation()
