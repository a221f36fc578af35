"""Why a request about an organisation is turned down."""

from domain.refusal import Refusal


class AlreadyRegistered(Refusal):
    """This organisation is registered already. Use its entry."""


class NeedsOneName(Refusal):
    """An organisation has one name: its own in the open, or a sole trader's under seal. Give one of the two."""


class AlreadyRepresentative(Refusal):
    """This person speaks for the organisation already. Nothing more to do."""
