"""What an operator decides, read once from the environment. Everything has a default that a laptop can live with."""

import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from domain.frozen import dataclass
from domain.streaming.audience import Audience
from infra.streams.addresses import NetworksUnreadable, Reach

FOLLOWER_ROLE = "handschlag_follower"
"""The group role that reads every tenant's log; the migration makes it, the default follower URL takes it on."""


class SettingsTrouble(ValueError):
    """A variable holds what can't be used; the message names the variable and says what it should hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NatsSettings:
    """The NATS server that records are relayed to, and how the relay sets up streams there that don't exist yet."""

    url: str = field(repr=False)
    """`nats://` or `tls://`, with login and password if need be; several servers of a cluster, separated by commas."""

    credentials: Path | None = None
    """A credentials file (JWT and seed); None: what the URL says."""

    stream: str = "handschlag"
    """Each host's stream is called by this, a dash and its tenant."""

    window: float = 120.0
    """Seconds in which the server itself recognises a message that it has already."""

    replicas: int = 1
    """Servers of a cluster that keep each stream, 1 to 5."""

    max_age_days: int = 0
    """Days after which a stream lets go of a message; 0: never."""

    max_bytes: int = 0
    """Size of a stream from which on it lets go of the oldest messages; 0: none."""

    audience: Audience = Audience.INTERNAL
    """For whom the streams are: how much of each record they tell. Persons' names are never told."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "NatsSettings | None":
        """Read `HANDSCHLAG_NATS_…`; None without a URL. `SettingsTrouble` if one can't be used."""
        url = environ.get("HANDSCHLAG_NATS_URL")
        if not url:
            return None
        stream = environ.get("HANDSCHLAG_NATS_STREAM") or "handschlag"
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", stream):
            raise SettingsTrouble("HANDSCHLAG_NATS_STREAM must be letters, digits, _ and -, 64 at most")
        for server in url.split(","):
            parts = _split(server, "HANDSCHLAG_NATS_URL", "nats://server:4222")
            if parts.scheme not in {"nats", "tls"} or not parts.hostname or parts.path.strip("/") or " " in server:
                raise SettingsTrouble("HANDSCHLAG_NATS_URL must be nats://server:4222 or tls://…, or some with commas")
        audience = environ.get("HANDSCHLAG_NATS_AUDIENCE") or Audience.INTERNAL.value
        if audience not in {each.value for each in Audience}:
            raise SettingsTrouble(f"HANDSCHLAG_NATS_AUDIENCE must be one of {', '.join(Audience)}, not {audience!r}")
        return cls(
            url=url,
            audience=Audience(audience),
            credentials=_path(environ, "HANDSCHLAG_NATS_CREDENTIALS"),
            stream=stream,
            window=_whole(environ, "HANDSCHLAG_NATS_WINDOW_MS", 120_000, 100, 86_400_000) / 1000,
            replicas=_whole(environ, "HANDSCHLAG_NATS_REPLICAS", 1, 1, 5),
            max_age_days=_whole(environ, "HANDSCHLAG_NATS_MAX_AGE_DAYS", 0, 0, 36_500),
            max_bytes=_whole(environ, "HANDSCHLAG_NATS_MAX_BYTES", 0, 0, 2**62),
        )

    def servers(self) -> list[str]:
        """The URLs, each for itself."""
        return [server.rstrip("/") for server in self.url.split(",")]

    def stream_of(self, tenant: str) -> str:
        """The name of a host's stream."""
        return f"{self.stream}-{tenant}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process runs. Without `database_url`, PostgreSQL is embedded and lives in `home`."""

    home: Path
    """Absolute. Everything that this installation keeps on disk lies below it."""

    port: int = 8080
    """The TCP port on which HTTP is served; 0 lets the system choose."""

    host: str = "127.0.0.1"
    """The address on which HTTP is served."""

    address: str = "http://127.0.0.1:8080"
    """Where this service is reached from outside, without a slash at the end: events name schemas and records there."""

    database_url: str | None = field(default=None, repr=False)
    """The runtime's login at a PostgreSQL server of the operator's; None: embedded."""

    owner_database_url: str | None = field(default=None, repr=False)
    """The login that migrates the schema at that server; None: somebody else migrates it."""

    follower_database_url: str | None = field(default=None, repr=False)
    """The login that reads all tenants (projector, relay, signer); None exactly when `database_url` is."""

    vault_key: str | None = field(default=None, repr=False)
    """The vault's master keys, 32 bytes in base64 each, separated by commas, the first one wraps; None: from a file."""

    vault_key_file: Path | None = None
    """A file of the operator's that holds the vault's master keys; None: one of ours in `home`."""

    vault_database_url: str | None = field(default=None, repr=False)
    """The login at a database of the vault's own; None: a schema beside the log."""

    signs: bool = True
    """Whether `serve` signs the logs itself; False: `handschlag signer` does, with keys that `serve` can't read."""

    delivers: bool = True
    """Whether `serve` sends webhooks itself; False: `handschlag webhooks` does, perhaps in a network of its own."""

    webhook_reach: Reach = field(default_factory=Reach)
    """Where webhooks may lead: to public addresses, and into the networks that the operator names."""

    witness_policy: Path | None = None
    """A C2SP tlog-policy file: the witnesses that are asked to cosign, and how many are enough; None: nobody is."""

    nats: NatsSettings | None = None
    """The broker that records are relayed to; None: to none."""

    head_patience: float = 20.0
    """Seconds for which the head of a request is waited for; then it has to be there as a whole."""

    body_patience: float = 60.0
    """Seconds for which a body is waited for, and one more for every two kilobytes of it that came."""

    stream_patience: float = 30.0
    """Seconds for which a reader of a stream may take nothing before it is cut off."""

    stream_lifetime: float = 3600.0
    """Seconds after which, give or take a tenth, a stream ends and its reader comes again."""

    stream_listeners: int = 5_000
    """Streams that one process keeps open at most, programs' and open pages'; a host's share is half of them."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read `HANDSCHLAG_…` from `environ`; empty counts as unset. `SettingsTrouble` if one can't be used."""
        home = Path(environ.get("HANDSCHLAG_HOME") or ".handschlag").expanduser().absolute()
        runtime = _database(environ, "HANDSCHLAG_DATABASE_URL")
        owner = _database(environ, "HANDSCHLAG_OWNER_DATABASE_URL")
        follower = _database(environ, "HANDSCHLAG_FOLLOWER_DATABASE_URL")
        if runtime is None and (owner or follower):
            raise SettingsTrouble(
                "HANDSCHLAG_OWNER_DATABASE_URL or HANDSCHLAG_FOLLOWER_DATABASE_URL is set without"
                " HANDSCHLAG_DATABASE_URL: set that too, or none of them for the embedded PostgreSQL"
            )
        if runtime and follower is None:
            follower = _as_follower(owner)
        host, port = environ.get("HANDSCHLAG_HOST") or "127.0.0.1", _port(environ)
        return cls(
            home=home,
            port=port,
            host=host,
            address=_address(environ) or f"http://{f'[{host}]' if ':' in host else host}:{port}",
            database_url=runtime,
            owner_database_url=owner,
            follower_database_url=follower,
            vault_key=environ.get("HANDSCHLAG_VAULT_KEY") or None,
            vault_key_file=_vault_key_file(environ),
            vault_database_url=_database(environ, "HANDSCHLAG_VAULT_DATABASE_URL"),
            signs=_is_inside(environ, "HANDSCHLAG_SIGNER"),
            delivers=_is_inside(environ, "HANDSCHLAG_WEBHOOKS"),
            webhook_reach=_reach(environ),
            witness_policy=_path(environ, "HANDSCHLAG_WITNESS_POLICY"),
            nats=NatsSettings.from_environment(environ),
            head_patience=_whole(environ, "HANDSCHLAG_HEAD_PATIENCE", 20, 1, 3600),
            body_patience=_whole(environ, "HANDSCHLAG_BODY_PATIENCE", 60, 1, 3600),
            stream_patience=_whole(environ, "HANDSCHLAG_STREAM_PATIENCE", 30, 1, 3600),
            stream_lifetime=_whole(environ, "HANDSCHLAG_STREAM_LIFETIME", 3600, 1, 86_400),
            stream_listeners=_whole(environ, "HANDSCHLAG_STREAM_LISTENERS", 5_000, 1, 100_000),
        )


def _whole(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number within bounds."""
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        raise SettingsTrouble(f"{name} must be a whole number from {least} to {most}, not {text!r}")
    return int(text)


def _port(environ: Mapping[str, str]) -> int:
    """`HANDSCHLAG_PORT`, or 8080."""
    text = environ.get("HANDSCHLAG_PORT") or "8080"
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise SettingsTrouble(f"HANDSCHLAG_PORT must be a number from 0 to 65535, not {text!r}")
    return int(text)


def _address(environ: Mapping[str, str]) -> str | None:
    """`HANDSCHLAG_ADDRESS`, as people and machines outside write it."""
    told = environ.get("HANDSCHLAG_ADDRESS")
    if not told:
        return None
    like = "https://marktplatz.example"
    parts = _split(told, "HANDSCHLAG_ADDRESS", like)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingsTrouble(f"HANDSCHLAG_ADDRESS must be an address like {like}, with nothing behind it")
    return told.rstrip("/")


def _vault_key_file(environ: Mapping[str, str]) -> Path | None:
    """`HANDSCHLAG_VAULT_KEY_FILE`, unless the keys themselves are given."""
    told = environ.get("HANDSCHLAG_VAULT_KEY_FILE")
    if told and environ.get("HANDSCHLAG_VAULT_KEY"):
        raise SettingsTrouble("HANDSCHLAG_VAULT_KEY and HANDSCHLAG_VAULT_KEY_FILE are both set: set one of them")
    return Path(told).expanduser().absolute() if told else None


def _is_inside(environ: Mapping[str, str], name: str) -> bool:
    """`HANDSCHLAG_SIGNER`, `HANDSCHLAG_WEBHOOKS`: inside `serve` (the default) or apart."""
    where = environ.get(name) or "inside"
    if where not in {"inside", "apart"}:
        raise SettingsTrouble(f"{name} must be inside or apart, not {where!r}")
    return where == "inside"


def _reach(environ: Mapping[str, str]) -> Reach:
    """`HANDSCHLAG_WEBHOOK_NETWORKS`: networks that aren't public and may be sent to nevertheless."""
    try:
        return Reach.parse(environ.get("HANDSCHLAG_WEBHOOK_NETWORKS") or "")
    except NetworksUnreadable as error:
        raise SettingsTrouble(f"HANDSCHLAG_WEBHOOK_NETWORKS: {error}") from None


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    """A file's path, absolute."""
    path = environ.get(name)
    return Path(path).expanduser().absolute() if path else None


def _database(environ: Mapping[str, str], name: str) -> str | None:
    """A `postgresql://` URL; the message of a refusal never shows it, since it holds a password."""
    url = environ.get(name)
    if not url:
        return None
    parts = _split(url, name)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingsTrouble(f"{name} must begin with postgresql:// (no driver's name, no other database)")
    if not parts.path.strip("/"):
        raise SettingsTrouble(f"{name} must name a database: postgresql://login:password@server/database")
    return urlunsplit(parts._replace(scheme="postgresql"))


def _split(url: str, name: str, like: str = "postgresql://login:password@server:5432/database") -> SplitResult:
    """The URL's parts; a bad port shows itself only when asked for."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise SettingsTrouble(f"{name} isn't a URL: {like}") from None
    return parts


def _as_follower(owner: str | None) -> str:
    """The owner's login taking on the follower's role for the length of a session (asyncpg sets `role` at start)."""
    if owner is None:
        raise SettingsTrouble(
            "HANDSCHLAG_DATABASE_URL is set: set HANDSCHLAG_OWNER_DATABASE_URL (migrates, and may follow)"
            " or HANDSCHLAG_FOLLOWER_DATABASE_URL (a login with the role handschlag_follower) as well"
        )
    parts = urlsplit(owner)
    query = f"{parts.query}&" if parts.query else ""
    return urlunsplit(parts._replace(query=f"{query}role={quote(FOLLOWER_ROLE)}"))
