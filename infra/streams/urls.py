"""What an endpoint's URL may look like. Where it leads is another question: `infra.streams.addresses` answers that."""

import re
from urllib.parse import urlsplit

from infra.streams.addresses import Reach, literal

LONGEST = 2000

_VISIBLE = re.compile(r"[!-~]+")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


class UrlUnusable(ValueError):
    """A URL that nothing will be sent to; the message says why."""


def checked(told: str, reach: Reach) -> str:
    """`told` if it can be an endpoint's URL. Raises `UrlUnusable`."""
    if not 1 <= len(told) <= LONGEST or not _VISIBLE.fullmatch(told) or "\\" in told:
        raise UrlUnusable(f"It is at most {LONGEST} visible ASCII characters; write a name like xn--….")
    try:
        parts = urlsplit(told)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise UrlUnusable("It isn't a URL: https://example.org/handschlag") from None
    if parts.scheme not in {"https", "http"} or not told.startswith(f"{parts.scheme}://"):
        raise UrlUnusable("It begins with https://.")
    if parts.username is not None or parts.password is not None or "#" in told:
        raise UrlUnusable("It holds no user name, no password and no fragment: messages are known by their signature.")
    if port == 0 or not _is_host(host):
        raise UrlUnusable("It names a host, and a port only if it isn't the usual one.")
    encrypted = parts.scheme == "https"
    if not encrypted and not reach.allowed:
        raise UrlUnusable("It begins with https://.")
    if reach.refuses_literal(host, encrypted=encrypted):
        raise UrlUnusable("Its address isn't public.")
    return told


def _is_host(host: str) -> bool:
    """An address written canonically, or a name; never a number that a resolver would take for an address."""
    if literal(host) is not None:
        return "%" not in host
    labels = host.split(".")
    named = len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    return named and not _NUMBER.fullmatch(labels[-1])
