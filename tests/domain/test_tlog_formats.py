"""C2SP's formats, byte for byte: the specifications' own examples, and what isn't written as they say."""

from base64 import b64decode
from collections import Counter
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency import checkpoint, cosignature, note, proof, tiles
from domain.transparency.merkle import EMPTY_ROOT, leaf_hash, root_of
from domain.transparency.note import COSIGNATURE, ED25519, Note, NoteMalformed, NoteUntrusted, Signature, VerifierKey
from domain.transparency.paths import NotProved
from domain.transparency.tiles import Tile, TileMalformed

POEM = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaq\
P3ZekRwNtIc=
"""
"""The example of signed-note."""

SOFA = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE\
+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0x\
Ue+mbIUBkBIfZ+qnA==
"""
"""The example of tlog-checkpoint and tlog-cosignature."""

PROOF = """c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

"""
"""The beginning of the example of tlog-proof, whose signatures are shortened there."""

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
"""The key and note of Go's golang.org/x/mod/sumdb/note."""


@pytest.mark.parametrize("written", [POEM, SOFA, GO_NOTE])
def test_a_note_is_read_and_written_byte_for_byte(written: str) -> None:
    """Given the specifications' notes, when read and written, then not a byte differs."""
    assert str(note.parse(written.encode())) == written


def test_the_text_of_a_note_may_have_empty_lines() -> None:
    """Given the poem, when read, then the last empty line separates, and the text has the first one."""
    found = note.parse(POEM.encode())
    assert found.text.endswith("sole:\n\ned è subito sera.\n")
    assert found.signatures[0].name == "quasimodo.example/salvatore"
    assert found.signatures[0].key_id == b64decode("NnugSw==")


def test_go_s_own_note_is_believed_by_its_key_alone() -> None:
    """Given Go's note and key, when checked, then it holds; with another text or key it doesn't."""
    key = VerifierKey.parse(GO_KEY)
    assert str(key) == GO_KEY
    assert key.key_id.hex() == "c74f20a3"
    assert note.signed_by(note.parse(GO_NOTE.encode()), [key]) == [key]
    with pytest.raises(note.SignatureWrong):
        note.signed_by(note.parse(GO_NOTE.replace("answer", "anSwer").encode()), [key])
    with pytest.raises(NoteUntrusted):
        note.signed_by(note.parse(GO_NOTE.encode()), [VerifierKey("PeterNeumann", ED25519, key.public[::-1])])
    with pytest.raises(NoteUntrusted):
        note.signed_by(note.parse(GO_NOTE.encode()), [])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        GO_KEY[:-4],
        GO_KEY.replace("c74f20a3", "C74F20A3"),
        GO_KEY.replace("c74f20a3", "c74f20a4"),
        GO_KEY.replace("Peter", "Peter "),
        GO_KEY.replace("ARpc", "ZRpc"),
        f"{GO_KEY}\n",
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
    ],
)
def test_a_key_that_isnt_written_right_is_refused(vkey: str) -> None:
    """Given a vkey with a part missing, changed or written otherwise, when read, then it is refused."""
    with pytest.raises(NoteMalformed):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\nno dash\n",
        GO_NOTE.encode()[:-1],
        GO_NOTE.replace("\n\n", "\n").encode(),
        GO_NOTE.replace("problem,", "problem,\t").encode(),
        GO_NOTE.replace("problem,", "problem,\r").encode(),
        GO_NOTE.encode().replace(b"answer", b"answ\xffr"),
        GO_NOTE.replace("PeterNeumann ", "Peter+Neumann ").encode(),
        GO_NOTE.replace("PeterNeumann ", " ").encode(),
        GO_NOTE.replace("nAM=", "nAN=").encode(),
        GO_NOTE.replace("nAM=", "nAM").encode(),
        GO_NOTE.replace("x08go/", "x08g o/").encode(),
        "text\n\n— name AAAAAA==\n".encode(),
        ("text\n\n" + "— name AAAAAAA=\n" * 101).encode(),
    ],
)
def test_what_isnt_a_note_is_refused(written: bytes) -> None:
    """Given bytes that are written otherwise than signed-note says, when read, then they are refused."""
    with pytest.raises(NoteMalformed):
        note.parse(written)


def test_a_checkpoint_is_read_and_written_byte_for_byte() -> None:
    """Given the example of tlog-checkpoint, when read, then its three lines are told, and written as they were."""
    found, signed = checkpoint.parse(SOFA.encode())
    assert (found.origin, found.size, found.extensions) == ("example.com/behind-the-sofa", 20852163, ())
    assert found.root == b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert found.text() == signed.text
    extended = found.text() + "an extension\n"
    assert checkpoint.Checkpoint.parse(extended).text() == extended


def test_the_empty_trees_checkpoint_has_the_empty_root() -> None:
    """Given size zero, when written, then the size is 0 and the root SHA-256(); no other root is believed."""
    empty = checkpoint.Checkpoint("example.com/log", 0, EMPTY_ROOT)
    assert empty.text() == "example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert checkpoint.Checkpoint.parse(empty.text()) == empty
    with pytest.raises(NoteMalformed):
        checkpoint.Checkpoint.parse(checkpoint.Checkpoint("example.com/log", 0, bytes(32)).text())


@pytest.mark.parametrize("size", ["", "01", "00", "-1", "+1", "1 ", "１", "1e3", str(2**63), "9" * 30])
def test_a_size_is_written_in_one_way(size: str) -> None:
    """Given a size that isn't plain decimal, when read, then it is refused."""
    root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    with pytest.raises(NoteMalformed):
        checkpoint.Checkpoint.parse(f"example.com/log\n{size}\n{root}\n")


def test_a_checkpoint_has_no_empty_line() -> None:
    """Given a text with too few lines, an empty one or a short root, when read, then it is refused."""
    root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    for text in ("", "a\n1\n", f"a\n1\n{root}", f"a\n1\n{root}\n\n", f"\n1\n{root}\n", "a\n1\nAAAA\n"):
        with pytest.raises(NoteMalformed):
            checkpoint.Checkpoint.parse(text)


def test_the_example_of_a_cosignature_says_when() -> None:
    """Given the example of tlog-cosignature, when read, then the line holds its time and what was signed."""
    _, signed = checkpoint.parse(SOFA.encode())
    line = signed.signatures[1]
    assert int.from_bytes(line.signature[:8], "big") == 1679315147
    assert cosignature.message(signed.text, 1679315147).decode() == (
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


def test_a_cosignature_holds_for_its_text_and_its_time_alone() -> None:
    """Given a witness's line, when text or time are another, then it is refused; a line of a stranger is ignored."""
    private = Ed25519PrivateKey.generate()
    key = VerifierKey("witness.example/w1", COSIGNATURE, private.public_key().public_bytes_raw())
    text = checkpoint.Checkpoint("example.com/log", 1, leaf_hash(b"")).text()
    line = cosignature.signature(key, 1679315147, private.sign(cosignature.message(text, 1679315147)))
    assert cosignature.cosigned_by(Note(text, [line]), [key]) == [cosignature.Cosigned(key, 1679315147)]
    assert cosignature.cosigned_by(Note(text, [line]), []) == []
    later = Signature(line.name, line.key_id, (1679315148).to_bytes(8, "big") + line.signature[8:])
    for wrong in (
        Note(text + "more\n", [line]),
        Note(text, [later]),
        Note(text, [Signature(key.name, key.key_id, b"1")]),
    ):
        with pytest.raises(note.SignatureWrong):
            cosignature.cosigned_by(wrong, [key])
    with pytest.raises(NoteUntrusted):
        note.signed_by(Note(text, [line]), [key])


def test_a_proof_is_read_and_written_byte_for_byte() -> None:
    """Given the example of tlog-proof over that of tlog-checkpoint, when read and written, then not a byte differs."""
    written = (PROOF + SOFA).encode()
    found = proof.Proof.parse(written)
    assert (found.index, len(found.hashes), found.checkpoint) == (73894, 2, SOFA.encode())
    assert found.text() == written
    with pytest.raises(NotProved):
        found.proves(leaf_hash(b""))


def test_a_receipt_proves_its_entry_alone() -> None:
    """Given a receipt with its entry in it, when checked, then it proves that entry and no other."""
    leaves = [leaf_hash(b"one"), leaf_hash(b"two")]
    point = checkpoint.Checkpoint("example.com/log", 2, root_of(leaves))
    signed = str(Note(point.text(), [Signature("example.com/log", b"1234", b"5678")])).encode()
    found = proof.Proof.parse(proof.Proof(1, (leaves[0],), signed, b"two").text())
    assert found.extra == b"two"
    assert found.proves(leaf_hash(b"two"))[0] == point
    with pytest.raises(NotProved):
        found.proves(leaf_hash(b"one"))


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("@v1", "@v2"),
        ("index 73894", "index 073894"),
        ("index 73894\n", ""),
        ("extra ", "extra  "),
        ("gSKyXo", "gSKyX"),
        ("gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=", "AAAA"),
        ("A=\n\n", "A=\n"),
        ("20852163", "x"),
    ],
)
def test_what_isnt_a_proof_is_refused(there: str, instead: str) -> None:
    """Given a proof written otherwise than tlog-proof says, when read, then it is refused."""
    written = (PROOF + SOFA).replace(there, instead)
    with pytest.raises(NoteMalformed):
        proof.Proof.parse(written.encode())


def test_the_tiles_of_the_specifications_trees() -> None:
    """Given trees of 70,000, 256 and 0 leaves, when their tiles are told, then they are tlog-tiles' example."""
    told = list(tiles.tiles(70_000))
    assert Counter((tile.level, tile.width == 256) for tile in told) == {
        (0, True): 273, (0, False): 1, (1, True): 1, (1, False): 1, (2, False): 1,
    }  # fmt: skip
    assert [tile for tile in told if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(tiles.tiles(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles.tiles(0)) == []
    assert [tiles.tile_levels(size) for size in (0, 1, 255, 256, 65_535, 65_536)] == [0, 1, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "0/x001/x234/067"),
        (Tile(0, 0), "0/000"),
        (Tile(3, 67, 5), "3/067.p/5"),
        (Tile(None, 1067), "entries/x001/067"),
        (Tile(None, 0, 255), "entries/000.p/255"),
        (Tile(63, 999), "63/999"),
    ],
)
def test_a_tile_is_called_as_the_specification_says(tile: Tile, path: str) -> None:
    """Given a tile, when named and found by its name, then the name is tlog-tiles' and the tile the same."""
    assert tile.path() == path
    assert Tile.parse(path) == tile


@pytest.mark.parametrize(
    "path",
    ["", "0", "0/", "00/000", "0/0", "0/0000", "0/x000/000", "0/001/067", "0/x001/x067", "0/000.p/0", "0/000.p/256",
     "0/000.p/01", "0/000.p/", "64/000", "entry/000", "0/../000", "0/000/", "/0/000", "0/٠٠٠", "0/000\n"],
)  # fmt: skip
def test_no_tile_has_another_name(path: str) -> None:
    """Given a name that is written otherwise, when looked for, then there is no such tile."""
    with pytest.raises(TileMalformed):
        Tile.parse(path)


@given(st.integers(0, 10**12), st.integers(1, 256), st.one_of(st.none(), st.integers(0, 63)))
def test_every_tile_is_found_by_its_name(index: int, width: int, level: int | None) -> None:
    """Given any tile, when found by its name, then it is the same."""
    tile = Tile(level, index, width)
    assert Tile.parse(tile.path()) == tile


@given(st.integers(0, 200_000))
def test_a_tree_has_exactly_its_tiles(size: int) -> None:
    """Given a tree, when asked for its tiles, then they exist, and no wider or further one does."""
    for tile in tiles.tiles(size):
        assert tiles.exists(tile, size)
        if tile.width < 256:
            assert not tiles.exists(replace(tile, width=tile.width + 1), size)
            assert not tiles.exists(replace(tile, index=tile.index + 1, width=1), size)


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    """Given entries, when bundled, then each follows its length as a big-endian uint16, and is read again."""
    raw = tiles.bundle(entries)
    assert tiles.entries_of(raw) == entries
    assert raw == b"".join(bytes([len(entry) >> 8, len(entry) & 255]) + entry for entry in entries)
    if raw:
        with pytest.raises(TileMalformed):
            tiles.entries_of(raw[:-1] if entries[-1] else raw[:-1] + b"")


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    """Given an entry of 65,536 bytes, when bundled, then it is refused."""
    with pytest.raises(ValueError, match="65536"):
        tiles.bundle([bytes(65_536)])
    assert len(tiles.bundle([bytes(65_535)])) == 65_537
