"""What may be done at a table, from sitting down to agreeing or parting (METHOD.md, On the floor)."""

from typing import Any

from domain.identity import PersonId
from domain.marketplace.refusals import TradingNotOpen
from domain.negotiation import commands as ask
from domain.negotiation import refusals as why
from domain.negotiation.terms import Terms
from domain.participation.refusals import NotOnTheFloor
from domain.refusal import NotThere
from tests.laws.models.driving import Chance, Model, Objections
from tests.laws.models.hall import Hall
from tests.laws.models.terms import against_terms
from tests.laws.models.words import together


class NegotiationModel(Model):
    """A table: who sits there, what lies on it and from whom, who has to answer, and whether a broker helps."""

    def __init__(self) -> None:
        self.hall = Hall()
        self.stage: str | None = None
        self.parties: tuple[str, ...] = ()
        self.terms: Terms | None = None
        self.proposer = ""
        self.answered: set[str] = set()
        self.called = False
        self.broker: PersonId | None = None

    def is_over(self) -> bool:
        return self.stage not in (None, "proposed")

    def happen(self, chance: Chance) -> None:
        self.hall.goes_on(chance)
        if self.stage is None:
            self.hall.phase = chance.among(("trading",) * 8 + ("registering", None))

    def not_trading(self) -> Objections:
        return {TradingNotOpen: self.hall.phase != "trading"}

    def against_said(self, said: Terms, table: tuple[str, ...]) -> Objections:
        return against_terms(said, table, self.hall.areas, self.hall.policy)

    def against_open_negotiation(self, asked: ask.OpenNegotiation) -> Objections:
        if self.hall.phase != "trading" or self.stage is not None:
            there = self.hall.phase is not None
            opened: Objections = {NotThere: not there, why.AlreadyOpened: there and self.stage is not None}
            return together(opened, self.not_trading())
        table = (asked.by, *asked.to)
        stands = [self.hall.stands_at(party, asked.marketplace) for party in table]
        return together(
            {NotThere: None in stands, NotOnTheFloor: "admitted" in stands},
            self.against_said(asked.terms, table),
        )

    def after_open_negotiation(self, asked: ask.OpenNegotiation) -> None:
        self.parties = (asked.by, *asked.to)
        self.propose(asked.by, asked.terms)

    def propose(self, by: str, said: Terms) -> None:
        self.stage, self.proposer, self.terms, self.answered = "proposed", by, said, {by}

    def shut(self) -> Objections:
        """What is agreed stays agreed; what has ended has ended."""
        return {
            NotThere: self.stage is None,
            why.AlreadyAgreed: self.stage == "agreed",
            why.NegotiationOver: self.stage in ("rejected", "withdrawn", "lapsed"),
        }

    def at_the_table(self, by: str) -> Objections:
        if self.stage != "proposed":
            return self.shut()
        return together(self.not_trading(), {why.NotAParty: by not in self.parties})

    def in_turn(self, by: str) -> Objections:
        """Nobody answers their own words, or answers twice."""
        if self.stage != "proposed":
            return self.shut()
        return together(self.at_the_table(by), {why.NotYourTurn: by in self.answered})

    def against_counter_terms(self, asked: ask.CounterTerms) -> Objections:
        if self.stage != "proposed":
            return self.shut()
        return together(self.in_turn(asked.by), self.against_said(asked.terms, self.parties))

    def after_counter_terms(self, asked: ask.CounterTerms) -> None:
        self.propose(asked.by, asked.terms)

    def against_accept_terms(self, asked: ask.AcceptTerms) -> Objections:
        return self.in_turn(asked.by)

    def after_accept_terms(self, asked: ask.AcceptTerms) -> None:
        self.answered.add(asked.by)
        if self.answered == set(self.parties):
            self.stage = "agreed"

    def against_reject_terms(self, asked: ask.RejectTerms) -> Objections:
        return self.in_turn(asked.by)

    def after_reject_terms(self, _: ask.RejectTerms) -> None:
        self.stage = "rejected"

    def against_withdraw_from_negotiation(self, asked: ask.WithdrawFromNegotiation) -> Objections:
        open_here = self.stage == "proposed"
        return together(self.at_the_table(asked.by), {why.NotYourProposal: open_here and asked.by != self.proposer})

    def after_withdraw_from_negotiation(self, _: ask.WithdrawFromNegotiation) -> None:
        self.stage = "withdrawn"

    def against_call_broker(self, asked: ask.CallBroker) -> Objections:
        if self.stage != "proposed":
            return self.shut()
        there = self.broker is not None
        helped = {why.BrokerAlreadyThere: there, why.BrokerAlreadyCalled: self.called and not there}
        return together(self.at_the_table(asked.by), helped)

    def after_call_broker(self, _: ask.CallBroker) -> None:
        self.called = True

    def against_join_as_broker(self, _: ask.JoinAsBroker) -> Objections:
        if self.stage != "proposed":
            return self.shut()
        return together(self.not_trading(), {why.BrokerAlreadyThere: self.broker is not None})

    def after_join_as_broker(self, asked: ask.JoinAsBroker) -> None:
        self.broker = asked.broker

    def against_lapse_negotiation(self, _: ask.LapseNegotiation) -> Objections:
        return together(self.shut(), {why.StillTrading: self.stage is not None and self.hall.phase == "trading"})

    def after_lapse_negotiation(self, _: ask.LapseNegotiation) -> None:
        self.stage = "lapsed"

    def told(self) -> Any:
        if self.stage is None:
            return None
        seated: dict[str, Any] = {"stage": self.stage, "parties": self.parties}
        if self.stage == "agreed":
            seated |= {"terms": self.terms, "broker": self.broker}
        if self.stage == "proposed":
            awaited = set(self.parties) - self.answered
            seated |= {"terms": self.terms, "broker": self.broker, "called": self.called}
            seated |= {"proposer": self.proposer, "awaited": awaited}
        return seated
