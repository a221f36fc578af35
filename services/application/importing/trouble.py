"""Why a file isn't taken over as a whole."""

from domain.refusal import Refusal


class PreviewFirst(Refusal):
    """This isn't the file that was previewed, or not for the same purpose. Preview it again, then confirm."""


class RowsUnusable(Refusal):
    """Some rows of the file can't be used, and nothing was recorded. Preview it, mend what is named, try again."""


class EditionMissing(Refusal):
    """Offers and needs are taken over for one marketplace. Say for which: its id."""
