"""A page of a list."""

from typing import Generic, TypeVar

from msgspec import Struct

Item = TypeVar("Item")


class Page(Struct, Generic[Item], kw_only=True, frozen=True):
    """One page of a list. `next` is the cursor of the following page, or None on the last."""

    items: list[Item]
    next: str | None
