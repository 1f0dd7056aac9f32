"""Which addresses may be sent a key and people's numbers.

The base URL of an account is typed in by an admin, so it must not become a way into our own
network. It is checked twice: `check_base_url` when it is entered, and `refuse_local` at every connect,
on the very address about to be connected to (a name can point elsewhere a second later).

Public is an address of global unicast that no special-purpose registry of IANA names (RFC 6890 and what came later), and
that does not stand for an address that is not public. A network's own prefix for NAT64 cannot be told from its addresses.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # all of IPv6 that has been given out
# What `is_global` of some versions of Python takes for public.
_SPECIAL = [
    *map(
        ipaddress.ip_network,
        """
        0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24
        192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
        224.0.0.0/4 240.0.0.0/4
        2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20
        """.split(),
    )
]
_ISATAP = (0x00005EFE, 0x02005EFE)  # the third quarter of an address whose last one is an IPv4 address
_NUMERIC_HOST = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE)
_LOCAL_NAME = re.compile(r"(localhost|.*\.(localhost|local|internal|home\.arpa))\.?", re.IGNORECASE)


class UnusableAddress(ValueError):
    """`code` says what is wrong with a base URL; the sentence for people is the caller's.

    malformed    not an address of the form https://host[:port]/path
    not_https    the key would travel in the clear
    userinfo     holds a user name or password
    local        points into a private network
    not_allowed  the host is not among those the operator allows
    port         the port is not among those the operator allows
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LocalAddress(OSError):
    """A name led to an address of a private network; no connection was made."""


def check_base_url(
    url: str, *, allow_local: bool = False, allowed_hosts: Collection[str] = (), allowed_ports: Collection[int] = ()
) -> str:
    """The base URL without its trailing slash; `UnusableAddress` otherwise.

    `allow_local`: set by the operator alone, permits plain http and private addresses (sandbox, tests).
    `allowed_hosts`: when not empty, the only hosts accepted (exact names, lower case); `allowed_ports` likewise.
    """
    parts = _split(url)
    host = (parts.hostname or "").lower()
    if parts.username is not None or parts.password is not None:
        raise UnusableAddress("userinfo")
    if parts.scheme != "https" and not (allow_local and parts.scheme == "http"):
        raise UnusableAddress("not_https" if parts.scheme == "http" else "malformed")
    if not allow_local and _is_local_host(host):
        raise UnusableAddress("local")
    if allowed_hosts and host.rstrip(".") not in allowed_hosts:
        raise UnusableAddress("not_allowed")
    if allowed_ports and not allow_local and (443 if parts.port is None else parts.port) not in allowed_ports:
        raise UnusableAddress("port")
    return url.strip().rstrip("/")


def _split(url: str) -> SplitResult:
    text = url.strip()
    if not text.isascii() or not text.isprintable() or set(text) & set(" \\?#"):
        raise UnusableAddress("malformed")
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises ValueError when it is not a number
    except ValueError:
        raise UnusableAddress("malformed") from None
    if not parts.hostname:
        raise UnusableAddress("malformed")
    return parts


def _is_local_host(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        # 127.1, 0x7f.1 and 2130706433 are addresses to a resolver though not to `ipaddress`.
        return bool(_NUMERIC_HOST.fullmatch(host) or _LOCAL_NAME.fullmatch(host))


def is_public(address: str) -> bool:
    """Whether an IP address (text, an IPv6 zone allowed) belongs to the open internet."""
    return _is_public(ipaddress.ip_address(address.partition("%")[0]))


def _is_public(ip: IPAddress) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and (inner := _stands_for(ip)) is not None:
        return _is_public(inner)
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in _GLOBAL_UNICAST or _ends_in_a_private_address(ip)):
        return False
    return ip.is_global and not any(ip in network for network in _SPECIAL if network.version == ip.version)


def _stands_for(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that packets to this one go to (IPv4-mapped, NAT64); None for any other. 6to4 and Teredo, which nobody
    offers a service at, are special-purpose addresses as a whole."""
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip.ipv4_mapped


def _ends_in_a_private_address(ip: ipaddress.IPv6Address) -> bool:
    """Whether it is an address of ISATAP, which leads to an IPv4 address, and that one is not public."""
    third, last = int(ip) >> 32 & 0xFFFFFFFF, int(ip) & 0xFFFFFFFF
    return third in _ISATAP and not _is_public(ipaddress.IPv4Address(last))


def refuse_local(address: str) -> None:
    """`LocalAddress` unless this address, about to be connected to, is public."""
    if not is_public(address):
        # The same text for every address: only then does the connector pass this very exception on.
        raise LocalAddress("belongs to a private network")
