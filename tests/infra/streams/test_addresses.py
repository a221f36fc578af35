"""Which addresses webhooks may be sent to: the world's, and what the operator allows, however they are written."""

import socket
from ipaddress import ip_address

import pytest

from infra.streams.addresses import NetworksUnreadable, Reach, is_public, literal

INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",  # noqa: S104
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b:1::808:808", "100::1", "2001::1", "2001:0:7f00:1::1", "2001:db8::1", "2002:7f00:1::",
    "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1",
    "4000::1",
]  # fmt: skip

OUTSIDE = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111", "2a01:4f8::1",
           "::ffff:8.8.8.8", "64:ff9b::808:808"]  # fmt: skip


@pytest.mark.parametrize("told", INSIDE)
def test_an_address_inside_is_never_called(told: str) -> None:
    """Given an address that isn't the world's, in whatever clothes, when it is judged, then it isn't public."""
    assert not is_public(ip_address(told))
    assert not Reach().admits(ip_address(told), encrypted=True)


@pytest.mark.parametrize("told", OUTSIDE)
def test_an_address_of_the_world_is_called_under_tls_alone(told: str) -> None:
    """Given a public address, when it is judged, then it may be called, and not without encryption."""
    assert Reach().admits(ip_address(told), encrypted=True)
    assert not Reach().admits(ip_address(told), encrypted=False)


@pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "0x7f.1", "0x7f000001", "127.1", "localhost"])
def test_odd_ways_to_write_loopback_come_to_loopback(host: str) -> None:
    """Given a host that isn't written as an address, when the system resolves it, then what it finds is refused."""
    assert literal(host) is None
    found = {told[4][0] for told in socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM)}
    assert found
    assert not any(is_public(ip_address(each)) for each in found)


def test_the_operator_may_open_a_network() -> None:
    """Given a network that the operator named, when its addresses are judged, then they alone may be called inside."""
    reach = Reach.parse("10.1.2.0/24, fd00::/64")
    assert reach.admits(ip_address("10.1.2.3"), encrypted=False)
    assert reach.admits(ip_address("::ffff:10.1.2.3"), encrypted=False)
    assert reach.admits(ip_address("fd00::1"), encrypted=True)
    assert not reach.admits(ip_address("10.1.3.3"), encrypted=True)
    assert not reach.admits(ip_address("127.0.0.1"), encrypted=True)


@pytest.mark.parametrize("told", ["10.1.2.3/24", "localhost", "10.0.0.0/33", ",".join(["10.0.0.0/8"] * 65)])
def test_a_list_of_networks_that_isnt_one_is_refused(told: str) -> None:
    """Given a slip of the pen, when the list is read, then it is refused, rather than opening what nobody meant."""
    with pytest.raises(NetworksUnreadable):
        Reach.parse(told)
