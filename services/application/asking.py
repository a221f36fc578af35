"""Who asks for what: a caller, their wish with its idempotency key, and what they get back."""

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType

from domain.access.roles import Role
from domain.frozen import dataclass
from domain.identity import KeyId, MarketplaceId, PersonId, StreamId, TenantId
from domain.person.reach import BeyondReach
from domain.streaming.audience import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a key for streams alone tells its holder: what `audience` sees, with personal values or without."""

    audience: Audience
    persons: bool


WHOLE_RECORDS = Scope(audience=Audience.INTERNAL, persons=False)
"""What any other key tells that may read records at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A member of `tenant` acting in the `role` for which `key` was issued: in one edition, or (None) in all.

    `scope` is a stream key's, which opens streams and nothing else; None for any other key.
    """

    tenant: TenantId
    key: KeyId
    member: PersonId | str
    role: Role
    marketplace: MarketplaceId | None = None
    scope: Scope | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One request. `key` is its idempotency key and `fingerprint` (SHA-256) what it may be used for again.

    The fingerprint is kept under a key of the host's own alone (`infra.vault.fingerprints`).
    `if_match` is the version at which the caller saw the thing: None when the caller didn't say, -1 for any.
    """

    caller: Caller
    key: str
    fingerprint: bytes
    if_match: int | None
    correlation: str | None


ANY_VERSION = -1


class RecordView(Struct, kw_only=True, frozen=True):
    """A record that a request left: its place in the log and the leaf hash (lower-case hex, RFC 6962 §2.1)."""

    position: int
    id: str
    type: str
    stream: StreamId
    version: int
    leaf_hash: str


class Receipt(Struct, kw_only=True, frozen=True):
    """What a request came to. `id` and `version` are those of the thing asked about; `position` is its last record.

    `replayed` says that this is the first answer, given again. An erasure tells what is `beyond_reach` of it.
    """

    id: StreamId
    version: int
    position: int
    leaf_hash: str
    replayed: bool
    records: Sequence[RecordView]
    beyond_reach: Sequence[BeyondReach] | UnsetType = UNSET
