"""Who may see a page at all, and in which language."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.utils import translation


def open_to_all(view):
    """Mark a view that may be seen without signing in."""
    view.open_to_all = True
    return view


class SignInRequired:
    """Default deny: every view wants somebody signed in unless it is marked `open_to_all`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.user.is_authenticated or getattr(view, "open_to_all", False):
            return None
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


class LanguageOfThePerson:
    """A signed-in person's own choice of language wins over the browser's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)
