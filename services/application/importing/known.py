"""What a host knows that a file's rows may mean, as of one moment."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.directory.fold import Kind as Thing
from domain.identity import MarketplaceId, OrganisationId, ParticipationId, StreamId, participation_of
from domain.listing.commands import PublishListing
from domain.listing.state import Published
from domain.marketplace.state import Marketplace
from domain.organisation.spelling import spelt
from domain.organisation.state import Organisation
from domain.participation.state import Participation
from infra.projections.reader import Snapshot
from infra.vault.vault import Vault
from services.application.questions.duplicates import Standing, everything, standing
from services.application.reading.checks import edition_of

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(slots=True)
class Known:
    """Organisations that aren't merged away, the edition, who takes part and what is listed there.

    `states` move on with the rows that are judged, so that a row sees what those before it will have done.
    """

    standing: Standing
    marketplace: MarketplaceId | None
    edition: Marketplace | None
    participations: Mapping[ParticipationId, Participation]
    listings: Mapping[object, StreamId]
    states: dict[OrganisationId, Organisation] = field(default_factory=dict)
    _by_name: dict[object, list[OrganisationId]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        entries = self.standing.entries
        self.states |= {OrganisationId(StreamId(id_)): entry.state for id_, entry in entries.items()}
        for organisation in (*self.states, *map(OrganisationId, self.standing.gone)):
            name, stands = self.standing.names.organisation(organisation), self._stands_for(organisation)
            if name is None or self.states[stands].rehearsal != self.rehearsal:
                continue
            for spelling in (name, spelt(name)):
                if stands not in self._by_name[spelling]:
                    self._by_name[spelling].append(stands)

    def _stands_for(self, organisation: OrganisationId) -> OrganisationId:
        while organisation in self.standing.gone:
            organisation = self.standing.gone[organisation]
        return organisation

    @property
    def rehearsal(self) -> bool:
        """A rehearsal's file tells of rehearsal organisations; a file for no edition of real ones."""
        return self.edition is not None and self.edition.plan.rehearsal

    def called(self, name: str) -> Sequence[OrganisationId]:
        """The organisations that go by a name: written so, else but for case, accents, signs and legal form.

        A duplicate's name means the entry that was kept.
        """
        return self._by_name.get(name) or self._by_name.get(spelt(name)) or ()

    def participation(self, marketplace: MarketplaceId, organisation: OrganisationId) -> ParticipationId:
        """The organisation's participation: its own, or that of a duplicate that it stands for."""
        own = participation_of(marketplace, organisation)
        entered = (participation_of(marketplace, double) for double in sorted(self.states[organisation].absorbed))
        return next((one for one in (own, *entered) if one in self.participations), own)

    def listed(self, command: PublishListing) -> StreamId | None:
        """The listing that says the very same already."""
        return self.listings.get(_said(command))

    def meant(self, told: str) -> OrganisationId | str:
        """The one organisation that a row means by its name or id; else the code of what is wrong."""
        if _UUID.fullmatch(told):
            meant = OrganisationId(StreamId(told))
            return meant if meant in self.states else "organisation-unknown"
        called = self.called(told)
        if len(called) > 1:
            return "organisation-ambiguous"
        return called[0] if called else "organisation-unknown"


async def known(snapshot: Snapshot, vault: Vault, marketplace: MarketplaceId | None, *, persons: bool) -> Known:
    """What the host knows; raises `NotThere` for an edition that isn't the host's."""
    here = await standing(snapshot, vault, persons=persons)
    if marketplace is None:
        return Known(here, None, None, {}, {})
    edition = (await edition_of(snapshot, marketplace)).state
    participations = {
        ParticipationId(entry.id): entry.state async for entry in everything(snapshot, Thing.PARTICIPATION, marketplace)
    }
    listings = {
        _said(entry.state): entry.id
        async for entry in everything(snapshot, Thing.LISTING, marketplace)
        if isinstance(entry.state, Published)
    }
    return Known(here, marketplace, edition, participations, listings)


def _said(listing: Published | PublishListing) -> object:
    return listing.by, listing.kind, listing.area, listing.title, listing.quantity, listing.unit
