"""Where a request comes from."""

import pytest

from people.requests import client_ip, ip_of

SERVER = "192.0.2.1"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" 203.0.113.9 ", "203.0.113.9"),
        ("203.0.113.9:51234", "203.0.113.9"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]:51234", "2001:db8::1"),
        ("[2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
        ("unix:", ""),
        ("unknown", ""),
        ("203.0.113.999", ""),
        ("203.0.113.09", ""),
        ("<script>", ""),
        ("٢٠٣.0.113.9", ""),
    ],
)
def test_an_address_is_as_databases_store_it(text, address):
    assert ip_of(text) == address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", SERVER),
        (1, None, SERVER),
        (1, "", SERVER),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),  # what the caller claims stands in front
        (1, "198.51.100.7, ,203.0.113.9,", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9:80, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", SERVER),  # not through both: somebody has come past one of them
        (1, "203.0.113.9, nonsense", SERVER),
    ],
)
def test_the_address_is_what_our_own_proxy_saw(rf, settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    assert client_ip(rf.get("/", headers=headers, REMOTE_ADDR=SERVER)) == expected


def test_a_server_that_knows_no_address_gives_none(rf, settings):
    settings.TRUSTED_PROXIES = 0
    assert client_ip(rf.get("/", REMOTE_ADDR="")) == ""
