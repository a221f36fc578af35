"""Names, joined at reading: organisations' from the directory, sole traders' and persons' from the vault.

What was erased in the vault reads as None everywhere, at once, whatever position is asked about.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.directory.fold import Entry, Kind
from domain.identity import AreaId, MarketplaceId, OrganisationId, ParticipationId, PersonId, StreamId
from domain.marketplace.state import Marketplace
from infra.projections.reader import Snapshot
from infra.vault.vault import Vault

NAME = "name"
"""The vault's field that holds a person's or a sole trader's name."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(slots=True)
class Names:
    """Names by id, as one snapshot and the vault tell them. Ask for what is needed, then read."""

    snapshot: Snapshot
    vault: Vault
    organisations: dict[OrganisationId, str | None] = field(default_factory=dict)
    participations: dict[ParticipationId, OrganisationId] = field(default_factory=dict)
    persons: dict[PersonId, str | None] = field(default_factory=dict)
    editions: dict[MarketplaceId, Marketplace] = field(default_factory=dict)
    merged: dict[OrganisationId, OrganisationId | None] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    """Persons, and sole traders' organisations, whose names are erased."""

    async def ask(self, ids: Iterable[StreamId], persons: Iterable[str] = ()) -> None:
        """Find what the directory knows of `ids`, of whatever kind, and the names of `persons`."""
        found = await self.snapshot.entries({StreamId(id_) for id_ in ids if _UUID.fullmatch(id_)})
        self.participations |= {
            ParticipationId(id_): entry.state.organisation
            for id_, entry in found.items()
            if entry.kind is Kind.PARTICIPATION
        }
        self.editions |= {
            MarketplaceId(id_): entry.state for id_, entry in found.items() if entry.kind is Kind.MARKETPLACE
        }
        found |= await self.snapshot.entries({*self.participations.values()} - found.keys())
        known = {OrganisationId(id_): entry.state for id_, entry in found.items() if entry.kind is Kind.ORGANISATION}
        self.organisations |= {id_: state.name for id_, state in known.items()}
        self.merged |= {id_: state.merged_into for id_, state in known.items()}
        await self._ask_vault(persons)

    def organisation(self, organisation: OrganisationId) -> str | None:
        """The organisation's name; None when it is erased or unknown."""
        return self.organisations.get(organisation)

    def of_participation(self, participation: ParticipationId) -> str | None:
        """The name of the organisation that takes part."""
        organisation = self.participations.get(participation)
        return None if organisation is None else self.organisations.get(organisation)

    def erased_among(self, ids: Iterable[str]) -> list[str]:
        """Those of `ids` that are, or stand for, somebody whose name is erased."""
        return [
            id_
            for id_ in ids
            if id_ in self.erased or self.participations.get(ParticipationId(StreamId(id_))) in self.erased
        ]

    def label(self, edition: MarketplaceId, area: AreaId) -> str:
        """The area's label as people read it now; its id where the edition isn't known."""
        return label_in(self.editions.get(edition), area)

    def person(self, person: str | None) -> str | None:
        """The person's name; None when it is erased, or isn't a person."""
        return None if person is None else self.persons.get(PersonId(person))

    async def _ask_vault(self, persons: Iterable[str]) -> None:
        """Sole traders are kept under their organisation's id."""
        traders = {organisation for organisation, name in self.organisations.items() if name is None}
        asked = {PersonId(person) for person in persons if _UUID.fullmatch(person)}
        asked |= {PersonId(trader) for trader in traders}
        if not asked:
            return
        kept = await self.vault.read(self.snapshot.tenant, sorted(asked))
        self.persons |= {person: kept.get(person, {}).get(NAME) for person in asked}
        nameless = sorted(person for person in asked if self.persons[person] is None)
        if nameless:
            self.erased |= await self.vault.erased(self.snapshot.tenant, nameless)
        self.organisations |= {trader: self.persons[PersonId(trader)] for trader in traders}


def label_in(edition: Marketplace | None, area: AreaId) -> str:
    """The area's label as people read it now; its id where the edition isn't known."""
    return area if edition is None else edition.label_of(area)


def needed_by(entry: Entry) -> Iterable[StreamId]:
    """The ids whose names an entry's view joins."""
    yield entry.id
    if entry.marketplace is not None:
        yield entry.marketplace
    organisation = getattr(entry.state, "organisation", None)
    if organisation is not None:
        yield organisation
    for party in getattr(entry.state, "parties", ()):
        yield party.organisation
