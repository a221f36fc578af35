"""What describes a natural person. It goes to the vault; the log holds a salted commitment to it (DESIGN §4)."""

from collections.abc import Mapping

from domain.frozen import dataclass
from domain.identity import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Values about one person, by field name. No decision depends on them."""

    person: PersonId
    values: Mapping[str, str]
