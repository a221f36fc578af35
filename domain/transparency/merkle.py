"""The Merkle tree of a log: RFC 6962 §2.1 hashing, and the right edge by which a tree grows.

Leaf i (0, 1, 2 …) is the entry at position i + 1. An *edge* is what has to be kept of a tree in order to go on:
`edge[l]` is the root of the perfect subtree of 2^l leaves where bit l of the size is set, and None where it isn't.
The empty tree has the edge () and the root SHA-256() (RFC 6962 §2.1); it is a tree like any other.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TypeAlias

Edge: TypeAlias = Sequence[bytes | None]
"""Hashes of 32 bytes, from the lowest subtree to the highest; at most 63 of them."""

HASH_BYTES = 32


def leaf_hash(entry: bytes) -> bytes:
    """MTH({d0}) = SHA-256(0x00 || d0): the hash of one entry's bytes (RFC 6962 §2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right): the hash of an inner node (RFC 6962 §2.1)."""
    return sha256(b"\x01" + left + right).digest()


def grow(size: int, edge: Edge, leaves: Iterable[bytes]) -> tuple[int, list[bytes | None]]:
    """The size and edge of a tree of `size` leaves and `edge`, after leaf hashes `leaves` were put to its right.

    A leaf is carried upward like a binary increment: each set bit of the size is a perfect subtree that it
    completes to one twice as large. `log.grow` in the database is this function's twin.
    """
    grown, _ = grow_telling(size, edge, leaves, ())
    return grown


def grow_telling(
    size: int, edge: Edge, leaves: Iterable[bytes], levels: Sequence[int]
) -> tuple[tuple[int, list[bytes | None]], list[list[bytes]]]:
    """`grow`, and for each of `levels` the roots of the subtrees of 2^level leaves that became perfect, in order.

    The first one told at a level is number `size >> level` there. Level 0 tells the leaves themselves.
    """
    grown = list(edge)
    told: dict[int, list[bytes]] = {level: [] for level in levels}
    for leaf in leaves:
        node, level, rest = leaf, 0, size
        while True:
            if level in told:
                told[level].append(node)
            if not rest & 1:
                break
            left = grown[level]
            if left is None:
                raise ValueError(f"an edge of size {size} has a subtree at level {level}")
            node, grown[level] = node_hash(left, node), None
            rest >>= 1
            level += 1
        if level == len(grown):
            grown.append(None)
        grown[level] = node
        size += 1
    return (size, grown), list(told.values())


def root(edge: Edge) -> bytes:
    """The tree's hash (RFC 6962 §2.1 MTH): smaller subtrees stand to the right of larger ones; SHA-256() when empty."""
    found: bytes | None = None
    for subtree in edge:
        if subtree is not None:
            found = subtree if found is None else node_hash(subtree, found)
    return sha256(b"").digest() if found is None else found


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The hash of the tree of leaf hashes `leaves`: what whoever has every entry compares with a checkpoint."""
    return root(grow(0, (), leaves)[1])


def perfect_root(nodes: Sequence[bytes]) -> bytes:
    """The root of a perfect subtree over these nodes, of which there are 2^n."""
    while len(nodes) > 1:
        nodes = [sha256(b"\x01" + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=True)]
    return nodes[0]


EMPTY_ROOT = root(())
"""The hash of the tree without a leaf: SHA-256() (RFC 6962 §2.1)."""
