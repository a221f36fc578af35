"""Inclusion and consistency in a Merkle tree: what a proof is made of, and how it is checked (RFC 6962 §2.1.1, §2.1.2).

A proof is told first as the *spans* of leaves whose tree hashes it consists of, so that whoever serves it knows what
to read before anything is hashed. A span is half-open; its hash is that of the tree of its leaves, which is put
together from perfect subtrees: `subtrees` names them.

Decided on purpose: nothing is included in the empty tree. Every tree is consistent with the empty one, and with itself,
by an empty proof; a tree is never consistent with a larger one. (RFC 6962 defines consistency for 0 < m < n only;
C2SP tlog-witness wants an empty proof from size 0.)
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from domain.transparency.merkle import EMPTY_ROOT, node_hash


class Span(NamedTuple):
    """The leaves `start` … `end` − 1."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Subtree:
    """The perfect subtree over the leaves `index` × 2^`level` … (`index` + 1) × 2^`level` − 1."""

    level: int
    index: int


class NotProved(ValueError):
    """The proof doesn't lead from what is held to the root that was claimed."""


def subtrees(span: Span) -> Iterator[Subtree]:
    """The perfect subtrees that make up a span of some tree, from left to right (each smaller than the one before).

    The span must be one that RFC 6962 §2.1 splits a tree into: it begins at a multiple of its width rounded up to a
    power of two.
    """
    start, end = span
    while start < end:
        level = (end - start).bit_length() - 1
        yield Subtree(level, start >> level)
        start += 1 << level


def span_hash(span: Span, read: Callable[[Subtree], bytes]) -> bytes:
    """The tree hash of a span (RFC 6962 §2.1 MTH), its perfect subtrees' hashes read by `read`."""
    found: bytes | None = None
    for subtree in reversed(list(subtrees(span))):
        left = read(subtree)
        found = left if found is None else node_hash(left, found)
    return EMPTY_ROOT if found is None else found


def inclusion(index: int, size: int) -> list[Span]:
    """PATH(m, D[n]) of RFC 6962 §2.1.1: the spans beside the way from leaf `index` up to the root of `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    found: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append(Span(middle, end))
            end = middle
        else:
            found.append(Span(start, middle))
            start = middle
    return found[::-1]


def consistency(old: int, new: int) -> list[Span]:
    """PROOF(m, D[n]) of RFC 6962 §2.1.2: the spans that lead from a tree's root to that of a larger one; see above."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves can't follow from one of {old}")
    if old in (0, new):
        return []
    found: list[Span] = []
    start, end, whole = 0, new, True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            found.append(Span(middle, end))
            end = middle
        else:
            found.append(Span(start, middle))
            start, whole = middle, False
    if not whole:
        found.append(Span(start, end))
    return found[::-1]


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that leaf hash `leaf` is number `index` of the tree of `size` leaves and `root`. Raises `NotProved`.

    RFC 6962 gives the definition, RFC 9162 §2.1.3.2 the steps: the sibling stands to the left where this way comes
    from the right or the tree ends, and to the right elsewhere.
    """
    if not 0 <= index < size:
        raise NotProved(f"a tree of {size} leaves has no leaf {index}")
    way, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise NotProved("the proof is longer than the tree is high")
        if way & 1 or way == last:
            found = node_hash(sibling, found)
            while way and not way & 1:
                way, last = way >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        way, last = way >> 1, last >> 1
    if last != 0:
        raise NotProved("the proof ends below the root")
    if found != root:
        raise NotProved("the proof leads to another root")


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the first `old` leaves of the tree `new`, `new_root` are the tree `old`, `old_root`.

    Raises `NotProved`. The steps are those of RFC 9162 §2.1.4.2, for the proof that RFC 6962 §2.1.2 defines.
    """
    if not 0 <= old <= new:
        raise NotProved(f"a tree of {new} leaves can't follow from one of {old}")
    if old in (0, new):
        _trivially(old, old_root, new_root, proof, same=old == new)
        return
    way, last = old - 1, new - 1
    while way & 1:
        way, last = way >> 1, last >> 1
    steps = list(proof) if way else [old_root, *proof]
    if not steps:
        raise NotProved("the proof is empty")
    before = after = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            raise NotProved("the proof is longer than the tree is high")
        if way & 1 or way == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while way and not way & 1:
                way, last = way >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        way, last = way >> 1, last >> 1
    if last != 0:
        raise NotProved("the proof ends below the root")
    if before != old_root:
        raise NotProved("the proof doesn't begin at the older root")
    if after != new_root:
        raise NotProved("the proof leads to another root")


def _trivially(old: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes], *, same: bool) -> None:
    if proof:
        raise NotProved("there is nothing to prove, yet there is a proof")
    if old == 0 and old_root != EMPTY_ROOT:
        raise NotProved("the empty tree has another root")
    if same and old_root != new_root:
        raise NotProved("two roots of one size")


def _split(width: int) -> int:
    """The largest power of two smaller than `width` (RFC 6962 §2.1: k)."""
    return 1 << ((width - 1).bit_length() - 1)
