"""Laws of the Merkle tree: RFC 6962 §2.1 said twice, once by the edge that grows and once by the definition."""

from hashlib import sha256

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.merkle import grow, grow_telling, leaf_hash, node_hash, root, root_of
from domain.transparency.tiles import hashes_of
from domain.transparency.tiling import Tiling
from tests.conftest import DatabaseUrls

entries = st.lists(st.binary(max_size=8), max_size=70)

KNOWN_ENTRIES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
"""The test vectors of certificate-transparency's reference implementation (merkle_tree_test)."""

KNOWN_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word: k is the largest power of two smaller than n."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


def test_known_roots() -> None:
    """The reference implementation's vectors give its roots."""
    roots = [root_of([leaf_hash(entry) for entry in KNOWN_ENTRIES[:n]]).hex() for n in range(1, 9)]
    assert roots == KNOWN_ROOTS


@given(entries)
def test_the_root_of_the_edge_is_the_rfcs(found: list[bytes]) -> None:
    """Growing leaf by leaf arrives at the tree hash that the RFC defines from the top."""
    leaves = [leaf_hash(entry) for entry in found]
    assert root_of(leaves) == by_definition(leaves)


@given(entries, st.integers(min_value=0, max_value=70))
def test_growing_in_two_steps_is_growing_in_one(found: list[bytes], cut: int) -> None:
    """An edge holds all that is needed to go on."""
    leaves = [leaf_hash(entry) for entry in found]
    size, edge = grow(0, (), leaves[:cut])
    assert grow(size, edge, leaves[cut:]) == grow(0, (), leaves)


@given(entries)
def test_an_edge_has_a_subtree_where_its_size_has_a_bit(found: list[bytes]) -> None:
    """edge[l] is there exactly where bit l of the size is set."""
    size, edge = grow(0, (), [leaf_hash(entry) for entry in found])
    assert [subtree is not None for subtree in edge] == [bool(size >> level & 1) for level in range(size.bit_length())]


def test_an_edge_that_does_not_fit_its_size_is_refused() -> None:
    """A hole where a subtree must be is said, and not hashed over."""
    with pytest.raises(ValueError, match="level 0"):
        grow(1, (None,), [leaf_hash(b"")])


async def test_the_databases_edge_grows_as_ours(database: DatabaseUrls) -> None:
    """log.grow and grow are twins: same edge for every start and number of leaves up to 40."""
    leaves = [leaf_hash(bytes([n])) for n in range(80)]
    connection = await asyncpg.connect(database.owner)
    try:
        await connection.execute("set role handschlag_log_writer")
        for start in range(0, 40, 3):
            size, edge = grow(0, (), leaves[:start])
            for number in (1, 2, 3, 8, 39):
                theirs = await connection.fetchval(
                    "select log.grow($1, $2, $3)", size, edge, leaves[size : size + number]
                )
                assert theirs == grow(size, edge, leaves[size : size + number])[1]
    finally:
        await connection.close()


@given(entries.filter(bool))
def test_another_entry_is_another_root(found: list[bytes]) -> None:
    """Changing one entry changes the root."""
    changed = [*found[:-1], found[-1] + b"!"]
    assert root_of([leaf_hash(e) for e in found]) != root_of([leaf_hash(e) for e in changed])
    assert root(()) == sha256(b"").digest()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 511, 512, 600, 65_535, 65_536, 65_793])
def test_a_tiling_is_at_the_edge_that_the_tree_has(size: int) -> None:
    """Given leaves that came one after the other, then the tiles' edge is that of the tree, and they hold its nodes."""
    leaves = [leaf_hash(str(place).encode()) for place in range(size)]
    tiling = Tiling()
    made = [tile for leaf in leaves for tile in tiling.add(leaf)]
    (_, edge), nodes = grow_telling(0, (), leaves, (0, 8, 16))
    assert list(tiling.edge) == edge
    found: list[list[bytes]] = [[], [], []]
    for tile, raw in (*made, *tiling.rest()):
        assert tile.level is not None
        found[tile.level] += hashes_of(raw)
    assert found == nodes
