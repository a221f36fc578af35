"""Who meets in these tests: a bakery, a food bank, a garage, their host, and what they talk about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest

from domain.contract.commands import Sign
from domain.contract.events import ContractDrafted, ContractSigned, SubmittedToNotary
from domain.contract.events import Fact as ContractFact
from domain.contract.form import Form, Manner, Signature
from domain.identity import (
    AreaId,
    ContractId,
    ListingId,
    MarketplaceId,
    NegotiationId,
    OrganisationId,
    ParticipationId,
    PersonId,
    StreamId,
    participation_of,
)
from domain.instant import Instant
from domain.marketplace.plan import Area, Counted, Plan, Reciprocity, Visibility
from domain.marketplace.state import CalledOff, InPreparation, Registering, Trading, TradingOver
from domain.money import Basis, Value, hourly
from domain.negotiation.terms import Party, Pledge, PledgeKind, Terms, terms_hash
from domain.organisation.events import Side
from domain.participation.state import OnTheFloor
from domain.refusal import Refusal


def stream(name: str) -> StreamId:
    """A lasting id for `name`."""
    return StreamId(str(uuid5(NAMESPACE_URL, name)))


ruhrdax = MarketplaceId(stream("ruhrdax"))
elsewhere = MarketplaceId(stream("elsewhere"))
bakers, food_bankers, mechanics = (OrganisationId(stream(name)) for name in ("bakery", "food bank", "garage"))
bakery, food_bank, garage = (participation_of(ruhrdax, who) for who in (bakers, food_bankers, mechanics))
stranger = ParticipationId(stream("stranger"))
anna, ben, notary, broker = (PersonId(name) for name in ("anna", "ben", "notary", "broker"))
table_one = NegotiationId(stream("table one"))
form_one = ContractId(stream("form one"))
loaves = ListingId(stream("loaves"))
goods, know_how = AreaId("goods"), AreaId("know-how")

plan = Plan(
    title="Ruhrdax",
    season=2006,
    date=date(2006, 9, 18),
    venue="Zeche Zollverein",
    time_zone="Europe/Berlin",
    trading_minutes=90,
    grace_minutes=15,
    noun="Kontrakte",
    areas=(Area(id=goods, label="Sachmittel"), Area(id=know_how, label="Wissen")),
    reciprocity=Reciprocity.STRICT,
    counted=Counted.COMPANIES,
    visibility=Visibility.BEFORE,
    hourly_rate_minor=1_500,
    first_contact_days=14,
    rehearsal=False,
)
gong = Instant("2006-09-18T16:00:00.000000Z")
end = Instant("2006-09-18T17:30:00.000000Z")
planned, registering = InPreparation(plan=plan), Registering(plan=plan)
trading = Trading(plan=plan, opened_at=gong, announced_end=end)
over = TradingOver(plan=plan, opened_at=gong, latest_end=Instant("2006-09-18T17:45:00.000000Z"))
called_off = CalledOff(plan=plan)

bread = Pledge(
    giver=bakery,
    receiver=food_bank,
    area=goods,
    title="Bread every Friday in March",
    kind=PledgeKind.GOODS,
    quantity=4,
    unit="baskets",
    due_from=date(2007, 3, 1),
    due_until=date(2007, 3, 31),
    value=Value(minor=24_000, currency="EUR", basis=Basis.MARKET_VALUE, rate_minor=None, minutes=None),
    listing=None,
)
poster = Pledge(
    giver=food_bank,
    receiver=bakery,
    area=know_how,
    title="A poster by our painting group",
    kind=PledgeKind.SERVICE,
    quantity=1,
    unit="poster",
    due_from=None,
    due_until=None,
    value=hourly(1_500, 600),
    listing=None,
)
repair = replace(bread, giver=garage, receiver=food_bank, title="A van inspected", unit="van", quantity=1)
terms = Terms(pledges=(bread, poster), first_contact_by=bakery, first_contact_days=14)
better = replace(terms, pledges=(bread, poster, replace(poster, title="A second poster")))

baker = Party(participation=bakery, organisation=bakers, side=Side.COMPANY)
food_banker = Party(participation=food_bank, organisation=food_bankers, side=Side.NONPROFIT)
mechanic = Party(participation=garage, organisation=mechanics, side=Side.COMPANY)


def here(party: Party) -> OnTheFloor:
    """The party with its badge on."""
    return OnTheFloor(marketplace=ruhrdax, organisation=party.organisation, side=party.side)


def a_form(said: Terms = terms, parties: tuple[Party, ...] = (baker, food_banker)) -> Form:
    """A form without a recorded negotiation."""
    return Form(
        marketplace=ruhrdax,
        negotiation=None,
        form_number="A 17",
        parties=parties,
        terms=said,
        terms_hash=terms_hash(said),
        counted=Counted.COMPANIES,
        broker=None,
        rehearsal=False,
    )


def signature(party: ParticipationId, person: PersonId | None = anna, said: Terms = terms) -> Signature:
    """A signature by badge and PIN under what is `said`."""
    return Signature(
        party=party,
        person=person,
        manner=Manner.BADGE_AND_PIN,
        witness=None,
        terms_hash=terms_hash(said),
        publicity=True,
    )


drafted = ContractDrafted(form=a_form())
by_bakery = ContractSigned(signature=signature(bakery))
by_food_bank = ContractSigned(signature=signature(food_bank, ben))
signed: tuple[ContractFact, ...] = (drafted, by_bakery, by_food_bank)
queued: tuple[ContractFact, ...] = (*signed, SubmittedToNotary())


def signs(party: ParticipationId) -> Sign:
    """The command with which a party signs."""
    return Sign(signature=signature(party))


def refused(why: type[Refusal], request: Callable[[], object]) -> None:
    """The request is refused for this very reason, in a sentence that says what is so and what to do."""
    with pytest.raises(Refusal) as answer:
        request()
    assert type(answer.value) is why
    assert answer.value.sentence.endswith(".")
