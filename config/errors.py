"""Pages for when something is not there, not allowed or broken. They tell what to do, and nothing of the inside."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from people.middleware import open_to_all


def forbidden(request, exception=None):
    return render(request, "errors/403.html", status=403)


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def unusable(request, exception=None):
    """A request that makes no sense, or holds more than is taken."""
    return render(request, "errors/400.html", status=400)


def broken(request):
    """Without the request: what gathers facts for other pages may be the very thing that broke."""
    return HttpResponseServerError(render_to_string("errors/500.html"))


@open_to_all
def stale_form(request, reason=""):
    """A form without a valid token: an old tab, or another site posing as us."""
    return render(request, "errors/csrf.html", status=403)
