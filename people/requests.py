"""The request of somebody who has signed in, and where a request comes from."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from people.models import User

IPV6_NETWORK = 64  # bits: one customer has them all


class SignedInRequest(HttpRequest):
    """What `people.roles.needs` hands to a view: the middleware lets nobody in who has not signed in."""

    user: User


def client_ip(request: HttpRequest) -> str:
    """The caller's address as the outermost of our own TRUSTED_PROXIES saw it, never what the caller claims; '' if unknown."""
    remote = ip_of(request.META.get("REMOTE_ADDR", ""))
    hops: list[str] = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    proxies = settings.TRUSTED_PROXIES
    return (proxies and len(hops) >= proxies and ip_of(hops[-proxies])) or remote


def ip_of(text: str) -> str:
    """The IP address that a server or a proxy wrote (with a port, in brackets, with a zone, as IPv4 in IPv6) as databases
    store it; '' where it is none."""
    bare = text.strip().partition("%")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def network_of(ip: str) -> str | None:
    """The address, or the first of the network that one customer has; None for an unknown one."""
    if not ip:
        return None
    address = ip_address(ip)
    return str(ip_network((address, IPV6_NETWORK), strict=False)[0]) if isinstance(address, IPv6Address) else ip
