"""What a request brings besides its body."""

from domain.frozen import dataclass
from domain.identity import PersonId, StreamId
from domain.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The thing asked about (or its new id), who asks, when, and a fresh id for whatever else comes into being."""

    target: StreamId
    member: PersonId
    at: Instant
    fresh: str


class Unusable(ValueError):
    """A member of the body can't be used; `pointer` (RFC 6901) names it, `sentence` says why."""

    def __init__(self, pointer: str, sentence: str) -> None:
        super().__init__(sentence)
        self.pointer = pointer
        self.sentence = sentence
