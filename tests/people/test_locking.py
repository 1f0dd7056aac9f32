"""Who is locked out, how much they may send, and how long they must wait after wrong passwords."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from people import bodies, locking, throttle
from people.models import User
from people.roles import Role

pytestmark = pytest.mark.django_db


def test_locking_ends_sessions_and_links_and_letting_in_revives_none(alice):
    before = User.objects.get(pk=alice.pk)
    locking.lock_out(alice)
    assert not User.objects.get(pk=alice.pk).is_active and not locking.use_up_link(before)
    locking.let_in(alice)
    after = User.objects.get(pk=alice.pk)
    assert after.is_active and after.sessions_ended == before.sessions_ended + 2
    assert not locking.use_up_link(before)


def test_of_many_who_use_one_link_one_wins(alice):
    read = User.objects.get(pk=alice.pk)
    assert [locking.use_up_link(read) for _ in range(5)] == [True] + 4 * [False]


def test_large_bodies_are_taken_from_the_role_that_the_view_needs(alice):
    def view(request):
        raise AssertionError

    view.needs_role = Role.UPLOADER
    rule = bodies.body_rule(bodies.takes_cells(view))
    request = RequestFactory().post("/")
    request.user = alice
    assert rule.is_allowed(request, {}) and rule.largest() == bodies.many_cells() < bodies.one_file()
    request.user = AnonymousUser()
    assert not rule.is_allowed(request, {})
    assert bodies.body_rule(test_of_many_who_use_one_link_one_wins) is None


def test_wrong_tries_make_that_name_wait_at_that_address_alone(alice):
    for _ in range(throttle.WRONG_TRIES):
        assert throttle.wait_before_next_try("alice", "192.0.2.1") == timedelta(0)
        throttle.record_failure("alice", "192.0.2.1")
    assert throttle.wait_before_next_try("alice", "192.0.2.1") > timedelta(minutes=10)
    assert throttle.wait_before_next_try("alice", "192.0.2.2") == timedelta(0)
    assert throttle.wait_before_next_try("somebody else", "192.0.2.1") == timedelta(0)
