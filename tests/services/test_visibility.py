"""When everyone may read an edition's offers and needs."""

from dataclasses import replace

import pytest

from domain.marketplace.plan import Visibility
from domain.marketplace.state import Marketplace
from services.application.reading.visibility import listings_in_public
from tests.domain.people import called_off, over, plan, planned, registering, trading


@pytest.mark.parametrize("state", [planned, registering, trading, over])
def test_the_host_chooses_when_lists_are_public(state: Marketplace) -> None:
    """Given the host's choice, when the public asks for lists, then it gets them before, at the door, or never."""
    seen = {choice: listings_in_public(replace(state, plan=replace(plan, visibility=choice))) for choice in Visibility}
    at_the_door = state in (trading, over)
    assert seen == {Visibility.BEFORE: True, Visibility.AT_THE_DOOR: at_the_door, Visibility.NEVER: False}
    assert listings_in_public(replace(state, plan=replace(plan, visibility=Visibility.NEVER, rehearsal=True)))


@pytest.mark.parametrize("rehearsal", [True, False])
def test_nothing_is_listed_of_what_is_called_off(rehearsal: bool) -> None:
    """Given an edition that was called off, when the public asks for its lists, then there are none."""
    off = replace(called_off, plan=replace(plan, visibility=Visibility.BEFORE, rehearsal=rehearsal))
    assert not listings_in_public(off)
