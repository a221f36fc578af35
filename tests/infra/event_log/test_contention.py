"""Who gets into whose way goes after him; nobody overtakes, nobody waits for ever."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from infra.event_log.contention import Claim, Contention

resources = st.sets(st.sampled_from("abcd"), max_size=3)


def test_writers_of_one_stream_go_one_after_the_other() -> None:
    """The second is granted when the first is answered."""
    lines, first, second = Contention(), Claim("a", ""), Claim("ab", "")
    assert lines.enter(first)
    assert not lines.enter(second)
    assert lines.leave(first) == [second]
    assert lines.leave(second) == []
    assert len(lines) == 0


def test_readers_share_and_a_waiting_writer_is_not_overtaken() -> None:
    """Two readers go together; the writer waits for both, and a later reader for the writer."""
    lines, one, two, writer, late = Contention(), Claim("", "a"), Claim("", "a"), Claim("a", ""), Claim("", "a")
    assert [lines.enter(claim) for claim in (one, two, writer, late)] == [True, True, False, False]
    assert lines.leave(one) == []
    assert lines.leave(two) == [writer]
    assert lines.leave(writer) == [late]


@given(st.lists(st.tuples(resources, resources), max_size=30), st.randoms())
def test_all_are_granted_in_the_end_and_never_two_in_each_others_way(
    wanted: list[tuple[set[str], set[str]]], chance: Random
) -> None:
    """Whatever is claimed and in whatever order it ends: no conflict under way, no deadlock, nothing left behind."""
    lines = Contention()
    claims = [Claim(sorted(alone), sorted(shared - alone)) for alone, shared in wanted]
    under_way = [claim for claim in claims if lines.enter(claim)]
    done = 0
    while under_way:
        for claim in under_way:
            others = [other for other in under_way if other is not claim]
            held = {resource for other in others for resource in (*other.alone, *other.shared)}
            assert not held & set(claim.alone)
        claim = under_way.pop(chance.randrange(len(under_way)))
        under_way += lines.leave(claim)
        done += 1
    assert (done, len(lines)) == (len(claims), 0)
