"""What is asked of forms: a repertoire of requests, most of which are legal at some time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.contract import commands as ask
from domain.contract import reasons as because
from domain.contract.form import Manner, ReturnReason, Signature
from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason
from domain.identity import AreaId, PersonId
from domain.instant import Instant
from domain.money import hourly
from domain.negotiation.terms import terms_hash
from tests.domain import people
from tests.domain.people import anna, bakery, ben, better, bread, food_bank, garage, poster, ruhrdax, stranger, terms

reseated = replace(terms, pledges=(bread, replace(poster, receiver=garage), replace(people.repair, receiver=bakery)))
SAID = (
    terms,
    better,
    replace(terms, pledges=(bread, replace(poster, value=None)), first_contact_days=None),
    replace(terms, pledges=(replace(bread, quantity=5), replace(poster, value=None))),
    reseated,
    replace(terms, pledges=(bread,)),
    replace(terms, pledges=(replace(bread, area=AreaId("money")), poster)),
    replace(terms, pledges=()),
)
PARTIES = (bakery, food_bank, garage, stranger)
WORTH = (
    hourly(1_500, 600),
    hourly(2_000, 90),
    replace(hourly(2_000, 90), minor=1),
    replace(hourly(1, 1), currency="CHF"),
)
MOMENTS = tuple(Instant(f"2006-09-18T{at}.000000Z") for at in ("15:59:59", "16:30:00", "17:40:00", "18:30:00"))
TABLES = ((bakery, food_bank), (food_bank, garage, bakery), (bakery, bakery), (bakery, stranger))


def signed(party: Any, said: Any, person: Any, seen_by: Any, manner: Manner = Manner.BADGE_AND_PIN) -> Signature:
    return Signature(
        party=party, person=person, manner=manner, witness=seen_by, terms_hash=terms_hash(said), publicity=False
    )


SIGNATURES = [
    *(signed(party, said, anna, None) for party in PARTIES for said in SAID[:5]),
    *(signed(party, terms, person, None) for party in PARTIES for person in (ben, people.notary)),
    *(
        signed(party, terms, person, seen_by, manner)
        for party in PARTIES[:3]
        for person, seen_by in ((anna, None), (None, anna), (None, None), (anna, ben), (ben, ben))
        for manner in Manner
    ),
]


def on_paper(*told: tuple[Any, PersonId | None]) -> tuple[ask.PaperSignature, ...]:
    return tuple(
        ask.PaperSignature(party=party, person=person, witness=PersonId("clerk"), publicity=True)
        for party, person in told
    )


TYPED_IN = (("A 17", 1, 3), ("a017", 2, 3), ("B 3", 1, 3), (" ", 1, 3), ("A 17", 0, 1), ("A 17", 2, 1))
SIGNED_ON_PAPER = (
    (),
    on_paper((bakery, anna), (food_bank, None)),
    on_paper((bakery, anna), (bakery, None)),
    on_paper((garage, PersonId("clerk"))),
)
TOLD = [
    ask.PledgeTold(pledge=place, running=running, delivered=delivered, reason=reason)
    for place in (0, 1, 2, 9)
    for running, delivered, reason in (
        (True, 0, None),
        (True, 1, None),
        (False, 1, None),
        (False, 3, None),
        (False, 4, None),
        (False, 0, NonFulfilmentReason.NO_TIME),
        (False, 1, NonFulfilmentReason.OTHER),
        (True, 0, NonFulfilmentReason.OTHER),
        (False, 0, None),
        (False, -1, None),
    )
]

REPERTOIRE: dict[type, Sequence[Any]] = {
    ask.DraftFromNegotiation: [
        ask.DraftFromNegotiation(negotiation=people.table_one, form_number=number) for number in (None, "A 1", "")
    ],
    ask.DraftFromForm: [
        ask.DraftFromForm(marketplace=ruhrdax, parties=parties, terms=said, form_number=number, broker=None)
        for parties in TABLES
        for said in SAID
        for number in ("A 1", None, "")
    ],
    ask.CapturePaper: [
        ask.CapturePaper(
            marketplace=ruhrdax,
            parties=parties,
            terms=said,
            form_number=number,
            broker=people.broker,
            occurred_at=MOMENTS[then],
            signatures=signed_by,
            at=MOMENTS[now],
        )
        for parties, said in ((TABLES[0], terms), (TABLES[1], reseated), (TABLES[2], terms))
        for number, then, now in (
            ("A 17", 1, 3),
            ("a017", 2, 3),
            ("B 3", 1, 3),
            (" ", 1, 3),
            ("A 17", 0, 1),
            ("A 17", 2, 1),
        )
        for signed_by in SIGNED_ON_PAPER
    ],
    ask.CorrectForm: [ask.CorrectForm(terms=said) for said in SAID],
    ask.Sign: [ask.Sign(signature=each) for each in SIGNATURES],
    ask.RepudiateSignature: [ask.RepudiateSignature(party=party) for party in PARTIES],
    ask.ApproveSignature: [ask.ApproveSignature(party=party) for party in PARTIES],
    ask.SubmitToNotary: [ask.SubmitToNotary()],
    ask.ReturnForCorrection: [
        ask.ReturnForCorrection(reasons=reasons)
        for reasons in ((ReturnReason.OTHER,), tuple(ReturnReason), (), (ReturnReason.MONEY, ReturnReason.MONEY))
    ],
    ask.Certify: [
        ask.Certify(notary=who, checked=checked)
        for who in (people.notary, people.notary, people.broker, anna)
        for checked in ((), ("read",), ("read", "signed"), ("signed", "signed"), ("rung",))
    ],
    ask.RevokeCertification: [
        ask.RevokeCertification(notary=who, reason=because.RevocationReason.OTHER)
        for who in (people.notary, people.broker, anna, ben)
    ],
    ask.Annul: [ask.Annul(reason=because.AnnulmentReason.BY_AGREEMENT)],
    ask.EstimateValue: [ask.EstimateValue(pledge=place, value=value) for place in (0, 1, 5, -1) for value in WORTH],
    ask.CorrectValue: [
        ask.CorrectValue(pledge=place, value=value, reason=because.CorrectionReason.OTHER)
        for place in (0, 1, 2, 5, -1)
        for value in WORTH
    ],
    ask.ProposeAmendment: [ask.ProposeAmendment(by=party, terms=said) for party in PARTIES for said in SAID],
    ask.SignAmendment: [ask.SignAmendment(signature=each) for each in SIGNATURES],
    ask.WithdrawAmendment: [ask.WithdrawAmendment(by=party) for party in PARTIES],
    ask.Remind: [
        ask.Remind(parties=parties, kind=kind)
        for parties in ((), (bakery,), (bakery, food_bank), (garage,), (bakery, bakery))
        for kind in because.ReminderKind
    ],
    ask.RecordFirstContact: [ask.RecordFirstContact(on=None)],
    ask.RecordCall: [
        ask.RecordCall(party=party, outcome=outcome, told=tuple(told))
        for party in PARTIES
        for outcome in CallOutcome
        for told in ([], TOLD[:1], TOLD[2:3], TOLD[5:15:9], TOLD[0:20:10], TOLD[:2])
    ],
    ask.RecordDelivery: [ask.RecordDelivery(told=told) for told in TOLD],
    ask.ConfirmFulfilment: [ask.ConfirmFulfilment(pledge=place, by=by) for place in (0, 1, 2, -1) for by in PARTIES],
    ask.Dispute: [
        ask.Dispute(by=by, pledge=place, reason=because.DisputeReason.OTHER) for by in PARTIES for place in (None, 0, 4)
    ],
    ask.SettleDispute: [ask.SettleDispute()],
}
