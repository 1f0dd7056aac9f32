"""A base URL must not become a way into our own network: at the door, and at every connect."""

import asyncio
import socket
import threading

import pytest

from campaigns.whattalk.addresses import UnusableAddress, check_base_url, is_public
from campaigns.whattalk.client import WhatTalkClient, call
from campaigns.whattalk.errors import Unreachable
from campaigns.whattalk.replies import NotAccepted, RetryReason

from .conftest import lead

LOCAL_HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0", "0.0.0.0", "10.0.0.5", "172.16.0.1",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "db.internal", "printer.local", "router.home.arpa",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]",
    "[ff02::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2002:c0a8:101::]", "[::127.0.0.1]", "[2001:db8::1]",
    "[fec0::1]", "192.0.0.8", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.175.48.1", "203.0.113.5",
    "[64:ff9b:1::1]", "[64:ff9b::a9fe:a9fe]", "[100::1]", "[5f00::1]", "[3fff::1]", "[2001::1]", "[2001:2::1]", "[2001:10::1]",
    "[2001:20::1]", "[2002:808:808::1]", "[2620:4f:8000::1]", "[::ffff:0:127.0.0.1]", "[2606:4700::5efe:10.0.0.1]", "[4000::1]",
]  # fmt: skip


def refusal(url: str, **options) -> str:
    with pytest.raises(UnusableAddress) as refused:
        check_base_url(url, **options)
    return refused.value.code


@pytest.mark.parametrize("host", LOCAL_HOSTS)
def test_addresses_of_a_private_network_are_refused(host):
    assert refusal(f"https://{host}/api") == "local"


@pytest.mark.parametrize(("url", "code"), [
    ("http://app.whattalk.ai/api", "not_https"),
    ("ftp://app.whattalk.ai/api", "malformed"),
    ("app.whattalk.ai/api", "malformed"),
    ("https:///api", "malformed"),
    ("", "malformed"),
    ("https://", "malformed"),
    ("https://app.whattalk.ai:port/api", "malformed"),
    ("https://app.whattalk.ai:99999/api", "malformed"),
    ("https://app.whattalk.ai/api?x=1", "malformed"),
    ("https://app.whattalk.ai/api#x", "malformed"),
    ("https://app.whattalk.ai\\@10.0.0.1/api", "malformed"),
    ("https://app.whattalk.ai/a pi", "malformed"),
    ("https://app.whattalk.ai/\r\nHost: x", "malformed"),
    ("https://①②⑦.⓪.⓪.①/api", "malformed"),
    ("https://[::1/api", "malformed"),
    ("https://admin:secret@app.whattalk.ai/api", "userinfo"),
    ("https://app.whattalk.ai@10.0.0.1/api", "userinfo"),
    ("https://@app.whattalk.ai/api", "userinfo"),
])  # fmt: skip
def test_an_address_is_refused_for_a_reason(url, code):
    assert refusal(url) == code


def test_a_usable_address_loses_its_trailing_slash():
    assert check_base_url(" https://app.whattalk.ai/api/ ") == "https://app.whattalk.ai/api"


def test_the_operator_may_allow_local_addresses_and_plain_http():
    assert check_base_url("http://127.0.0.1:8001/api", allow_local=True) == "http://127.0.0.1:8001/api"
    assert refusal("http://a:b@127.0.0.1/api", allow_local=True) == "userinfo"


def test_the_operator_may_name_the_only_hosts():
    assert check_base_url("https://App.WhatTalk.ai./api", allowed_hosts={"app.whattalk.ai"})
    assert refusal("https://evil.example/api", allowed_hosts={"app.whattalk.ai"}) == "not_allowed"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://a.example:22/api", "port"),
        ("https://a.example:0/api", "port"),
        ("https://a.example/api", ""),
        ("https://a.example:80", ""),
    ],
)
def test_the_operator_says_which_ports(url, code):
    if code:
        assert refusal(url, allowed_ports={80, 443}) == code
    else:
        assert check_base_url(url, allowed_ports={80, 443})
    assert check_base_url("http://127.0.0.1:22", allow_local=True, allowed_ports={443})


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "192.0.1.1",
        "2001:4860:4860::8888",
        "2606:4700::5efe:8.8.8.8",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "fe80::1%eth0",
    ],
)
def test_public_is_what_the_internet_can_reach(address):
    assert is_public(address) == ("fe80" not in address)


@pytest.fixture
def trap():
    """A local server that counts who comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        visitors: list = []

        def count() -> None:
            while True:
                try:
                    visitors.append(server.accept())
                except OSError:
                    return

        waiting = threading.Thread(target=count, daemon=True)
        waiting.start()
        yield server.getsockname()[1], visitors
        server.shutdown(socket.SHUT_RDWR)
        waiting.join(5)


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_a_name_that_leads_into_our_network_is_not_connected_to(trap, monkeypatch, address):
    """DNS rebinding: the name was harmless when it was entered."""
    port, visitors = trap
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    where = (address, port, 0, 0) if ":" in address else (address, port)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **options: [(family, socket.SOCK_STREAM, 6, "", where)])

    async def knock():
        async with WhatTalkClient(f"https://harmless.example:{port}/api", "key") as client:
            return await client.create_lead(lead())

    assert asyncio.run(knock()) == NotAccepted(RetryReason.NOT_SENT, "the address leads into a private network")
    assert visitors == []


def test_every_address_of_a_name_is_looked_at(trap, monkeypatch):
    port, visitors = trap
    addresses = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0)),
                 (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
                 (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.255.255.1", port))]  # fmt: skip
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **options: addresses)
    with pytest.raises(Unreachable, match="private network") as refused:
        call(f"https://harmless.example:{port}/api", "key", lambda client: client.me())
    assert not refused.value.sent and visitors == []


def test_the_address_is_checked_before_anything_is_opened():
    with pytest.raises(UnusableAddress):
        WhatTalkClient("https://169.254.169.254/latest", "key")
