"""Why a request about an organisation is turned down."""

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
