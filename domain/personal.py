"""What describes a natural person. It goes to the vault; the log holds a salted commitment to it (DESIGN §4)."""

from collections.abc import Mapping

from domain.frozen import dataclass
from domain.identity import PersonId
from domain.words import MAX_NOTE, MAX_TITLE, must_be_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Values about one person, by field name. No decision depends on them."""

    person: PersonId
    values: Mapping[str, str]


def must_be_in_words(personal: Personal) -> None:
    """Each value is words, as what stands in the open; a note may be longer than a name or a contact."""
    for field, value in personal.values.items():
        must_be_words(value, MAX_NOTE if field == "note" else MAX_TITLE)
