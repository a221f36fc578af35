"""What is asked when an organisation was entered twice, or two look alike."""

from domain.identity import OrganisationId, StreamId
from domain.organisation import commands as organisation
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body


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


def _organisation(told: str) -> OrganisationId:
    return OrganisationId(StreamId(told))
