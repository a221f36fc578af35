"""A page of a list."""

from typing import Generic, TypeVar

from msgspec import UNSET, Struct, UnsetType

from services.application.views.moment import MomentView

Item = TypeVar("Item")


class Page(Struct, Generic[Item], kw_only=True, frozen=True):
    """One page of a list. `next` is the cursor of the following page, or None on the last.

    `moment` is told when the list was asked for as of one.
    """

    items: list[Item]
    next: str | None
    moment: MomentView | UnsetType = UNSET
