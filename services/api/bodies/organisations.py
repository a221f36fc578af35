"""What is asked when an organisation was entered twice, two look alike, or partners come along to another edition."""

from domain.identity import OrganisationId, StreamId
from domain.organisation import commands as organisation
from domain.participation.carrying import CarryOver
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body, the_marketplace


class MergeBody(Body, kw_only=True, frozen=True):
    """The entry that is kept."""

    into: text.Id

    def command(self, asked: Asked) -> organisation.MergeOrganisation:
        """Merge this duplicate into the entry that is kept; both histories stay."""
        return organisation.MergeOrganisation(duplicate=_organisation(asked.target), into=_organisation(self.into))


class TellApartBody(Body, kw_only=True, frozen=True):
    """The one that looks alike."""

    other: text.Id

    def command(self, asked: Asked) -> organisation.TellApart:
        """Record that the two are different, so that they aren't shown as duplicates again."""
        return organisation.TellApart(organisation=_organisation(asked.target), other=_organisation(self.other))


class CarryOverBody(Body, kw_only=True, frozen=True):
    """The earlier edition, of the same host."""

    earlier: text.Id

    def command(self, asked: Asked) -> CarryOver:
        """Ask for everybody to take part who was admitted there; at most 500 at once."""
        return CarryOver(marketplace=the_marketplace(asked.target), earlier=the_marketplace(self.earlier))


def _organisation(told: str) -> OrganisationId:
    return OrganisationId(StreamId(told))
