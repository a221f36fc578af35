"""Why a request about an organisation is turned down."""

from domain.identity import OrganisationId
from domain.refusal import Refusal


class AlreadyRegistered(Refusal):
    """This organisation is registered already. Use its entry."""


class NeedsOneName(Refusal):
    """An organisation has one name: its own in the open, or a sole trader's under seal. Give one of the two."""


class AlreadyRepresentative(Refusal):
    """This person speaks for the organisation already. Nothing more to do."""


class NotRepresentative(Refusal):
    """This person doesn't speak for the organisation. Name them as its representative first."""


class MandateGivenAlready(Refusal):
    """This representative has this very mandate already. Nothing more to do."""


class TooManyRepresentatives(Refusal):
    """An organisation has at most 100 representatives. Withdraw those who no longer speak for it."""


class MergedAway(Refusal):
    """This organisation was entered twice and merged into another entry. Use the entry that was kept."""

    def __init__(self, kept: OrganisationId | None = None) -> None:
        super().__init__(kept)
        self.kept = kept


class SameEntry(Refusal):
    """Both are the same entry. Name the other organisation."""


class RehearsalAndRealMerged(Refusal):
    """One of these belongs to a rehearsal, the other is real. Merge organisations of one kind."""


class ToldApartAlready(Refusal):
    """These two organisations were told apart already. Nothing more to do."""
