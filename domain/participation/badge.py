"""Badges (Ausweise): who wears one, and the code on it, as people and scanners read it."""

from uuid import UUID

from domain.frozen import dataclass
from domain.identity import PersonId

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Douglas Crockford's base 32: no I, L, O or U, so that nobody misreads a code."""

MAX_BADGES = 20
"""Badges of one organisation at one edition."""
SHORTEST, LONGEST = 4, 12
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A badge; `person` is None for one that nobody was named for. The code opens nothing: signing takes a PIN, too."""

    code: str
    person: PersonId | None


def fresh_code(random_id: str) -> str:
    """Eight signs (40 bits) from a random UUID."""
    bits = UUID(random_id).int
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(8))


def read_code(typed: str) -> str:
    """The code that was meant: in capitals, without spaces and hyphens, I and L read as 1, O as 0."""
    return "".join(typed.split()).upper().translate(_MISREAD)


def is_code(code: str) -> bool:
    """Whether this can stand on a badge."""
    return SHORTEST <= len(code) <= LONGEST and set(code) <= set(ALPHABET)
