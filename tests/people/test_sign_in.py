"""One-time links, the caller's address and the wait after wrong passwords."""

import pytest
from django.test import RequestFactory

from people.models import AuditEntry
from people.requests import client_ip
from people.sign_in import one_time_link
from people.throttle import WRONG_TRIES, record_failure, record_success, wait_before_next_try

ADDRESS = "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [(0, "203.0.113.9", ADDRESS), (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"), (2, "203.0.113.9", ADDRESS)],
)
def test_the_address_is_what_our_own_proxy_saw(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR=ADDRESS)
    assert client_ip(request) == expected


def test_a_link_leads_to_this_site(alice, settings):
    settings.SITE_URL = "https://rowcall.example"
    assert one_time_link(alice).startswith("https://rowcall.example/sign-in/link/?token=")


def test_wrong_passwords_make_a_name_wait_at_one_address_alone(alice):
    for _ in range(WRONG_TRIES):
        record_failure("alice", ADDRESS)
    assert wait_before_next_try("alice", ADDRESS) and not wait_before_next_try("alice", "192.0.2.2")
    record_success(alice, ADDRESS)
    assert not wait_before_next_try("alice", ADDRESS)


def test_a_name_that_nobody_has_is_not_written_down(db):
    record_failure("my secret password", ADDRESS)
    assert "secret" not in AuditEntry.objects.get().target
