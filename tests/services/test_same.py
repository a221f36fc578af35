"""Known by being itself."""

from services.application.reading.same import Same


def test_only_the_very_same_is_the_same() -> None:
    """Given two lists that are equal, then each is the same as itself alone, and never as what isn't held so."""
    one, other = [1], [1]
    assert Same(one) == Same(one)
    assert hash(Same(one)) == hash(Same(one))
    assert Same(one) != Same(other)
    assert Same(one) != one
