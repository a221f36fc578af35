"""Laws of a whole marketplace: several tables and forms, the gong, the timekeeper, and requests that race."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.contract.commands import Command, CorrectForm, DraftFromForm, ReturnForCorrection, Sign, SubmitToNotary
from domain.contract.events import ContractCertified
from domain.contract.form import ReturnReason
from domain.contract.state import AtNotary, Draft, Signed, unsigned
from domain.identity import ContractId, NegotiationId, contract_of
from domain.instant import Instant
from domain.listing.commands import ReviseListing
from domain.listing.events import ListingKind, ListingPublished
from domain.marketplace.commands import CloseForgotten, CloseTrading, ExtendTrading
from domain.marketplace.events import MarketplacePlanned, RegistrationOpened, TradingOpened
from domain.marketplace.plan import Counted
from domain.negotiation.commands import (
    AcceptTerms,
    CallBroker,
    CounterTerms,
    JoinAsBroker,
    OpenNegotiation,
    RejectTerms,
    WithdrawFromNegotiation,
)
from domain.negotiation.decisions import Step
from domain.negotiation.events import RejectionReason
from domain.negotiation.state import Agreed, Proposed
from domain.organisation.events import OrganisationRegistered
from domain.participation.events import CheckedIn, ParticipationAdmitted, ParticipationRequested
from tests.domain.people import (
    anna,
    baker,
    bakers,
    bakery,
    better,
    bread,
    broker,
    end,
    food_bank,
    food_banker,
    food_bankers,
    garage,
    goods,
    loaves,
    mechanic,
    notary,
    plan,
    poster,
    repair,
    ruhrdax,
    signature,
    stranger,
    stream,
    terms,
)
from tests.laws import asking, invariants
from tests.laws.hall import Attempt, Hall, Request

TABLES = [NegotiationId(stream(f"table {number}")) for number in range(3)]
FORMS = [contract_of(table) for table in TABLES] + [ContractId(stream(f"form {number}")) for number in range(2)]
listed = replace(bread, listing=loaves, quantity=2)
SAID = [
    terms,
    better,
    replace(terms, pledges=(listed, poster)),
    replace(terms, pledges=(listed, listed, replace(poster, value=None))),
    replace(terms, pledges=(replace(bread, value=None), replace(poster, receiver=garage), repair)),
    replace(terms, pledges=(bread,)),
    replace(terms, pledges=(replace(poster, listing=loaves), bread)),
]

tables, forms = st.sampled_from(TABLES), st.sampled_from(FORMS)
parties, said = st.sampled_from([bakery, food_bank, garage, stranger]), st.sampled_from(SAID)
notaries = st.sampled_from([notary, notary, anna, broker])
moments = st.sampled_from(["now", "now", "now", "later"])
groups = st.sampled_from([(bakery, food_bank), (food_bank, bakery), (bakery, food_bank, garage), (bakery, bakery)])


def opened_hall(counted: Counted = Counted.COMPANIES) -> Hall:
    """Ruhrdax just after the opening gong: three organisations on the floor, five baskets of bread on the list."""
    hall = Hall()

    def story(work: Attempt) -> None:
        for party in (baker, food_banker, mechanic):
            work.see(party.organisation)
            work.record(party.organisation, (OrganisationRegistered(name="x", side=party.side, rehearsal=False),))
            work.see(party.participation)
            asked = ParticipationRequested(
                marketplace=ruhrdax, organisation=party.organisation, side=party.side, rehearsal=False
            )
            work.record(party.participation, (asked, ParticipationAdmitted(), CheckedIn()))
        work.see(ruhrdax)
        planned = MarketplacePlanned(plan=replace(plan, counted=counted))
        work.record(ruhrdax, (planned, RegistrationOpened(), TradingOpened(announced_end=end)))
        work.see(loaves)
        offer = ListingPublished(
            marketplace=ruhrdax,
            by=bakery,
            kind=ListingKind.OFFER,
            area=goods,
            title="Bread",
            quantity=5,
            unit="baskets",
            rehearsal=False,
        )
        work.record(loaves, (offer,))

    assert hall.ask(story)
    return hall


class Marketplace(RuleBasedStateMachine):
    """People ask at once, or look first and act later, when others may have acted."""

    @initialize(counted=st.sampled_from(Counted), ready=st.integers(0, 2), agreed=st.integers(0, 2))
    def gong_rings(self, counted: Counted, ready: int, agreed: int) -> None:
        self.hall = opened_hall(counted)
        for form in FORMS[3 : 3 + ready]:
            at_the_notary(self.hall, form)
        for table in TABLES[:agreed]:
            assert self.hall.ask(asking.sit_down(table, replace(proposal, terms=SAID[2])))
            assert self.hall.ask(asking.step(table, AcceptTerms(by=food_bank)))
            assert self.hall.ask(asking.write_down(contract_of(table), table))
        self.waiting: list[Attempt] = []

    def asks(self, request: Request, moment: str) -> None:
        attempt = self.hall.judge(request)
        if attempt is None:
            return
        if moment == "later":
            self.waiting.append(attempt)
        else:
            assert self.hall.land(attempt), "nothing moved in between"

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def acts_on_what_was_seen_earlier(self, data: st.DataObject) -> None:
        attempt = self.waiting.pop(data.draw(st.integers(0, len(self.waiting) - 1)))
        event("landed" if self.hall.land(attempt) else "turned away")

    @rule(table=tables, who=groups, words=said, moment=moments)
    def sit_down(self, table: NegotiationId, who: Sequence[Any], words: Any, moment: str) -> None:
        command = OpenNegotiation(marketplace=ruhrdax, by=who[0], to=tuple(who[1:]), terms=words)
        self.asks(asking.sit_down(table, command), moment)

    @rule(table=tables, who=parties, words=said, kind=st.integers(0, 5), moment=moments)
    def take_a_step(self, table: NegotiationId, who: Any, words: Any, kind: int, moment: str) -> None:
        steps: list[Step] = [
            CounterTerms(by=who, terms=words),
            AcceptTerms(by=who),
            RejectTerms(by=who, reason=RejectionReason.OTHER),
            WithdrawFromNegotiation(by=who),
            CallBroker(by=who),
            JoinAsBroker(broker=broker),
        ]
        self.asks(asking.step(table, steps[kind]), moment)

    @rule(table=tables, moment=moments)
    def agree(self, table: NegotiationId, moment: str) -> None:
        """Whoever is awaited says yes; what is agreed is written down."""
        state = self.hall.states.get(table)
        if isinstance(state, Proposed):
            self.asks(asking.step(table, AcceptTerms(by=min(state.awaited))), moment)
        elif isinstance(state, Agreed):
            self.asks(asking.write_down(contract_of(table), table), moment)

    @rule(form=forms, who=groups, words=said, table=tables, straight=st.booleans(), moment=moments)
    def draft(self, form: Any, who: Any, words: Any, table: NegotiationId, straight: bool, moment: str) -> None:
        command = DraftFromForm(marketplace=ruhrdax, parties=tuple(who), terms=words, form_number="A 1", broker=None)
        request = asking.write_straight(form, command) if straight else asking.write_down(contract_of(table), table)
        self.asks(request, moment)

    @rule(form=forms, who=parties, words=said, kind=st.integers(0, 3), moment=moments)
    def at_the_desk(self, form: ContractId, who: Any, words: Any, kind: int, moment: str) -> None:
        commands: list[Command] = [
            Sign(signature=signature(who)),
            CorrectForm(terms=words),
            SubmitToNotary(),
            ReturnForCorrection(reasons=(ReturnReason.OTHER,)),
        ]
        self.asks(asking.at_desk(form, commands[kind]), moment)

    @rule(form=forms, far=st.integers(1, 5), moment=moments)
    def get_on(self, form: ContractId, far: int, moment: str) -> None:
        """The form goes its way: the next signature, the notary's desk, the seal."""
        for _ in range(far):
            self.next_for(form, moment)

    def next_for(self, form: ContractId, moment: str) -> None:
        state = self.hall.states.get(form)
        if isinstance(state, Draft):
            missing = min(unsigned(state.form, state.signatures))
            self.asks(asking.at_desk(form, Sign(signature=signature(missing))), moment)
        elif isinstance(state, Signed):
            self.asks(asking.at_desk(form, SubmitToNotary()), moment)
        elif isinstance(state, AtNotary):
            self.asks(asking.certify(form, notary), moment)

    @rule(form=forms, who=notaries, moment=moments)
    def certify(self, form: ContractId, who: Any, moment: str) -> None:
        self.asks(asking.certify(form, who), moment)

    @rule(who=st.sampled_from([bakers, food_bankers]), person=notaries, moment=moments)
    def name_a_representative(self, who: Any, person: Any, moment: str) -> None:
        if person != notary or len(self.hall.log) % 5 == 0:
            self.asks(asking.name(who, person), moment)

    @rule(quantity=st.integers(0, 6), back=st.sampled_from([False] * 5 + [True]), moment=moments)
    def change_the_list(self, quantity: int, back: bool, moment: str) -> None:
        command = ReviseListing(by=bakery, area=goods, title="Bread", quantity=quantity, unit="baskets")
        self.asks(asking.take_back(loaves, bakery) if back else asking.revise(loaves, command), moment)

    @rule(act=st.sampled_from(["gong", "forgotten", "early", "extend", *["nothing"] * 8]), moment=moments)
    def watch_the_clock(self, act: str, moment: str) -> None:
        commands: dict[str, Any] = {
            "gong": CloseTrading(at=end),
            "forgotten": CloseForgotten(at=Instant("2006-09-18T23:00:00.000000Z")),
            "early": CloseForgotten(at=end),
            "extend": ExtendTrading(announced_end=Instant("2006-09-18T18:00:00.000000Z")),
        }
        if act in commands:
            self.asks(asking.of_host(commands[act]), moment)

    @rule(table=tables, moment=moments)
    def lapse(self, table: NegotiationId, moment: str) -> None:
        self.asks(asking.lapse(table), moment)

    @rule(moment=moments, sure=st.sampled_from([False] * 9 + [True]))
    def leave(self, moment: str, sure: bool) -> None:
        if sure:
            self.asks(asking.cancel(garage), moment)

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "hall"):
            invariants.no_step_after_the_gong(self.hall)
            invariants.every_number_once_without_a_gap(self.hall)
            invariants.nothing_is_promised_twice(self.hall)

    def teardown(self) -> None:
        if hasattr(self, "hall"):
            for law in invariants.ALL:
                law(self.hall)
            sealed = [r for r in self.hall.log if isinstance(r.envelope.data, ContractCertified)]
            event(f"certified: {len(sealed)}")
            event(f"records: {len(self.hall.log) // 10 * 10}")


TestMarketplace = Marketplace.TestCase
TestMarketplace.settings = settings(max_examples=8 * settings().max_examples, deadline=None)


def racing(hall: Hall, *requests: Request, heed_guards: bool = True) -> list[bool]:
    """All look at the same time; then each lands, in this order."""
    attempts = [hall.judge(request) for request in requests]
    return [attempt is not None and hall.land(attempt, heed_guards=heed_guards) for attempt in attempts]


def at_the_notary(hall: Hall, form: ContractId) -> None:
    """Bring a form into the notary's queue."""
    command = DraftFromForm(
        marketplace=ruhrdax, parties=(bakery, food_bank), terms=terms, form_number=None, broker=None
    )
    assert hall.ask(asking.write_straight(form, command))
    for party in (bakery, food_bank):
        assert hall.ask(asking.at_desk(form, Sign(signature=signature(party))))
    assert hall.ask(asking.at_desk(form, SubmitToNotary()))


proposal = OpenNegotiation(marketplace=ruhrdax, by=bakery, to=(food_bank,), terms=SAID[3])


def test_the_gong_and_a_yes_at_the_same_moment() -> None:
    """Whoever lands first wins: a yes that was judged before the gong can't land after it."""
    for order, landed in (("gong first", [True, False]), ("yes first", [True, True])):
        hall = opened_hall()
        assert hall.ask(asking.sit_down(TABLES[0], proposal))
        gong, yes = asking.of_host(CloseTrading(at=end)), asking.step(TABLES[0], AcceptTerms(by=food_bank))
        pair = (gong, yes) if order == "gong first" else (yes, gong)
        assert racing(hall, *pair) == landed
        for law in invariants.ALL:
            law(hall)


def test_without_guards_a_step_slips_in_after_the_gong() -> None:
    """The law has teeth: a log that heeds written streams alone breaks it."""
    hall = opened_hall()
    assert hall.ask(asking.sit_down(TABLES[0], proposal))
    yes = asking.step(TABLES[0], AcceptTerms(by=food_bank))
    assert racing(hall, asking.of_host(CloseTrading(at=end)), yes, heed_guards=False) == [True, True]
    try:
        invariants.no_step_after_the_gong(hall)
    except AssertionError:
        return
    raise AssertionError("the law didn't notice")


def test_two_notaries_reach_for_the_same_number() -> None:
    """Of two forms certified at once one gets the number, the other is judged again and gets the next."""
    hall = opened_hall()
    for form in FORMS[3:]:
        at_the_notary(hall, form)
    assert racing(hall, *(asking.certify(form, notary) for form in FORMS[3:])) == [True, False]
    assert hall.ask(asking.certify(FORMS[4], notary))
    assert racing(hall, asking.certify(FORMS[3], notary)) == [False]
    for law in invariants.ALL:
        law(hall)


def test_a_notary_is_named_representative_while_certifying() -> None:
    """The naming lands first: the seal, judged before it, is turned away and then refused."""
    hall = opened_hall()
    at_the_notary(hall, FORMS[3])
    assert racing(hall, asking.name(bakers, notary), asking.certify(FORMS[3], notary)) == [True, False]
    assert hall.judge(asking.certify(FORMS[3], notary)) is None


def test_two_tables_agree_on_the_last_baskets() -> None:
    """Four of five baskets are promised at one table; the other, agreeing at the same moment, gets none."""
    hall = opened_hall()
    for table in TABLES[:2]:
        assert hall.ask(asking.sit_down(table, proposal))
    yes = [asking.step(table, AcceptTerms(by=food_bank)) for table in TABLES[:2]]
    assert racing(hall, *yes) == [True, False]
    assert hall.judge(yes[1]) is None
    invariants.nothing_is_promised_twice(hall)
