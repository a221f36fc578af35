"""Laws of proofs: what RFC 6962 §2.1.1 and §2.1.2 define from the top, and that nothing else is believed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.transparency import tiles
from domain.transparency.merkle import EMPTY_ROOT, grow, grow_telling, leaf_hash, node_hash, root_of
from domain.transparency.paths import (
    NotProved,
    Span,
    consistency,
    consistent,
    included,
    inclusion,
    span_hash,
    subtrees,
)

LEAVES = [leaf_hash(n.to_bytes(4, "big")) for n in range(70_000)]
OTHER = leaf_hash(b"another")
sizes = st.integers(min_value=1, max_value=300)


def mth(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962 §2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 §2.1.2, word for word."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m <= k:
        return [*proof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*proof(m - k, leaves[k:], False), mth(leaves[:k])]


def hashes(spans: Sequence[Span]) -> list[bytes]:
    """The hashes of spans, each perfect subtree's made from its leaves."""
    return [
        span_hash(span, lambda tree: root_of(LEAVES[tree.index << tree.level : (tree.index + 1) << tree.level]))
        for span in spans
    ]


@given(sizes, st.data())
def test_an_inclusion_proof_is_the_rfcs_and_holds(size: int, data: st.DataObject) -> None:
    """Given any leaf of any tree, when proved, then the proof is PATH of the RFC and leads to the root."""
    index = data.draw(st.integers(0, size - 1))
    found = hashes(inclusion(index, size))
    assert found == path(index, LEAVES[:size])
    included(LEAVES[index], index, size, found, mth(LEAVES[:size]))


@given(sizes, st.data())
def test_a_consistency_proof_is_the_rfcs_and_holds(new: int, data: st.DataObject) -> None:
    """Given any two sizes, when proved, then the proof is PROOF of the RFC and leads from root to root."""
    old = data.draw(st.integers(1, new))
    found = hashes(consistency(old, new))
    assert found == proof(old, LEAVES[:new])
    consistent(old, mth(LEAVES[:old]), new, mth(LEAVES[:new]), found)


@given(sizes, st.data())
def test_no_other_leaf_place_size_or_proof_is_believed(size: int, data: st.DataObject) -> None:
    """Given a proof, when leaf, index, size or any hash of it is another, then it proves nothing."""
    index = data.draw(st.integers(0, size - 1))
    found, root = hashes(inclusion(index, size)), mth(LEAVES[:size])
    lies: list[tuple[bytes, int, int, list[bytes]]] = [
        (OTHER, index, size, found),
        (LEAVES[index], index, size, [*found, OTHER]),
        (LEAVES[index], size, size, found),
        (LEAVES[index], -1, size, found),
    ]
    if size > 1:
        lies.append((LEAVES[index], (index + 1) % size, size, found))
        lies.append((LEAVES[index], index, size, found[:-1]))
        at = data.draw(st.integers(0, len(found) - 1))
        lies.append((LEAVES[index], index, size, [*found[:at], OTHER, *found[at + 1 :]]))
    for leaf, place, claimed, told in lies:
        with pytest.raises(NotProved):
            included(leaf, place, claimed, told, root)


@given(sizes, st.data())
def test_no_other_history_is_believed(new: int, data: st.DataObject) -> None:
    """Given two trees of which one doesn't continue the other, when any proof is told, then it proves nothing."""
    old = data.draw(st.integers(1, new))
    changed = [*LEAVES[:new]]
    changed[data.draw(st.integers(0, old - 1))] = OTHER
    for told in (hashes(consistency(old, new)), proof(old, changed), [], [OTHER]):
        with pytest.raises(NotProved):
            consistent(old, mth(LEAVES[:old]), new, mth(changed), told)


def test_the_empty_tree_and_the_same_tree() -> None:
    """Given size zero or equal sizes, when proved, then the proof is empty, and holds for the one right root alone."""
    root = mth(LEAVES[:3])
    assert consistency(0, 3) == consistency(3, 3) == consistency(0, 0) == []
    consistent(0, EMPTY_ROOT, 3, root, [])
    consistent(3, root, 3, root, [])
    consistent(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    for old, old_root, new, new_root, told in (
        (0, OTHER, 3, root, []),
        (0, EMPTY_ROOT, 3, root, [OTHER]),
        (3, root, 3, OTHER, []),
        (0, EMPTY_ROOT, 0, OTHER, []),
        (4, root, 3, root, []),
    ):
        with pytest.raises(NotProved):
            consistent(old, old_root, new, new_root, told)
    with pytest.raises(NotProved):
        included(OTHER, 0, 0, [], EMPTY_ROOT)
    with pytest.raises(ValueError, match="no leaf 0"):
        inclusion(0, 0)
    with pytest.raises(ValueError, match="can't follow"):
        consistency(4, 3)


@given(st.integers(0, 400))
def test_a_span_is_perfect_subtrees_from_left_to_right(size: int) -> None:
    """Given a tree, when told as perfect subtrees, then they cover it without a gap and their hash is its root."""
    whole = Span(0, size)
    covered = [n for tree in subtrees(whole) for n in range(tree.index << tree.level, (tree.index + 1) << tree.level)]
    assert covered == list(range(size))
    assert hashes([whole]) == [mth(LEAVES[:size])]


@given(st.integers(0, 700), st.integers(0, 700), st.sampled_from([(0,), (0, 8), (0, 3, 8)]))
def test_growing_tells_every_subtree_it_completes(size: int, more: int, levels: tuple[int, ...]) -> None:
    """Given a tree that grows, when it tells completed subtrees, then they are those of the definition, in order."""
    start, edge = grow(0, (), LEAVES[:size])
    grown, told = grow_telling(start, edge, LEAVES[size : size + more], levels)
    assert grown == grow(0, (), LEAVES[: size + more])
    for level, found in zip(levels, told, strict=True):
        first, end = size >> level, (size + more) >> level
        assert found == [mth(LEAVES[n << level : (n + 1) << level]) for n in range(first, end)]


def made(tile: tiles.Tile) -> bytes:
    """A tile by its definition (tlog-tiles): MTH(D[(n*256+i) * 256**l : (n*256+i+1) * 256**l])."""
    assert tile.level is not None
    width = 256**tile.level
    first = tile.index * 256
    return b"".join(root_of(LEAVES[i * width : (i + 1) * width]) for i in range(first, first + tile.width))


@settings(max_examples=30)
@given(st.integers(1, 2_000), st.data())
def test_proofs_are_told_from_the_tiles_of_any_later_tree(size: int, data: st.DataObject) -> None:
    """Given the tiles of a tree, when a proof for it or a smaller one is read from them, then it is the RFC's."""
    held = {replace(tile, width=256): made(tile) for tile in tiles.tiles(size)}
    smaller = data.draw(st.integers(1, size))
    index, old = data.draw(st.integers(0, smaller - 1)), data.draw(st.integers(0, smaller))
    for spans in (inclusion(index, smaller), consistency(old, smaller)):
        assert tiles.needed(spans) <= held.keys()
        assert tiles.told(spans, held) == hashes(spans)


def test_a_large_trees_proof_is_told_from_few_tiles() -> None:
    """Given 70,000 leaves, when inclusion is proved from tiles, then three levels of tiles are enough."""
    spans = inclusion(12_345, 70_000)
    needed = tiles.needed(spans)
    held = {}
    for tile in needed:
        width = min(256, (70_000 >> 8 * (tile.level or 0)) - tile.index * 256)
        held[tile] = made(replace(tile, width=width))
    included(LEAVES[12_345], 12_345, 70_000, tiles.told(spans, held), root_of(LEAVES))
    assert len(needed) <= 5
