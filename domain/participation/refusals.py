"""Why a request about taking part is turned down."""

from domain.refusal import Refusal


class AlreadyRequested(Refusal):
    """This organisation has asked to take part already. The host answers its first request."""


class RehearsalAndRealMixed(Refusal):
    """A rehearsal is played by rehearsal organisations, and only there. Register the organisation for this kind."""


class NotWaiting(Refusal):
    """This participation isn't waiting for an answer of the host. It was answered already."""


class NotAdmitted(Refusal):
    """This organisation isn't admitted to the marketplace. The host admits it first."""


class NotOnTheFloor(Refusal):
    """This organisation isn't checked in. Check it in at the entrance first."""


class AlreadyCheckedIn(Refusal):
    """This organisation is checked in already. Nothing more to do."""


class ParticipationOver(Refusal):
    """This participation was declined or cancelled. Ask the host."""
