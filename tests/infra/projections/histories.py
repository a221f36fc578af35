"""Histories of a host, told in facts of the domain: random in what happens, always such that it can happen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from domain.contract.events import (
    ContractCertified,
    ContractDrafted,
    ContractSigned,
    FormCorrected,
    ReturnedForCorrection,
    SubmittedToNotary,
)
from domain.contract.form import Form, Manner, ReturnReason, Signature
from domain.envelope import Actor, Envelope
from domain.identity import (
    AreaId,
    ContractId,
    EventId,
    ListingId,
    MarketplaceId,
    NegotiationId,
    OrganisationId,
    ParticipationId,
    PersonId,
    StatementId,
    StreamId,
    contract_of,
    participation_of,
    register_of,
)
from domain.instant import Instant, instant
from domain.listing.events import ListingKind, ListingPromised, ListingPublished, ListingWithdrawn
from domain.marketplace.events import Closing, MarketplacePlanned, RegistrationOpened, TradingClosed, TradingOpened
from domain.marketplace.plan import Area, Counted, Plan, Reciprocity, Visibility
from domain.money import Basis, Value
from domain.names import name_of
from domain.negotiation import events as table
from domain.negotiation.terms import Party, Pledge, PledgeKind, Terms, terms_hash
from domain.organisation.events import OrganisationRegistered, RepresentativeNamed, Side
from domain.participation.events import CheckedIn, ParticipationAdmitted, ParticipationRequested
from domain.register import ContractNumbered
from domain.results.figures import Figure, Figures, Qualifier
from domain.results.statement import ResultsAnnounced, ResultsCorrected

PLAN = Plan(
    title="Ruhrdax",
    season=2006,
    date=date(2006, 9, 18),
    venue="Zeche Zollverein",
    time_zone="Europe/Berlin",
    trading_minutes=60,
    grace_minutes=15,
    noun="Kontrakte",
    areas=(Area(id=AreaId("know-how"), label="Wissen"), Area(id=AreaId("hands"), label="Helfende Hände")),
    reciprocity=Reciprocity.ENCOURAGED,
    counted=Counted.COMPANIES,
    visibility=Visibility.BEFORE,
    hourly_rate_minor=1500,
    first_contact_days=14,
    rehearsal=False,
)
UNKNOWN = Figure(value=None, qualifier=Qualifier.UNKNOWN)


def figures(agreements: int, euro: int | None = None) -> Figures:
    """`agreements` Kontrakte, worth about `euro`; nothing else is known."""
    return Figures(
        agreements=Figure(value=agreements, qualifier=Qualifier.EXACT, noun="Kontrakte"),
        value=replace(UNKNOWN, unit="EUR")
        if euro is None
        else Figure(value=euro, qualifier=Qualifier.ABOUT, unit="EUR", noun="Gegenwert"),
        business_side=UNKNOWN,
        nonprofit_side=UNKNOWN,
        participants=UNKNOWN,
    )


class History:
    """Facts of one host, one after the other. `told` are their envelopes; each method returns what it made."""

    def __init__(
        self,
        random: Random,
        *,
        rehearsal: bool = False,
        at: datetime | None = None,
        origin: str = "handschlag/test",
    ) -> None:
        self.origin = origin
        self.told: list[Envelope] = []
        self.random = random
        self.rehearsal = rehearsal
        self.at = at or datetime(2026, 9, 18, 16, tzinfo=UTC)
        self.notary = PersonId(self.id())
        self.versions: dict[StreamId, int] = {}

    def id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def tell(self, stream: str, fact: Any, actor: str | None = None, role: str = "lead") -> StreamId:
        name = StreamId(stream)
        version = self.versions[name] = self.versions.get(name, 0) + 1
        self.told.append(
            Envelope(
                origin=self.origin,
                id=EventId(self.id()),
                stream=name,
                version=version,
                type=name_of(fact),
                time=self.now(),
                actor=Actor(id=actor or self.notary, role=role),
                cause=None,
                correlation=None,
                rehearsal=self.rehearsal,
                data=fact,
            )
        )
        return name

    def now(self) -> Instant:
        return instant(self.at)

    def take(self, start: int = 0) -> list[Envelope]:
        """The envelopes from number `start` on."""
        return self.told[start:]

    def edition(self, **changes: Any) -> MarketplaceId:
        plan = replace(PLAN, rehearsal=self.rehearsal, **changes)
        return MarketplaceId(self.tell(self.id(), MarketplacePlanned(plan=plan)))

    def open(self, edition: MarketplaceId) -> None:
        self.tell(edition, RegistrationOpened())
        self.tell(edition, TradingOpened(announced_end=instant(self.at + timedelta(hours=1))))

    def close(self, edition: MarketplaceId) -> None:
        self.tell(edition, TradingClosed(closing=Closing.GONG))

    def organisation(self, name: str | None, side: Side) -> OrganisationId:
        registered = OrganisationRegistered(name=name, side=side, rehearsal=self.rehearsal)
        organisation = OrganisationId(self.tell(self.id(), registered))
        self.tell(organisation, RepresentativeNamed(person=PersonId(self.id())))
        return organisation

    def joins(self, edition: MarketplaceId, organisation: OrganisationId, side: Side) -> Party:
        participation = participation_of(edition, organisation)
        requested = ParticipationRequested(
            marketplace=edition, organisation=organisation, side=side, rehearsal=self.rehearsal
        )
        self.tell(participation, requested)
        self.tell(participation, ParticipationAdmitted())
        self.tell(participation, CheckedIn())
        return Party(participation=participation, organisation=organisation, side=side)

    def trader_and_charity(self, edition: MarketplaceId) -> tuple[Party, Party]:
        """A sole trader, whose name is the vault's, and a non-profit called Tafel e. V. on the floor."""
        trader = self.organisation(None, Side.COMPANY)
        charity = self.organisation("Tafel e. V.", Side.NONPROFIT)
        return self.joins(edition, trader, Side.COMPANY), self.joins(edition, charity, Side.NONPROFIT)

    def pair(self, edition: MarketplaceId) -> tuple[Party, Party]:
        """A company and a non-profit on the floor."""
        number = self.random.randrange(10**6)
        company = self.organisation(f"Zeche {number} AG", Side.COMPANY)
        nonprofit = self.organisation(f"Tafel {number} e. V.", Side.NONPROFIT)
        return self.joins(edition, company, Side.COMPANY), self.joins(edition, nonprofit, Side.NONPROFIT)

    def listing(self, edition: MarketplaceId, by: ParticipationId) -> ListingId:
        published = ListingPublished(
            marketplace=edition,
            by=by,
            kind=ListingKind.OFFER,
            area=AreaId("hands"),
            title="Bagger mit Fahrer",
            quantity=10,
            unit="Stunde",
            rehearsal=self.rehearsal,
        )
        return ListingId(self.tell(self.id(), published))

    def terms(self, parties: tuple[Party, ...], minor: int | None = None) -> Terms:
        gives, gets = parties[0].participation, parties[1].participation
        worth = self.random.randrange(1000, 500_000) if minor is None else minor
        return Terms(
            pledges=(self._pledge(gives, gets, worth), self._pledge(gets, gives, None)),
            first_contact_by=gives,
            first_contact_days=14,
        )

    def _pledge(self, giver: ParticipationId, receiver: ParticipationId, minor: int | None) -> Pledge:
        value = None
        if minor is not None:
            value = Value(minor=minor, currency="EUR", basis=Basis.STATED, rate_minor=None, minutes=None)
        return Pledge(
            giver=giver,
            receiver=receiver,
            area=AreaId("hands"),
            title=f"Hilfe Nr. {self.random.randrange(1000)}",
            kind=PledgeKind.SERVICE,
            quantity=3,
            unit="Stunde",
            due_from=None,
            due_until=date(2007, 3, 31),
            value=value,
            listing=None,
        )

    def negotiation(self, edition: MarketplaceId, parties: tuple[Party, ...]) -> NegotiationId:
        stream = self.tell(
            self.id(), table.NegotiationOpened(marketplace=edition, parties=parties, rehearsal=self.rehearsal)
        )
        terms = self.terms(parties)
        self.tell(stream, table.TermsProposed(by=parties[0].participation, terms=terms), role="representative")
        return NegotiationId(stream)

    def agreed(self, edition: MarketplaceId, parties: tuple[Party, ...]) -> ContractId:
        """A negotiation with a counter-offer, and the contract that is drafted from it."""
        negotiation = self.negotiation(edition, parties)
        terms = self.terms(parties)
        self.tell(negotiation, table.TermsCountered(by=parties[1].participation, terms=terms))
        self.tell(negotiation, table.TermsAccepted(by=parties[0].participation))
        return self.drafted(edition, parties, terms, negotiation)

    def drafted(
        self,
        edition: MarketplaceId,
        parties: tuple[Party, ...],
        terms: Terms | None = None,
        negotiation: NegotiationId | None = None,
    ) -> ContractId:
        agreed = terms or self.terms(parties)
        form = Form(
            marketplace=edition,
            negotiation=negotiation,
            form_number=None if negotiation else "B-17",
            parties=parties,
            terms=agreed,
            terms_hash=terms_hash(agreed),
            counted=Counted.COMPANIES,
            broker=None,
            rehearsal=self.rehearsal,
        )
        contract = contract_of(negotiation) if negotiation else ContractId(StreamId(self.id()))
        self.tell(contract, ContractDrafted(form=form))
        return contract

    def signed(self, contract: ContractId, parties: tuple[Party, ...], *, publicity: bool = True) -> None:
        for party in parties:
            signature = Signature(
                party=party.participation,
                person=PersonId(self.id()),
                manner=Manner.ON_PAPER,
                witness=None,
                terms_hash="0" * 64,
                publicity=publicity and party is parties[0],
            )
            self.tell(contract, ContractSigned(signature=signature), role="clerk")

    def submitted(self, contract: ContractId) -> None:
        self.tell(contract, SubmittedToNotary())

    def returned(self, contract: ContractId, parties: tuple[Party, ...]) -> None:
        self.tell(contract, ReturnedForCorrection(reasons=(ReturnReason.INCOMPLETE,)), role="notary")
        terms = self.terms(parties)
        self.tell(contract, FormCorrected(terms=terms, terms_hash=terms_hash(terms)))

    def certified(self, edition: MarketplaceId, contract: ContractId) -> None:
        register = register_of(edition)
        number = self.versions.get(register, 0) + 1
        certified = ContractCertified(notary=self.notary, number=number, terms_hash="0" * 64)
        self.tell(contract, certified, role="notary")
        self.tell(register, ContractNumbered(marketplace=edition, contract=contract), role="notary")

    def deal(self, edition: MarketplaceId, parties: tuple[Party, ...], *, publicity: bool = True) -> ContractId:
        """A contract all the way to the seal."""
        contract = self.agreed(edition, parties)
        self.signed(contract, parties, publicity=publicity)
        self.submitted(contract)
        self.certified(edition, contract)
        return contract

    def announced(self, edition: MarketplaceId, said: Figures, statement: StatementId | None = None) -> StatementId:
        """An announcement, or the correction of `statement`."""
        if statement is None:
            fact: Any = ResultsAnnounced(marketplace=edition, figures=said, source="Presse", notes=())
            return StatementId(self.tell(self.id(), fact))
        self.tell(statement, ResultsCorrected(figures=said, source="Presse", notes=("korrigiert",)))
        return statement


def random_history(random: Random, steps: int, *, at: datetime | None = None) -> History:
    """Two editions, and `steps` times something happens at one of them, to things in no particular order."""
    history = History(random, at=at)
    editions = [history.edition(), history.edition(title="Gute Geschäfte")]
    for edition in editions:
        history.open(edition)
    floors = {edition: [history.pair(edition)] for edition in editions}
    lives: list[Iterator[None]] = []
    for _ in range(steps):
        edition = random.choice(editions)
        match random.randrange(8):
            case 0:
                floors[edition].append(history.pair(edition))
            case 1 | 2:
                lives.append(_contract_life(history, edition, random.choice(floors[edition])))
            case 3:
                statement = history.announced(edition, figures(random.randrange(100)))
                if random.random() < 0.5:
                    history.announced(edition, figures(random.randrange(100), 1000), statement)
            case 4:
                _listing_life(history, edition, random.choice(floors[edition]))
            case _:
                lives = [life for life in random.sample(lives, len(lives)) if next(life, True) is None]
    return history


def _contract_life(history: History, edition: MarketplaceId, parties: tuple[Party, ...]) -> Iterator[None]:
    contract = history.agreed(edition, parties) if history.random.random() < 0.6 else history.drafted(edition, parties)
    yield
    while history.random.random() < 0.3:
        history.signed(contract, parties)
        yield
        history.submitted(contract)
        yield
        history.returned(contract, parties)
        yield
    history.signed(contract, parties)
    yield
    history.submitted(contract)
    yield
    history.certified(edition, contract)


def _listing_life(history: History, edition: MarketplaceId, parties: tuple[Party, ...]) -> None:
    listing = history.listing(edition, parties[0].participation)
    if history.random.random() < 0.5:
        negotiation = history.negotiation(edition, parties)
        history.tell(listing, ListingPromised(negotiation=negotiation, quantity=2))
    if history.random.random() < 0.3:
        history.tell(listing, ListingWithdrawn())
