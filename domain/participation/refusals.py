"""Why a request about taking part is turned down."""

from domain.refusal import Refusal


class AlreadyRequested(Refusal):
    """This organisation has asked to take part already. Look for its participation."""


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


class NotOpenedYet(Refusal):
    """The opening gong hasn't rung yet: who isn't here can still come. Wait for the gong."""


class IsHere(Refusal):
    """This organisation is checked in: it did come. Nothing to record."""


class NoShowAlready(Refusal):
    """It is recorded already that this organisation didn't come. Check it in if it comes after all."""


class NoSuchWorkshop(Refusal):
    """The marketplace has no such workshop. Plan it first, or choose another one."""


class AttendedAlready(Refusal):
    """It is recorded already that this organisation came to the workshop. Nothing more to do."""


class CodeUnreadable(Refusal):
    """A badge's code has four to twelve digits and capital letters, without I, L, O and U. Correct it."""


class BadgeKnown(Refusal):
    """This organisation has a badge of this code already. Choose another code."""


class NotARepresentative(Refusal):
    """This person doesn't speak for the organisation. Name the person as its representative first."""


class TooManyBadges(Refusal):
    """An organisation has at most twenty badges at a marketplace. Hand on one of them."""


class NobodyToCarryOver(Refusal):
    """Nobody was admitted to that marketplace who doesn't take part here already. Nothing more to do."""
