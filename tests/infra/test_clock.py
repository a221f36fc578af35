"""The one place where time and chance come from."""

from datetime import timedelta
from uuid import UUID

from domain.instant import instant, moment
from infra.clock import fresh_id, now, present


def test_the_present_is_now_in_the_form_of_an_instant() -> None:
    """Given this machine's time before and after, then the present told in between lies between them."""
    for _ in range(2_000):
        before, told, after = now(), present(), now()
        assert instant(moment(told)) == told
        assert before - timedelta(microseconds=1) <= moment(told) <= after + timedelta(microseconds=1)


def test_the_present_goes_on_over_the_end_of_a_second() -> None:
    """Given presents told until a new second begins, then their text's order is the order of time."""
    begun = present()
    told = [begun]
    while told[-1][:19] == begun[:19]:
        told.append(present())
    assert told == sorted(told)
    assert moment(told[-1]) - moment(told[0]) < timedelta(seconds=2)


def test_fresh_ids_are_random_uuids_in_canonical_form() -> None:
    """Given many fresh ids, then each is a UUID of version 4 as RFC 9562 spells it, and no two are alike."""
    ids = [fresh_id() for _ in range(2_000)]
    assert len(set(ids)) == len(ids)
    for told in ids:
        assert str(UUID(told)) == told
        assert UUID(told).version == 4
