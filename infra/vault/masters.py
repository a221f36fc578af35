"""The master keys, which wrap every person's key. They stand in a file or the environment, never in the database.

A text holds one key a line (or separated by commas), 32 bytes in base64; the first one wraps, the others only unwrap,
until a rotation is done. A key's id is computed from the key, so a wrong key is known for what it is.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping
from pathlib import Path

from domain.frozen import dataclass
from infra.vault.sealing import KEY_BYTES, fresh_key
from infra.vault.trouble import KeysNotOurs, MasterKeyMissing, MasterKeyUnusable

_HEAD = (
    "# Handschlag: master keys of the vault. Who has them and the database reads every sealed value. The first wraps.\n"
)


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the master keys come from: the text `given`, or a file; `ours` when the service makes and changes it."""

    given: str | None
    file: Path
    ours: bool

    def there(self) -> bool:
        """Whether there are keys."""
        return self.given is not None or self.file.exists()

    def text(self) -> str:
        """The keys as they are told; raises `MasterKeyMissing` when there are none."""
        if self.given is not None:
            return self.given
        try:
            return self.file.read_text()
        except OSError as error:
            raise MasterKeyMissing(
                f"the vault's master keys can't be read from {self.file}: {error.strerror}"
            ) from None

    def __str__(self) -> str:
        """For people."""
        return "HANDSCHLAG_VAULT_KEY" if self.given is not None else str(self.file)


class MasterKeys:
    """The master keys at hand; reads its source again when asked for one that it doesn't know."""

    def __init__(self, source: KeySource) -> None:
        self.source = source
        self._keys: Mapping[str, bytes] = {}
        self.read()

    def read(self) -> None:
        """Read the source again; raises `MasterKeyMissing`, `MasterKeyUnusable`."""
        told = [line.strip() for line in self.source.text().replace(",", "\n").splitlines()]
        keys = [_key(line, self.source) for line in told if line and not line.startswith("#")]
        if not keys:
            raise MasterKeyMissing(f"{self.source} holds no master key")
        self._keys = {id_of(key): key for key in keys}

    @property
    def current(self) -> str:
        """The id of the key that wraps."""
        return next(iter(self._keys))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys at hand, the one that wraps first."""
        return tuple(self._keys)

    def __getitem__(self, id_: str) -> bytes:
        """The key of that id; raises `MasterKeyMissing`."""
        if id_ not in self._keys and self.source.given is None:
            self.read()
        try:
            return self._keys[id_]
        except KeyError:
            raise MasterKeyMissing(
                f"the vault's values are under master key {id_}, which {self.source} doesn't hold"
                f" (it holds {', '.join(self._keys)}): give the key they were sealed with"
            ) from None

    def put_first(self, key: bytes) -> None:
        """Let `key` wrap from here on, keeping the others; raises `KeysNotOurs`."""
        self._write([key, *(known for known in self._keys.values() if known != key)])

    def keep_only(self, id_: str) -> None:
        """Let go of all keys but one; raises `KeysNotOurs`."""
        self._write([self._keys[id_]])

    def _write(self, keys: list[bytes]) -> None:
        if not self.source.ours:
            raise KeysNotOurs(f"{self.source} is the operator's: put the new key there, before the old one")
        write_keys(self.source.file, keys)
        self.read()


def id_of(key: bytes) -> str:
    """A key's id: 64 bits that say which key it is and nothing of it."""
    return hmac.digest(key, b"handschlag/vault/master-id/v1", "sha256").hex()[:16]


def make_keys(source: KeySource) -> None:
    """Make a first key; raises `MasterKeyMissing` where the operator said where to find one."""
    if not source.ours:
        raise MasterKeyMissing(f"there is no master key at {source}: put one there (openssl rand -base64 32)")
    write_keys(source.file, [fresh_key()])


def write_keys(file: Path, keys: list[bytes]) -> None:
    """Write all keys or none, readable by their owner alone. A crash leaves the file as it was."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as writing:
        writing.write(_HEAD + "".join(f"{base64.b64encode(key).decode()}\n" for key in keys))
        writing.flush()
        os.fsync(descriptor)
    new.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _key(told: str, source: KeySource) -> bytes:
    try:
        key = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise MasterKeyUnusable(f"{source} holds a master key that isn't 32 bytes in base64: openssl rand -base64 32")
    return key
