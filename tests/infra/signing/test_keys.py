"""Keys that sign: made from seeds on disk that nobody else reads, one for each log."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.transparency import ed25519, note
from domain.transparency.cosignature import cosigned_by
from domain.transparency.note import Note
from infra.signing.keys import LogKeys, log_key, verify, witness_key
from infra.signing.seeds import SeedStore, SeedUnusable, make_seed, read_seed


def test_a_seed_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    """Given no seed, when twenty ask for it at once, then all get the same, in a file that only its owner reads."""
    path = tmp_path / "keys" / "log-0001.seed"
    with ThreadPoolExecutor(20) as pool:
        found = set(pool.map(make_seed, [path] * 20))
    assert found == {read_seed(path)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_seed_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    """Given a seed whose file is open to everybody, when read, then it is refused with what to do."""
    make_seed(tmp_path / "log-0001.seed")
    (tmp_path / "log-0001.seed").chmod(0o644)
    with pytest.raises(SeedUnusable, match="chmod 600"):
        LogKeys(SeedStore(tmp_path)).look()


@pytest.mark.parametrize("written", ["", "handschlag-seed/v1\n", "handschlag-seed/v1\nAAAA\n", f"x\n{'A' * 43}=\n"])
def test_what_isnt_a_seed_is_refused(tmp_path: Path, written: str) -> None:
    """Given a file with something else, or half a seed, when read, then it is refused."""
    path = tmp_path / "seed"
    path.write_text(written)
    path.chmod(0o600)
    with pytest.raises(SeedUnusable):
        read_seed(path)


def test_every_log_has_a_key_of_its_own(tmp_path: Path) -> None:
    """Given one seed, when two logs sign, then their keys differ, are named as the logs, and are the same tomorrow."""
    seed = make_seed(tmp_path / "seed")
    essen, bonn = log_key(seed, "handschlag/essen"), log_key(seed, "handschlag/bonn")
    assert essen.verifier.public != bonn.verifier.public
    assert essen.verifier.name == "handschlag/essen"
    assert log_key(seed, "handschlag/essen").verifier == essen.verifier


def test_what_is_signed_is_believed_by_both_verifiers(tmp_path: Path) -> None:
    """Given a signature and a cosignature of ours, when checked by the library or in plain Python, then both hold."""
    seed = make_seed(tmp_path / "seed")
    signer, witness = log_key(seed, "handschlag/essen"), witness_key(seed, "witness.example/w1")
    text = "handschlag/essen\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    signed = Note(text, [signer.sign(text), witness.cosign(text, 1_679_315_147)])
    for check in (verify, ed25519.verify):
        assert note.signed_by(signed, [signer.verifier], check) == [signer.verifier]
        assert [found.time for found in cosigned_by(signed, [witness.verifier], check)] == [1_679_315_147]
    assert not verify(signer.verifier.public, b"another", signer.sign(text).signature)
    assert not verify(b"short", b"", b"")


def test_seeds_overlap_when_keys_are_rotated(tmp_path: Path) -> None:
    """Given a seed, when another is added and the first removed, then both sign between, and the second goes on."""
    keys = LogKeys(SeedStore(tmp_path))
    assert list(keys.look()) == []
    first = keys.store.add()
    assert list(keys.look()) == [first]
    (old,) = keys.keys("handschlag/essen")
    second = keys.store.add()
    assert list(keys.look()) == [first, second]
    assert keys.keys("handschlag/essen")[0].verifier == old.verifier
    keys.store.remove(first)
    assert list(keys.look()) == [second]
    (new,) = keys.keys("handschlag/essen")
    assert new.verifier != old.verifier
    assert keys.store.add() == second + 1
