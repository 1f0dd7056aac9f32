"""One-time links and the wait after wrong passwords."""

from people.models import AuditEntry
from people.sign_in import one_time_link
from people.throttle import WRONG_TRIES, record_failure, record_success, wait_before_next_try

ADDRESS = "192.0.2.1"


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
