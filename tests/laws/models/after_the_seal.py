"""What may be asked of a certified contract: amendments, doubts, and what became of its pledges (METHOD.md, After)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.contract import commands as ask
from domain.contract import refusals as why
from domain.contract.form import Manner, Signature
from domain.contract.fulfilment import CallOutcome
from domain.money import Value
from domain.negotiation.terms import Pledge, Terms
from domain.refusal import NotThere
from domain.words import QuantityOutOfRange
from tests.laws.models.driving import Model, Objections
from tests.laws.models.terms import hash_of
from tests.laws.models.words import together


@dataclass
class Known:
    """What is known of one pledge: how much came, whether it is under way, why the rest won't come, who confirmed."""

    delivered: int = 0
    running: bool = False
    reason: str | None = None
    confirmed: set[str] = field(default_factory=set)

    def told(self) -> tuple[Any, ...]:
        return self.delivered, self.running, self.reason, self.confirmed

    @property
    def happened(self) -> bool:
        return self.delivered > 0 or self.reason is not None


@dataclass
class Proposal:
    """An amendment that lies on the table."""

    by: str
    terms: Terms
    signed: dict[str, str | None] = field(default_factory=dict)


class AfterTheSeal(Model):
    """The part of a contract's model that tells what follows its certification."""

    def __init__(self) -> None:
        self.stage: str | None = None
        self.parties: tuple[str, ...] = ()
        self.terms = Terms(pledges=(), first_contact_by=None, first_contact_days=None)
        self.values: list[Value | None] = []
        self.signed: dict[str, str | None] = {}
        self.source, self.returns, self.corrections, self.amended = "", 0, 0, 0
        self.broker: str | None = None
        self.notary: str | None = None
        self.number: int | None = None
        self.checked: tuple[str, ...] = ()
        self.labels: dict[str, str] = {}
        self.repudiated: set[str] = set()
        self.amendment: Proposal | None = None
        self.disputed = self.in_contact = False
        self.known: list[Known] = []
        self.rung: dict[tuple[str, str | None], str | None] = {}

    def begin(self, pledges: int) -> None:
        self.known = [Known() for _ in range(pledges)]

    def is_over(self) -> bool:
        return self.stage in ("void", "annulled", "abandoned")

    def gone(self) -> Objections:
        return {NotThere: self.stage is None, why.ContractIsOver: self.is_over()}

    def not_sealed(self) -> Objections:
        before = self.stage in ("draft", "signed", "at_notary", "returned")
        return together(self.gone(), {why.NotCertified: before})

    def no_party(self, *who: str) -> Objections:
        return {why.NotAPartyToTheForm: any(party not in self.parties for party in who)}

    def no_such_pledge(self, *places: int) -> Objections:
        return {why.PledgeUnknown: any(place not in range(len(self.terms.pledges)) for place in places)}

    def against_signature(self, given: Signature, said: Terms, signed: Mapping[str, str | None]) -> Objections:
        """A party signs once, under what is said; somebody saw it on paper, or a badge tells whose it is."""
        on_paper = given.manner is Manner.ON_PAPER
        return together(
            self.no_party(given.party),
            {
                why.SignedAlready: given.party in signed,
                why.OtherTerms: given.terms_hash != hash_of(said),
                why.WitnessMissing: on_paper and given.witness is None,
                why.SignerMissing: not on_paper and given.person is None,
                why.WitnessIsSigner: given.witness is not None and given.witness == given.person,
            },
        )

    # A doubt about a signature

    def against_approve_signature(self, asked: ask.ApproveSignature) -> Objections:
        if self.stage != "certified":
            return self.not_sealed()
        return together(self.no_party(asked.party), {why.NotRepudiated: asked.party not in self.repudiated})

    def after_approve_signature(self, asked: ask.ApproveSignature) -> None:
        self.repudiated.remove(asked.party)

    # Amendments

    def against_other_terms(self, said: Terms) -> Objections:
        """What can be said against other terms for this form."""
        raise NotImplementedError

    def says(self, said: Terms) -> None:
        """These terms hold now."""
        raise NotImplementedError

    def against_propose_amendment(self, asked: ask.ProposeAmendment) -> Objections:
        if self.stage != "certified":
            return self.not_sealed()
        return together(
            self.no_party(asked.by),
            {
                why.SignatureInDoubt: bool(self.repudiated),
                why.AmendmentOpen: self.amendment is not None,
                why.NothingAmended: asked.terms == self.terms,
            },
            self.touches(asked.terms),
            self.against_other_terms(asked.terms),
        )

    def touches(self, said: Terms) -> Objections:
        """What came, or won't come, keeps its words and its place."""
        after = dict(enumerate(said.pledges))
        happened = [(place, self.terms.pledges[place]) for place, known in enumerate(self.known) if known.happened]
        return {why.TouchesWhatHappened: any(after.get(place) != pledge for place, pledge in happened)}

    def after_propose_amendment(self, asked: ask.ProposeAmendment) -> None:
        self.amendment = Proposal(asked.by, asked.terms)

    def against_sign_amendment(self, asked: ask.SignAmendment) -> Objections:
        if self.stage != "certified":
            return self.not_sealed()
        if self.amendment is None:
            return {why.NoAmendment: True}
        return together(
            {why.SignatureInDoubt: bool(self.repudiated)},
            self.touches(self.amendment.terms),
            self.against_signature(asked.signature, self.amendment.terms, self.amendment.signed),
        )

    def after_sign_amendment(self, asked: ask.SignAmendment) -> None:
        assert self.amendment is not None
        self.amendment.signed[asked.signature.party] = asked.signature.person
        if set(self.amendment.signed) == set(self.parties):
            self.amend(self.amendment)

    def amend(self, proposal: Proposal) -> None:
        """The new terms hold; what was known of a pledge whose words and place stayed, stays known."""
        before = list(zip(self.terms.pledges, self.known, self.values, strict=True))
        self.says(proposal.terms)
        self.begin(len(proposal.terms.pledges))
        for place, (pledge, known, value) in enumerate(before[: len(self.known)]):
            if self.terms.pledges[place] == pledge:
                self.known[place], self.values[place] = known, value
        self.signed, self.amendment = proposal.signed, None
        self.amended += 1

    def against_withdraw_amendment(self, asked: ask.WithdrawAmendment) -> Objections:
        if self.stage != "certified":
            return self.not_sealed()
        return together(self.no_party(asked.by), {why.NoAmendment: self.amendment is None})

    def after_withdraw_amendment(self, _: ask.WithdrawAmendment) -> None:
        self.amendment = None

    # Calls

    def against_remind(self, asked: ask.Remind) -> Objections:
        if self.stage != "certified":
            return self.not_sealed()
        once_each = 0 < len(asked.parties) == len(set(asked.parties))
        return together(self.no_party(*asked.parties), {why.NobodyToAsk: not once_each})

    def after_remind(self, asked: ask.Remind) -> None:
        for party in asked.parties:
            self.rung[(party, asked.kind)] = None

    def against_record_first_contact(self, _: ask.RecordFirstContact) -> Objections:
        return together(self.not_sealed(), {why.ContactMadeAlready: self.stage == "certified" and self.in_contact})

    def after_record_first_contact(self, _: ask.RecordFirstContact) -> None:
        self.in_contact = True

    def against_record_call(self, asked: ask.RecordCall) -> Objections:
        if self.stage != "certified":
            return self.not_sealed()
        places = [told.pledge for told in asked.told]
        return together(
            self.no_party(asked.party),
            {
                why.NotReachedSaysNothing: asked.outcome is CallOutcome.NOT_REACHED and bool(places),
                why.ToldTwice: len(set(places)) < len(places),
            },
            *(self.against_told(told) for told in asked.told),
        )

    def after_record_call(self, asked: ask.RecordCall) -> None:
        self.rung[(asked.party, None)] = asked.outcome
        for told in asked.told:
            self.hear(told)

    def against_record_delivery(self, asked: ask.RecordDelivery) -> Objections:
        return self.not_sealed() if self.stage != "certified" else self.against_told(asked.told)

    def after_record_delivery(self, asked: ask.RecordDelivery) -> None:
        self.hear(asked.told)

    def against_told(self, told: ask.PledgeTold) -> Objections:
        """Something is said of a pledge of which more can come, and no more than that comes."""
        if told.pledge not in range(len(self.terms.pledges)):
            return {why.PledgeUnknown: True}
        left = self.terms.pledges[told.pledge].quantity - self.known[told.pledge].delivered
        stays_open = told.running or told.reason is not None
        return {
            QuantityOutOfRange: not 0 <= told.delivered <= 1_000_000,
            why.NothingTold: not stays_open and told.delivered == 0,
            why.ToldTwice: told.running and told.reason is not None,
            why.MoreThanPledged: told.delivered > left,
            why.DeliveredAlready: left == 0 or (told.delivered == left and stays_open),
        }

    def hear(self, told: ask.PledgeTold) -> None:
        """New word of a pledge has to be confirmed anew; that the rest is under way takes nothing back."""
        known = self.known[told.pledge]
        if told.delivered or told.reason is not None or known.reason is not None:
            known.confirmed = set()
        known.delivered += told.delivered
        known.reason = told.reason
        if told.running or told.reason is not None:
            known.running = told.running

    def against_confirm_fulfilment(self, asked: ask.ConfirmFulfilment) -> Objections:
        if self.stage != "certified":
            return self.not_sealed()
        if asked.pledge not in range(len(self.terms.pledges)):
            return {why.PledgeUnknown: True}
        pledge, known = self.terms.pledges[asked.pledge], self.known[asked.pledge]
        return {
            why.NotOfThisPledge: asked.by != pledge.giver and asked.by != pledge.receiver,
            why.NothingToConfirm: not known.happened,
            why.ConfirmedAlready: asked.by in known.confirmed,
        }

    def after_confirm_fulfilment(self, asked: ask.ConfirmFulfilment) -> None:
        self.known[asked.pledge].confirmed.add(asked.by)

    def against_dispute(self, asked: ask.Dispute) -> Objections:
        if self.stage != "certified":
            return self.not_sealed()
        about = () if asked.pledge is None else (asked.pledge,)
        return together(self.no_party(asked.by), self.no_such_pledge(*about), {why.DisputedAlready: self.disputed})

    def after_dispute(self, _: ask.Dispute) -> None:
        self.disputed = True

    def against_settle_dispute(self, _: ask.SettleDispute) -> Objections:
        return together(self.not_sealed(), {why.NotDisputed: self.stage == "certified" and not self.disputed})

    def after_settle_dispute(self, _: ask.SettleDispute) -> None:
        self.disputed = False

    # What is so

    def told_under_the_seal(self) -> dict[str, Any]:
        proposal = self.amendment
        return {
            "number": self.number,
            "notary": self.notary,
            "known": [known.told() for known in self.known],
            "repudiated": self.repudiated,
            "amendment": None if proposal is None else (proposal.by, proposal.terms, set(proposal.signed)),
            "disputed": self.disputed,
            "in_contact": self.in_contact,
        }

    def told_of_the_sealed(self) -> dict[str, Any]:
        proposal = self.amendment
        return {
            "number": self.number,
            "notary": self.notary,
            "checked": self.checked,
            "known": [known.told() for known in self.known],
            "repudiated": self.repudiated,
            "disputed": self.disputed,
            "in_contact": self.in_contact,
            "amendment": None if proposal is None else (proposal.by, proposal.terms.pledges, set(proposal.signed)),
            "amended": self.amended,
            "rung": self.rung,
        }

    def ledger_word(self) -> str | None:
        """Doubt before dispute before what became of the pledges; else the form's own stage."""
        if self.stage != "certified":
            return "drafted" if self.stage == "draft" else self.stage
        if self.repudiated:
            return "repudiated"
        return "disputed" if self.disputed else self.what_became(self.terms.pledges)

    def what_became(self, pledges: Sequence[Pledge]) -> str:
        """Contract status follows from its pledges."""
        told = list(zip(pledges, self.known, strict=True))
        whole = [known.delivered == pledge.quantity for pledge, known in told]
        ended = [came or known.reason is not None for came, (_, known) in zip(whole, told, strict=True)]
        if all(whole):
            return "fulfilled"
        if all(ended):
            return "partly_fulfilled" if any(known.delivered for _, known in told) else "not_fulfilled"
        return "running" if any(known.happened or known.running for _, known in told) else "certified"
