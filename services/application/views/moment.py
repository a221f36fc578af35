"""A moment of the log that an answer stands under, so that it can be held against what was signed."""

from datetime import datetime

from msgspec import Struct


class SignedUnderView(Struct, kw_only=True, frozen=True):
    """The first checkpoint that covers a moment: `size` records, whose Merkle root (RFC 6962, hex) was signed.

    `address` is where the signed note stands (C2SP tlog-checkpoint).
    """

    size: int
    root: str
    signed_at: datetime
    address: str


class MomentView(Struct, kw_only=True, frozen=True):
    """The `position` that was meant; `checkpoint` is None while nothing that covers it is signed."""

    position: int
    checkpoint: SignedUnderView | None
