"""Which addresses may be sent a key and people's numbers.

The base URL of an account is typed in by an admin, so it must not become a way into our own
network. It is checked twice: `check_base_url` when it is entered, and `refuse_local` at every connect,
on the very address about to be connected to (a name can point elsewhere a second later).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NUMERIC_HOST = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE)
_LOCAL_NAME = re.compile(r"(localhost|.*\.(localhost|local|internal|home\.arpa))\.?", re.IGNORECASE)


class UnusableAddress(ValueError):
    """`code` says what is wrong with a base URL; the sentence for people is the caller's.

    malformed    not an address of the form https://host[:port]/path
    not_https    the key would travel in the clear
    userinfo     holds a user name or password
    local        points into a private network
    not_allowed  the host is not among those the operator allows
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LocalAddress(OSError):
    """A name led to an address of a private network; no connection was made."""


def check_base_url(url: str, *, allow_local: bool = False, allowed_hosts: Collection[str] = ()) -> str:
    """The base URL without its trailing slash; `UnusableAddress` otherwise.

    `allow_local`: set by the operator alone, permits plain http and private addresses (sandbox, tests).
    `allowed_hosts`: when not empty, the only hosts accepted (exact names, lower case).
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
    ip = _innermost(ipaddress.ip_address(address.partition("%")[0]))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _innermost(ip: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, Teredo, NAT64), else itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


def refuse_local(address: str) -> None:
    """`LocalAddress` unless this address, about to be connected to, is public."""
    if not is_public(address):
        # The same text for every address: only then does the connector pass this very exception on.
        raise LocalAddress("belongs to a private network")
