"""A hall in memory: a story's requests, decoded as strictly as the API does, judged by the domain alone."""

import json
from collections.abc import Callable, Sequence
from typing import Any, get_args
from uuid import NAMESPACE_URL, uuid5

from domain.access.roles import MAY, Role
from domain.contract import commands as contract
from domain.contract import decisions as contracts
from domain.contract import notary
from domain.contract import state as contract_state
from domain.contract.state import Certified
from domain.identity import ListingId, NegotiationId, PersonId, StreamId
from domain.instant import Instant
from domain.ledger.terms import counted_value
from domain.listing import commands as listing
from domain.listing import decisions as listings
from domain.listing import state as listing_state
from domain.listing.binding import promise_all
from domain.marketplace import commands as marketplace
from domain.marketplace import decisions as marketplaces
from domain.marketplace import state as marketplace_state
from domain.negotiation import commands as negotiation
from domain.negotiation import decisions as negotiations
from domain.negotiation import state as negotiation_state
from domain.negotiation.state import Agreed, Proposed
from domain.organisation import commands as organisation
from domain.organisation import decisions as organisations
from domain.organisation import state as organisation_state
from domain.participation import commands as participation
from domain.participation import decisions as participations
from domain.participation import state as participation_state
from services.api.asked import Asked
from services.api.commands import COMMANDS
from services.rehearsal.steps import Desk, HashOf, Person, Reference, Step, Thing, resolve
from services.rehearsal.story import Story

GONG = Instant("2026-11-23T17:00:00.000000Z")
ROUTES = {route.path: route for route in COMMANDS}


class SimulatedHall:
    """Every step is decided on the states as they stand; a `Refusal` is an error of the story."""

    def __init__(self) -> None:
        self.states: dict[str, Any] = {}
        self.ids: dict[str, str] = {}
        self.numbered: list[str] = []
        self.said: list[dict[str, Any]] = []

    def take(self, step: Step) -> None:
        """One request, from its bytes to the new state."""
        route = ROUTES[step.path]
        raw = json.dumps(resolve(step.body, self._known)).encode()
        self.said.append(json.loads(raw))
        body = route.decoder.decode(raw)
        target = StreamId(self.ids[step.thing] if step.thing else _id(step.name))
        if route.creates and route.target is not None:
            target = route.target(body)
        fresh = _id(f"fresh {step.name}")
        command = body.command(Asked(target=target, member=_member(step.role), at=GONG, fresh=fresh))
        assert Role(step.role) in MAY[type(command)]
        self._decided(target, command)
        if step.makes is not None:
            self.ids[step.makes] = target

    def _known(self, reference: Reference) -> str:
        match reference:
            case Thing(name=name):
                return self.ids[name]
            case Person(name=name):
                return _id(name)
            case Desk(role=role):
                return _member(role)
            case HashOf():
                raise AssertionError

    def _decided(self, target: StreamId, command: Any) -> None:
        see = self.states.get
        before = see(target)
        facts: Sequence[Any]
        match command:
            case _ if isinstance(command, get_args(marketplace.Command)):
                self._then(target, marketplace_state.evolve, marketplaces.decide(before, command))
            case _ if isinstance(command, get_args(organisation.Command)):
                self._then(target, organisation_state.evolve, organisations.decide(before, command))
            case participation.RequestParticipation():
                facts = participations.request(command, before, see(command.marketplace), see(command.organisation))
                self._then(target, participation_state.evolve, facts)
            case participation.Admit() | participation.CheckIn() | participation.CancelParticipation():
                facts = participations.decide(before, command, None if before is None else see(before.marketplace))
                self._then(target, participation_state.evolve, facts)
            case listing.PublishListing():
                facts = listings.publish(command, before, see(command.marketplace), see(command.by))
                self._then(target, listing_state.evolve, facts)
            case listing.WithdrawListing():
                self._then(target, listing_state.evolve, listings.withdraw(command, before))
            case negotiation.OpenNegotiation():
                here = [see(party) for party in (command.by, *command.to)]
                facts = negotiations.open_negotiation(command, before, see(command.marketplace), here)
                self._then(target, negotiation_state.evolve, facts)
            case _ if isinstance(command, get_args(contract.Command)):
                self._then(target, contract_state.evolve, self._at_the_desk(target, command))
            case _:
                self._step(target, command)

    def _step(self, target: StreamId, command: Any) -> None:
        table = self.states[target]
        self._then(
            target, negotiation_state.evolve, negotiations.decide(table, self.states[table.marketplace], command)
        )
        agreed = self.states[target]
        if isinstance(agreed, Agreed):
            listed = {ListingId(StreamId(stream)): state for stream, state in self.states.items()}
            promised = promise_all(NegotiationId(target), agreed.marketplace, agreed.terms, listed)
            for stream, facts in promised.items():
                self._then(stream, listing_state.evolve, facts)

    def _at_the_desk(self, target: StreamId, command: Any) -> Sequence[Any]:
        see = self.states.get
        before = see(target)
        match command:
            case contract.DraftFromNegotiation(negotiation=told):
                agreed = self.states[told]
                return contracts.draft_from_negotiation(command, before, agreed, see(agreed.marketplace))
            case contract.DraftFromForm(marketplace=edition, parties=parties):
                return contracts.draft_from_form(command, before, see(edition), [see(party) for party in parties])
            case contract.Sign():
                return contracts.sign(command, before)
            case contract.ReturnForCorrection():
                return notary.return_for_correction(command, before)
            case _:
                return self._by_its_form(target, self.states[target], command)

    def _by_its_form(self, target: StreamId, held: Any, command: Any) -> Sequence[Any]:
        edition = self.states[held.form.marketplace]
        match command:
            case contract.CorrectForm():
                return contracts.correct(command, held, edition)
            case contract.SubmitToNotary():
                return notary.submit(held, edition)
            case _:
                self.numbered.append(target)
                parties = [self.states[party.organisation] for party in held.form.parties]
                return notary.certify(command, held, parties, len(self.numbered))

    def _then(self, target: str, evolve: Callable[[Any, Any], Any], facts: Sequence[Any]) -> None:
        assert facts
        for fact in facts:
            self.states[target] = evolve(self.states.get(target), fact)

    @property
    def certified(self) -> list[Certified]:
        """The certified contracts, by number."""
        return [self.states[stream] for stream in self.numbered]

    @property
    def counted(self) -> int:
        """What the board shows, in cents."""
        forms = [held.form for held in self.certified]
        return sum(
            counted_value(pledges, [pledge.value for pledge in pledges], form.parties, form.counted).minor
            for form in forms
            for pledges in (form.terms.pledges,)
        )

    @property
    def open_tables(self) -> list[str]:
        """Negotiations that wait for an answer."""
        return [stream for stream, state in self.states.items() if isinstance(state, Proposed)]


def in_order(story: Story) -> SimulatedHall:
    """The story played one step after the other, by their moments."""
    hall = SimulatedHall()
    for step in story.steps:
        hall.take(step)
    return hall


def jumbled(story: Story, choose: Callable[[int], int]) -> SimulatedHall:
    """The story played in another order that its dependencies allow: `choose(n)` picks the next of n ready steps."""
    hall, done = SimulatedHall(), set[str]()
    missing = {step.name: set(step.after) for step in story.steps}
    followers: dict[str, list[Step]] = {}
    for step in story.steps:
        for before in missing[step.name]:
            followers.setdefault(before, []).append(step)
    ready = [step for step in story.steps if not step.after]
    while ready:
        step = ready.pop(choose(len(ready)))
        hall.take(step)
        done.add(step.name)
        for follower in followers.get(step.name, ()):
            missing[follower.name].discard(step.name)
            if not missing[follower.name]:
                ready.append(follower)
    assert len(done) == len(story.steps)
    return hall


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def _member(role: str) -> PersonId:
    return PersonId(_id(f"member {role}"))
