"""What the application can't do for a request that the domain would allow. As with refusals, the docstring is read."""

from domain.refusal import Refusal


class RoleNotAllowed(Refusal):
    """Your key's role may not do this. Ask a member of the host whose role may."""


class NotYourOrganisation(Refusal):
    """You may speak only for organisations that named you as their representative."""


class OnlyYourEdition(Refusal):
    """Your key is for one marketplace only. Ask the host for what concerns another one, or the host as a whole."""


class KeyIsForStreams(Refusal):
    """Your key opens the streams of records and nothing else. Ask the host for another key for what you want."""


class VersionMissing(Refusal):
    """Say which version you saw: send its ETag as If-Match, so that nothing is changed unseen. Nothing was recorded."""


class VersionStale(Refusal):
    """It has changed since you looked. Nothing was recorded. Read it again, then decide."""

    def __init__(self, actual: int) -> None:
        super().__init__(actual)
        self.actual = actual


class KeyReused(Refusal):
    """This Idempotency-Key was used for another request. Nothing was recorded. Use a fresh key for a new request."""


class KeyInFlight(Refusal):
    """The first request with this Idempotency-Key is still under way. Ask again with the same key in a moment."""


class TooBusy(Refusal):
    """Too many want this at once. Nothing was recorded. Ask again with the same key in a moment."""


class TooManyListeners(Refusal):
    """Too many streams are open here just now. Nothing is lost: pull the records, or try again in a minute."""


class LogOutOfReach(Refusal):
    """The records can't be reached just now. Ask again with the same key: it is never done twice."""
