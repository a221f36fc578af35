"""Boxes: what is sealed opens at its own place, and nowhere else, whatever was sealed and however it is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import EventId, PersonId, TenantId
from infra.vault.sealing import fresh_key, place_of_value, seal, unseal, unwrap, wrap
from infra.vault.trouble import VaultDamaged

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=300)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
PLACES = st.tuples(WORDS, WORDS, WORDS, WORDS)


def _place(words: tuple[str, str, str, str]) -> bytes:
    tenant, person, event, field = words
    return place_of_value(TenantId(tenant), PersonId(person), EventId(event), field)


@given(TEXTS, st.binary(min_size=32, max_size=32), PLACES)
def test_what_is_sealed_is_what_opens(value: str, salt: bytes, words: tuple[str, str, str, str]) -> None:
    """Given any value and salt, when sealed and opened at the same place, then they are the same."""
    key = fresh_key()
    assert unseal(key, _place(words), seal(key, _place(words), salt, value)) == (salt, value)


@given(TEXTS, PLACES, PLACES)
def test_a_box_opens_at_its_own_place_alone(
    value: str, words: tuple[str, str, str, str], others: tuple[str, str, str, str]
) -> None:
    """Given a box, when tenant, person, event or field are other ones, then it doesn't open."""
    key = fresh_key()
    box = seal(key, _place(words), b"s" * 32, value)
    if words == others:
        assert unseal(key, _place(others), box) == (b"s" * 32, value)
        return
    with pytest.raises(VaultDamaged):
        unseal(key, _place(others), box)


@given(TEXTS, st.data())
def test_a_changed_box_doesnt_open(value: str, data: st.DataObject) -> None:
    """Given a box, when one bit is turned or the end is cut off, then it doesn't open."""
    key, place = fresh_key(), b"here"
    box = bytearray(seal(key, place, b"s" * 32, value))
    at = data.draw(st.integers(0, len(box) - 1))
    cut = bytes(box[:at])
    box[at] ^= 1 << data.draw(st.integers(0, 7))
    for changed in (bytes(box), cut):
        with pytest.raises(VaultDamaged):
            unseal(key, place, changed)


def test_another_key_doesnt_open() -> None:
    """Given a wrapped key and a box, when tried with another key, then neither opens."""
    master, key = fresh_key(), fresh_key()
    assert unwrap(master, b"Erika's", wrap(master, b"Erika's", key)) == key
    with pytest.raises(VaultDamaged):
        unwrap(fresh_key(), b"Erika's", wrap(master, b"Erika's", key))
    with pytest.raises(VaultDamaged):
        unseal(master, b"Erika's", wrap(master, b"Erika's", key))


def test_the_same_value_is_never_the_same_box() -> None:
    """Given one value sealed twice, when the boxes are compared, then they say nothing of being equal."""
    key = fresh_key()
    assert seal(key, b"here", b"s" * 32, "Erika") != seal(key, b"here", b"s" * 32, "Erika")
