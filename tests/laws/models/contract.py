"""What may be asked of a form, from the first line written to the last call months later (METHOD.md, The form, After).

Around a form the model knows the hall it is traded in. What happens after the seal stands in `after_the_seal`.
"""

import re
from collections.abc import Sequence
from typing import Any

from domain.contract import commands as ask
from domain.contract import refusals as why
from domain.marketplace.refusals import TradingNotOpen
from domain.negotiation.terms import Pledge, Terms
from domain.participation.refusals import NotOnTheFloor
from domain.refusal import NotThere
from tests.domain.people import (
    bakery,
    broker,
    food_bank,
    garage,
    gong,
    over,
    terms,
)
from tests.laws.models.after_the_seal import AfterTheSeal
from tests.laws.models.driving import Chance, Objections
from tests.laws.models.hall import ORGANISATION, Hall
from tests.laws.models.terms import against_terms, hash_of
from tests.laws.models.words import SHORT, against_values, against_words, together

COMPANIES = {bakery, garage}
NUMBER = 7
"""The number that the register gives next."""
BLANK = re.compile("a0*([1-9]|1[0-9]|20)")
"""The blank forms A 1 to A 20, their number without spaces and in small letters."""


class ContractModel(AfterTheSeal):
    """A form: where it lies, what stands on it, who signed, and what is known of its pledges."""

    def __init__(self) -> None:
        super().__init__()
        self.hall = Hall()
        self.stage: str | None = None
        self.parties: tuple[str, ...] = ()
        self.signed: dict[str, str | None] = {}
        self.in_time = False

    def happen(self, chance: Chance) -> None:
        self.hall.goes_on(chance)
        if self.stage is None:
            self.hall.phase = chance.among(("trading",) * 5 + ("over", "follow_up", "archived", "registering", None))

    # Writing

    def against_seats(self, asked: ask.DraftFromForm | ask.CapturePaper) -> Objections:
        stands = [self.hall.stands_at(party, asked.marketplace) for party in asked.parties]
        return {NotThere: None in stands, NotOnTheFloor: "admitted" in stands}

    def against_said(self, said: Terms, parties: Sequence[str]) -> Objections:
        return against_terms(said, parties, self.hall.areas, self.hall.policy)

    def against_draft_from_negotiation(self, asked: ask.DraftFromNegotiation) -> Objections:
        if self.stage is not None:
            return {why.AlreadyDrafted: True}
        return together(
            against_words((asked.form_number, SHORT)),
            {NotThere: self.hall.table is None, why.NotAgreedYet: self.hall.table in ("proposed", "ended")},
            {TradingNotOpen: self.hall.phase != "trading"},
        )

    def after_draft_from_negotiation(self, _: ask.DraftFromNegotiation) -> None:
        self.written(terms, (bakery, food_bank), "negotiation", broker)

    def against_draft_from_form(self, asked: ask.DraftFromForm) -> Objections:
        if self.stage is not None:
            return {why.AlreadyDrafted: True}
        return together(
            against_words((asked.form_number, SHORT)),
            {NotThere: self.hall.phase is None, TradingNotOpen: self.hall.phase != "trading"},
            self.against_said(asked.terms, asked.parties),
            self.against_seats(asked),
        )

    def after_draft_from_form(self, asked: ask.DraftFromForm) -> None:
        self.written(asked.terms, asked.parties, "form", asked.broker)

    def known_blank(self, form_number: str) -> bool:
        return self.hall.blanks and BLANK.fullmatch("".join(form_number.split()).casefold()) is not None

    def against_capture_paper(self, asked: ask.CapturePaper) -> Objections:
        if self.stage is not None:
            return {why.AlreadyDrafted: True}
        known, phase = self.known_blank(asked.form_number), self.hall.phase
        latest = asked.at if phase == "trading" else min(over.latest_end, asked.at)
        signing = [signature.party for signature in asked.signatures]
        return together(
            against_words((asked.form_number, SHORT)),
            {
                NotThere: phase is None,
                TradingNotOpen: phase not in ("trading", "over", "follow_up"),
                why.FormNumberUnknown: self.hall.gong_has_rung() and not known,
                why.OutsideTrading: not gong <= asked.occurred_at <= latest,
                why.NotAPartyToTheForm: any(party not in asked.parties for party in signing),
                why.SignedAlready: len(set(signing)) < len(signing),
                why.WitnessIsSigner: any(one.person == one.witness for one in asked.signatures),
            },
            self.against_said(asked.terms, asked.parties),
            self.against_seats(asked),
        )

    def after_capture_paper(self, asked: ask.CapturePaper) -> None:
        self.written(asked.terms, asked.parties, "paper", asked.broker)
        self.in_time = self.known_blank(asked.form_number)
        for signature in asked.signatures:
            self.sign(signature.party, signature.person)

    def written(self, said: Terms, parties: Sequence[str], source: str, credited: str | None) -> None:
        self.stage, self.parties, self.source, self.broker = "draft", tuple(parties), source, credited
        self.says(said)

    def says(self, said: Terms) -> None:
        """These terms stand on the form now, valued as they say themselves, under today's labels of their areas."""
        self.terms, self.values = said, [pledge.value for pledge in said.pledges]
        self.label_areas()

    def label_areas(self) -> None:
        areas = {pledge.area for pledge in self.terms.pledges}
        renamed = {area: label for area, label in self.hall.renamed.items() if area in areas}
        self.labels = renamed or self.labels

    def out_of_hand(self) -> Objections:
        """The parties have a form in hand that neither lies with the notary nor is sealed or over."""
        return {
            NotThere: self.stage is None,
            why.FormIsAtTheNotary: self.stage == "at_notary",
            why.FormIsCertified: self.stage == "certified",
            why.ContractIsOver: self.is_over(),
        }

    def against_correct_form(self, asked: ask.CorrectForm) -> Objections:
        if self.stage not in ("draft", "signed", "returned"):
            return self.out_of_hand()
        return together({NotThere: self.hall.phase is None}, self.against_other_terms(asked.terms))

    def against_other_terms(self, said: Terms) -> Objections:
        """An area that was retired since may stay on a form on which it stands."""
        standing = {pledge.area for pledge in self.terms.pledges}
        return against_terms(said, self.parties, {*self.hall.areas, *standing}, self.hall.policy)

    def after_correct_form(self, asked: ask.CorrectForm) -> None:
        self.stage, self.signed = "draft", {}
        self.says(asked.terms)

    # Signing

    def against_sign(self, asked: ask.Sign) -> Objections:
        if self.stage not in ("draft", "signed", "returned"):
            return self.out_of_hand()
        return self.against_signature(asked.signature, self.terms, self.signed)

    def after_sign(self, asked: ask.Sign) -> None:
        self.sign(asked.signature.party, asked.signature.person)

    def sign(self, party: str, person: str | None) -> None:
        self.signed[party] = person
        if set(self.signed) == set(self.parties):
            self.stage = "signed"

    def against_repudiate_signature(self, asked: ask.RepudiateSignature) -> Objections:
        if self.stage is None or self.is_over():
            return self.gone()
        stands = asked.party in self.signed and asked.party not in self.repudiated
        mandated = self.hall.mandated.get(ORGANISATION.get(asked.party, ""), set())
        return {
            why.NotAPartyToTheForm: asked.party not in self.parties,
            why.NotSignedYet: not stands,
            why.SignedWithMandate: stands and self.signed[asked.party] in mandated,
        }

    def after_repudiate_signature(self, asked: ask.RepudiateSignature) -> None:
        if self.stage == "certified":
            self.repudiated.add(asked.party)
        else:
            del self.signed[asked.party]
            self.stage = "draft"

    # The notary's desk

    def against_submit_to_notary(self, _: ask.SubmitToNotary) -> Objections:
        if self.stage not in ("draft", "signed", "returned"):
            return self.out_of_hand()
        return {
            why.SignaturesMissing: set(self.signed) != set(self.parties),
            why.TooLate: self.hall.phase != "trading" and not self.in_time,
        }

    def after_submit_to_notary(self, _: ask.SubmitToNotary) -> None:
        self.stage, self.in_time = "at_notary", True

    def not_queued(self) -> Objections:
        return {
            NotThere: self.stage is None,
            why.FormIsCertified: self.stage == "certified",
            why.ContractIsOver: self.is_over(),
            why.NotAtTheNotary: self.stage in ("draft", "signed", "returned"),
        }

    def against_return_for_correction(self, asked: ask.ReturnForCorrection) -> Objections:
        once_each = 0 < len(asked.reasons) == len(set(asked.reasons))
        return together(self.not_queued(), {why.NoReasonGiven: not once_each})

    def after_return_for_correction(self, _: ask.ReturnForCorrection) -> None:
        self.stage = "returned"
        self.returns += 1

    def conflict(self, person: str) -> Objections:
        represents = self.hall.represented_by(person, self.parties) or person in self.signed.values()
        return {why.NotaryRepresentsAParty: represents}

    def against_certify(self, asked: ask.Certify) -> Objections:
        listed, checked = set(self.hall.checklist), asked.checked
        return together(
            self.not_queued(),
            self.conflict(asked.notary),
            {
                why.ChecklistIncomplete: bool(listed - set(checked)),
                why.NotOnTheChecklist: any(item not in listed for item in checked) or len(set(checked)) < len(checked),
            },
        )

    def after_certify(self, asked: ask.Certify) -> None:
        self.stage, self.number, self.notary = "certified", NUMBER, asked.notary
        self.checked = asked.checked
        self.begin(len(self.terms.pledges))

    def against_revoke_certification(self, asked: ask.RevokeCertification) -> Objections:
        return together(self.not_sealed(), self.conflict(asked.notary))

    def after_revoke_certification(self, _: ask.RevokeCertification) -> None:
        self.stage = "void"

    def against_annul(self, _: ask.Annul) -> Objections:
        return self.gone()

    def after_annul(self, _: ask.Annul) -> None:
        self.stage = "annulled" if self.stage == "certified" else "abandoned"

    # The valuation desk

    def against_valuing(self, asked: ask.EstimateValue | ask.CorrectValue) -> Objections:
        return together(self.no_such_pledge(asked.pledge), against_values([asked.value]))

    def against_estimate_value(self, asked: ask.EstimateValue) -> Objections:
        if self.stage is None or self.is_over():
            return self.gone()
        valued = self.pledge(asked.pledge) is not None and self.values[asked.pledge] is not None
        return together(self.against_valuing(asked), {why.ValuedAlready: valued})

    def after_estimate_value(self, asked: ask.EstimateValue | ask.CorrectValue) -> None:
        self.values[asked.pledge] = asked.value

    def against_correct_value(self, asked: ask.CorrectValue) -> Objections:
        if self.stage is None or self.is_over():
            return self.gone()
        before = None if self.pledge(asked.pledge) is None else self.values[asked.pledge]
        known = {why.NotValuedYet: before is None, why.SameValue: before == asked.value}
        return together(self.against_valuing(asked), known)

    def after_correct_value(self, asked: ask.CorrectValue) -> None:
        self.after_estimate_value(asked)
        self.corrections += 1

    def pledge(self, place: int) -> Pledge | None:
        return dict(enumerate(self.terms.pledges)).get(place)

    # What is so

    def told(self) -> Any:
        if self.stage is None:
            return None
        before: dict[str, Any] = {
            "stage": self.stage,
            "parties": self.parties,
            "broker": self.broker,
            "terms": self.terms,
            "hash": hash_of(self.terms),
            "signed": self.signed,
            "in_time": self.in_time,
            "values": self.values,
        }
        return before | (self.told_under_the_seal() if self.stage == "certified" else {})

    def told_ledger(self) -> Any:
        counted = [
            value for pledge, value in zip(self.terms.pledges, self.values, strict=True) if pledge.giver in COMPANIES
        ]
        givers = {pledge.giver for pledge in self.terms.pledges}
        return {
            "state": self.ledger_word(),
            "counts": self.stage == "certified" and not self.repudiated,
            "signed": self.signed,
            "source": self.source,
            "labels": self.labels,
            "values": self.values,
            "worth": sum(value.minor for value in counted if value is not None),
            "unvalued": counted.count(None),
            "one_sided": not set(self.parties) <= givers,
            "returns": self.returns,
            "corrections": self.corrections,
        } | self.told_of_the_sealed()
