"""A running service as an auditor asks it: over HTTP, with the standard library alone.

Nothing that it answers is trusted. Redirections aren't followed, since a key would go along; over plain HTTP a key is
sent to this machine alone.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import field
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from domain.frozen import dataclass
from services.auditor.bundle import NothingToCheck

TIMEOUT = 60.0
"""Seconds without a byte after which a line is taken for broken; a service says within twenty that it takes longer."""
MAX_ANSWER = 1024 * 1024
"""Bytes of an answer that is read as a whole."""

PASSING = frozenset({429, 502, 503, 504})
"""Statuses that are worth asking again."""


class CantAsk(NothingToCheck):
    """The service can't be asked like that; the message says why."""


class Refused(CantAsk):
    """The service says no: its `status`, in how many seconds it wants to be asked again, and what its problem says."""

    def __init__(
        self, status: int, sentence: str, retry_after: int | None, content_range: str, told: Mapping[str, Any]
    ) -> None:
        super().__init__(sentence)
        self.status, self.retry_after, self.content_range, self.told = status, retry_after, content_range, told


class LineBroken(CantAsk):
    """The line broke, or nobody answers."""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        """Go nowhere else."""


@dataclass(frozen=True, slots=True)
class Service:
    """A host at a service: `base` is its address (`https://service/v1/essen`), `key` an access key, if there is one."""

    base: str
    key: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, address: str, key: str | None) -> "Service":
        """The service at an address. Raises `CantAsk` for another address, and for a key that would go unprotected."""
        try:
            parts = urlsplit(address)
        except ValueError as error:
            raise CantAsk(f"{address} isn't an address: {error}") from error
        before, _, tenant = parts.path.rstrip("/").rpartition("/")
        if parts.scheme not in ("http", "https") or not parts.hostname or not before.endswith("/v1") or not tenant:
            raise CantAsk(f"{address} isn't a host's address: https://SERVICE/v1/HOST")
        if parts.username or parts.query or parts.fragment:
            raise CantAsk("the address has neither a login nor a query: give a key by --api-key-file or --api-key-env")
        if key is not None and parts.scheme == "http" and not _is_here(parts.hostname):
            raise CantAsk("a key isn't sent over plain HTTP: use https")
        return cls(address.rstrip("/"), key)

    @property
    def tenant(self) -> str:
        """The host's short name."""
        return self.base.rpartition("/")[2]

    def read(self, path: str, **query: str | int) -> bytes:
        """An answer as a whole. Raises `Refused` and `LineBroken`."""
        with self.open(f"{self.base}/{path}", query) as answer:
            return _read(answer)

    def read_json(self, path: str, **query: str | int) -> Any:
        """An answer that is JSON. Raises `Refused` and `LineBroken`, also for anything else."""
        try:
            return json.loads(self.read(path, **query))
        except (ValueError, RecursionError) as error:
            raise LineBroken(f"{path}: this isn't JSON: {error}") from error

    def published_keys(self) -> bytes:
        """The host's keys as the service names them."""
        root = self.base.rpartition("/v1/")[0]
        with self.open(f"{root}/.well-known/handschlag-log-keys", {"tenant": self.tenant}) as answer:
            return _read(answer)

    def open(
        self, address: str, query: Mapping[str, str | int], headers: Mapping[str, str] | None = None
    ) -> HTTPResponse:
        """An answer whose body is still to be read. Raises `Refused` and `LineBroken`."""
        whole = f"{address}?{urlencode(query, quote_via=quote)}" if query else address
        request = urllib.request.Request(whole, headers=dict(headers or {}))  # noqa: S310 - `at` has looked at the scheme
        if self.key is not None:
            request.add_unredirected_header("Authorization", f"Bearer {self.key}")
        try:
            answer: HTTPResponse = urllib.request.build_opener(_Stay).open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            with error:
                raise _refused(error) from None
        except (OSError, HTTPException, ValueError) as error:
            raise LineBroken(f"{address}: {_reason(error)}") from error
        return answer


def _read(answer: HTTPResponse) -> bytes:
    try:
        raw = answer.read(MAX_ANSWER + 1)
    except (OSError, HTTPException) as error:
        raise LineBroken(f"the line broke: {_reason(error)}") from error
    if len(raw) > MAX_ANSWER:
        raise LineBroken("the answer is larger than it can be")
    return raw


def _refused(error: urllib.error.HTTPError) -> Refused:
    """What a problem (RFC 9457) says."""
    try:
        told = json.loads(error.read(MAX_ANSWER))
    except (OSError, HTTPException, ValueError, RecursionError):
        told = {}
    told = told if isinstance(told, dict) else {}
    seconds = (error.headers.get("Retry-After") or "").strip()
    retry = int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 6 else None
    sentence = f"{told.get('detail') or error.reason} (HTTP {error.code})"
    return Refused(error.code, sentence, retry, error.headers.get("Content-Range") or "", told)


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", None) or error or type(error).__name__)


def _is_here(host: str) -> bool:
    """Whether a name or address is this machine's loopback."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
