"""What every page knows of the instance and its user."""

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from config.context import instance
from tests.builders import an_account


def context_for(user) -> dict[str, object]:
    request = RequestFactory().get("/")
    request.user = user
    return instance(request)


def test_a_visitor_learns_nothing(db):
    an_account(is_sandbox=True)
    context = context_for(AnonymousUser())
    assert (context["is_sandbox"], context["may_manage"], context["may_administer"]) == (False, False, False)


def test_a_user_is_shown_what_the_role_may_do(alice, adam):
    an_account(is_sandbox=True)
    assert [context_for(alice)[name] for name in ("is_sandbox", "may_manage", "may_administer")] == [True, False, False]
    assert context_for(adam)["may_administer"]
