"""Who may see a page at all, and in which language."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import translation

from people import audit
from people.models import User
from people.requests import client_ip
from people.second_factor_rules import is_owed
from people.sessions import note_seen
from ui.return_addresses import return_address, sent_to

View = Callable[..., HttpResponseBase]
SomeView = TypeVar("SomeView", bound=View)
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def open_to_all(view: SomeView) -> SomeView:
    """Mark a view that may be seen without signing in."""
    view.open_to_all = True  # type: ignore[attr-defined]  # read by SignInRequired
    return view


def before_second_factor(view: SomeView) -> SomeView:
    """Mark a view for who must set up a second factor and has not done so yet."""
    view.before_second_factor = True  # type: ignore[attr-defined]  # read by SignInRequired
    return view


def probe(view: SomeView) -> SomeView:
    """Mark a view by which machines ask whether this one is well: it is answered even while pages wait for their turn."""
    view.is_probe = True  # type: ignore[attr-defined]  # read by config.serving
    return view


class SignInRequired:
    """Default deny: every view wants somebody signed in unless it is marked `open_to_all`, and from whom a second factor is required
    that it is set up, unless the view is marked `before_second_factor`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if getattr(view, "open_to_all", False):
            return None
        if not request.user.is_authenticated:
            return sent_to(request, redirect_to_login(return_address(request), settings.LOGIN_URL).url)
        if not getattr(view, "before_second_factor", False) and is_owed(request.user):
            return sent_to(request, reverse("people:my_second_factor"))
        return None


class SessionIsSeen:
    """The list of a person's sessions says when each was used last."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.session.session_key and request.user.is_authenticated:
            note_seen(request)
        return self.get_response(request)


class CallerIsKnown:
    """What is recorded during a request carries its caller's address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with audit.called_from(client_ip(request)):
            return self.get_response(request)


class NothingIsCached:
    """No browser and no proxy keeps what a signed-in person has seen: the next one at that machine may be somebody else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Whose a failed request is, is not asked: the database that would say it may be what is away.
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response


class LanguageOfTheUser:
    """A signed-in user's own choice of language wins over the browser's; who has chosen none gets mails in the language of the pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        elif request.user.is_authenticated and "HX-Request" not in request.headers:
            _note_language(request.user, request.LANGUAGE_CODE)
        return self.get_response(request)


def _note_language(person: User, language: str) -> None:
    """Written once for each change: parts of a page that are asked for by themselves are not looked at."""
    if person.last_language != language:
        User.objects.filter(pk=person.pk).update(last_language=language)
