"""What an erasure can't reach: copies that are no longer ours, and what a database keeps for a while."""

from enum import StrEnum


class BeyondReach(StrEnum):
    """Where values may live on after an erasure, until whoever has them does something about it."""

    OLDER_BACKUPS = "older_backups"
    """Backups made before: they open with their master key, and go when they are destroyed."""
    DATABASE_FILES = "database_files"
    """Freed pages and the write-ahead log of PostgreSQL, for hours or days, still under their keys."""
    EXPORTS = "exports"
    """Files that were exported or answered before, on whoever's machine they are."""
    IMPORTED_FILES = "imported_files"
    """The lists that were taken over, at whoever wrote them; the service keeps none."""
    RECEIPTS = "receipts"
    """Receipts and bundles hold pseudonyms and commitments alone; whoever noted a name beside one still has it."""
    PAPER = "paper"
    """Signed forms, badges, lists for the door."""
    MESSAGES = "messages"
    """What was sent by post, e-mail or telephone."""


NOT_REACHED = tuple(BeyondReach)
