"""From rows to what would be recorded of them: judged by the marketplace's own rules, before anything is."""

from typing import Any

from domain.frozen import dataclass
from domain.identity import AreaId, MarketplaceId, OrganisationId, PersonId, StreamId
from domain.listing import decisions as listings
from domain.listing.commands import PublishListing
from domain.marketplace.plan import Area
from domain.organisation import decisions as organisations
from domain.organisation.commands import GiveMandate, NameRepresentative, RegisterOrganisation
from domain.organisation.state import Organisation, evolve
from domain.participation import decisions as participations
from domain.participation.commands import RequestParticipation
from domain.personal import Personal
from domain.refusal import Refusal
from domain.words import MAX_TITLE, must_be_words
from infra.vault.fingerprints import ImportIds
from services.application.importing.asked import Import
from services.application.importing.bad import Bad, bad, refused
from services.application.importing.columns import plain
from services.application.importing.known import Known
from services.application.importing.rows import ContactRow, ListingRow, OrganisationRow, Told
from services.application.importing.trouble import EditionMissing


@dataclass(frozen=True, slots=True)
class Step:
    """One request that a row comes to; `creates` says that the thing comes into being by it."""

    target: StreamId
    command: Any
    creates: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that can be used: the id of what it is about, and what is to be done; nothing when all is there already."""

    row: int
    thing: StreamId
    steps: tuple[Step, ...]


class Judge:
    """Judges the rows of one file, in their order."""

    def __init__(self, asked: Import, ids: ImportIds, known: Known) -> None:
        self._asked = asked
        self._ids = ids
        self._known = known
        self._persons: dict[tuple[str, str], PersonId] = {}

    def judge(self, told: Told) -> Planned | Bad:
        """What a row comes to, or why it can't be used."""
        try:
            match told:
                case OrganisationRow():
                    return self._organisation(told)
                case ContactRow():
                    return self._contact(told)
                case ListingRow():
                    return self._listing(told)
        except Refusal as said_no:
            return refused(said_no, told.row)

    def _organisation(self, told: OrganisationRow) -> Planned:
        must_be_words(told.name, MAX_TITLE)
        there = [one for one in self._known.called(told.name) if self._known.states[one].side is told.side]
        if there:
            return Planned(told.row, there[0], self._participation(there[0]))
        target = OrganisationId(self._id_of(f"organisation/{told.row}"))
        sealed = Personal(person=PersonId(target), values={"name": told.name}) if told.sole_trader else None
        command = RegisterOrganisation(
            name=None if sealed else told.name, side=told.side, rehearsal=self._known.rehearsal, personal=sealed
        )
        self._follow(target, None, organisations.decide(None, command))
        return Planned(told.row, target, (Step(target, command, True), *self._participation(target)))

    def _participation(self, organisation: OrganisationId) -> tuple[Step, ...]:
        """A file for an edition asks for its organisations to take part."""
        if self._known.marketplace is None:
            return ()
        target = self._known.participation(self._known.marketplace, organisation)
        if target in self._known.participations:
            return ()
        command = RequestParticipation(marketplace=self._known.marketplace, organisation=organisation)
        participations.request(command, None, self._known.edition, self._known.states[organisation])
        return (Step(target, command, True),)

    def _contact(self, told: ContactRow) -> Planned | Bad:
        organisation = self._known.meant(told.organisation)
        if organisation not in self._known.states:
            return bad(organisation, told.row, told.column)
        target = OrganisationId(StreamId(organisation))
        commands: list[Any] = []
        person, before = self._person(told, target), self._known.states[target]
        if person not in before.representatives:
            commands.append(_naming(person, told))
            self._follow(target, before, organisations.decide(before, commands[0]))
        if told.mandate is not None and before.mandates.get(person) is not told.mandate:
            commands.append(GiveMandate(person=person, mandate=told.mandate))
        return Planned(told.row, target, tuple(Step(target, command, False) for command in commands))

    def _person(self, told: ContactRow, organisation: OrganisationId) -> PersonId:
        """The representative of that name; else someone new: one person in all rows with one name and contact."""
        names, state = self._known.standing.names, self._known.states[organisation]
        for person in sorted(state.representatives):
            if names.person(person) == told.name:
                return person
        new = PersonId(self._id_of(f"person/{told.row}"))
        return new if told.contact is None else self._persons.setdefault((told.name, told.contact), new)

    def _listing(self, told: ListingRow) -> Planned | Bad:
        if self._known.marketplace is None or self._known.edition is None:
            raise EditionMissing
        organisation = self._known.meant(told.organisation)
        if organisation not in self._known.states:
            return bad(organisation, told.row, told.column)
        area = _area(told.area, self._known.edition.plan.areas)
        if area is None:
            return bad("area-unknown", told.row, told.area_column)
        command = self._published(told, self._known.marketplace, OrganisationId(StreamId(organisation)), area)
        listed = self._known.listed(command)
        if listed is not None:
            return Planned(told.row, listed, ())
        if command.by not in self._known.participations:
            return bad("not-taking-part", told.row, told.column)
        listings.publish(command, None, self._known.edition, self._known.participations[command.by])
        target = self._id_of(f"listing/{told.row}")
        return Planned(told.row, target, (Step(target, command, True),))

    def _published(
        self, told: ListingRow, marketplace: MarketplaceId, organisation: OrganisationId, area: AreaId
    ) -> PublishListing:
        return PublishListing(
            marketplace=marketplace,
            by=self._known.participation(marketplace, organisation),
            kind=told.kind,
            area=area,
            title=told.title,
            quantity=told.quantity,
            unit=told.unit,
        )

    def _id_of(self, what: str) -> StreamId:
        """The id of something that comes of this file: the same whenever, and by whomever, it is taken over."""
        return self._ids.id_of(self._asked.digest, what)

    def _follow(self, target: OrganisationId, before: Organisation | None, facts: tuple[Any, ...]) -> None:
        state = before
        for fact in facts:
            state = evolve(state, fact)
        if state is not None:
            self._known.states[target] = state


def _naming(person: PersonId, told: ContactRow) -> NameRepresentative:
    values = {"name": told.name} | ({} if told.contact is None else {"contact": told.contact})
    for value in values.values():
        must_be_words(value, MAX_TITLE)
    return NameRepresentative(person=person, personal=Personal(person=person, values=values))


def _area(told: str, areas: tuple[Area, ...]) -> AreaId | None:
    named = [area.id for area in areas if told == area.id] or [
        area.id for area in areas if plain(told) == plain(area.label)
    ]
    return named[0] if named else None
