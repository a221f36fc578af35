"""Which addresses a webhook may be sent to: public ones, and those of networks that the operator names.

An integrator says the URL, our machine calls it; so it must not lead to what only our machine can reach (SSRF).
What counts is the address, never the name: `localhost`, `2130706433` and a name in somebody's DNS are all resolved
first, and the address found is judged and then connected to (`infra.streams.sending`).
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from domain.frozen import dataclass

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# The IANA special-purpose address registries (RFC 6890), without what is globally reachable. Written out, because
# `is_global` of older Pythons knows less of them.
_NOT_PUBLIC_4 = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)  # fmt: skip

_NOT_PUBLIC_6 = (
    "::/96",            # unspecified, loopback, IPv4-compatible (RFC 4291 §2.5.5.1, obsolete)
    "64:ff9b:1::/48",   # NAT64 within a site (RFC 8215)
    "100::/64", "100:0:0:1::/64",
    "2001::/23",        # IETF protocol assignments, Teredo among them
    "2001:db8::/32", "3fff::/20", "5f00::/16",
    "2002::/16",        # 6to4 (RFC 7526): it leads to any IPv4 address
    "2620:4f:8000::/48",
    "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)  # fmt: skip

_FORBIDDEN: tuple[Network, ...] = tuple(ip_network(told) for told in (*_NOT_PUBLIC_4, *_NOT_PUBLIC_6))
_UNICAST = ip_network("2000::/3")
"""All that has been given out of IPv6 for the world (RFC 4291 §2.4)."""

_MAPPED = ip_network("::ffff:0:0/96")
_NAT64 = ip_network("64:ff9b::/96")
"""Networks whose addresses hold an IPv4 address in their last 32 bits: RFC 4291 §2.5.5.2, RFC 6052 §2.1."""

MOST_NETWORKS = 64


class NetworksUnreadable(ValueError):
    """A list of networks holds something that isn't one; the message says what."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far webhooks may go: everywhere in public, and into the networks of `allowed`."""

    allowed: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, told: str) -> "Reach":
        """Networks in CIDR notation, separated by commas: `10.1.2.0/24, fd00::/64`. Raises `NetworksUnreadable`."""
        parts = [part.strip() for part in told.split(",") if part.strip()]
        if len(parts) > MOST_NETWORKS:
            raise NetworksUnreadable(f"there are more than {MOST_NETWORKS} networks")
        try:
            return cls(tuple(ip_network(part) for part in parts))
        except ValueError as error:
            raise NetworksUnreadable(f"{error}; write networks like 10.1.2.0/24, separated by commas") from None

    def admits(self, address: Address, *, encrypted: bool) -> bool:
        """Whether one may connect to `address`; without TLS only within the networks that the operator named."""
        plain = _plain(address)
        if any(plain in network for network in self.allowed):
            return True
        return encrypted and is_public(plain)

    def refuses_literal(self, host: str, *, encrypted: bool) -> bool:
        """Whether `host` is an address, and one that will never be connected to: no need to wait for a delivery."""
        address = literal(host)
        return address is not None and not self.admits(address, encrypted=encrypted)


def is_public(address: Address) -> bool:
    """Whether packets to the address go out to the world and to one receiver there."""
    plain = _plain(address)
    if plain.version == 6 and plain not in _UNICAST:
        return False
    return plain.is_global and not plain.is_multicast and not any(plain in network for network in _FORBIDDEN)


def literal(host: str) -> Address | None:
    """The address that `host` is in its one canonical way of writing (without brackets); None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def addresses(found: Sequence[str]) -> list[Address]:
    """What a resolver answered, each once, in its order; a zone (`fe80::1%eth0`) stays, and makes it not public."""
    return list(dict.fromkeys(ip_address(told) for told in found))


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, or the address itself."""
    if isinstance(address, IPv6Address) and address.scope_id is None and (address in _MAPPED or address in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
