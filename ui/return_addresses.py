"""Where a person comes back to: the page of an address that only takes what is sent to it, or that answers a part of a page."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST
from django_htmx.middleware import HtmxDetails

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponseBase]


class HomePage(NamedTuple):
    """The page that an address belongs to: its name, the arguments of the address that it takes, and a place on it."""

    name: str
    takes: tuple[str, ...]
    place: str  # query and fragment, with arguments of the address: `?at=%(number)s#row-%(number)s`

    def address(self, arguments: Mapping[str, Any]) -> str:
        return reverse(self.name, kwargs={name: arguments[name] for name in self.takes}) + self.place % arguments


def part_of(page: str, *takes: str, place: str = "") -> Callable[[View[R, P]], View[R, P]]:
    """Mark a view whose answer is no page of its own. `takes`: those of its arguments that `page` takes."""

    def mark(view: View[R, P]) -> View[R, P]:
        view.home_page = HomePage(page, takes, place)  # type: ignore[attr-defined]  # read by page_of
        return view

    return mark


def post_only(
    page: str, *takes: str, place: str = "", may_see: Callable[[Any, Any], object] = lambda _request, _pk: None
) -> Callable[[View[R, P]], View[R, P]]:
    """Let a view be reached by POST only. Who opens its address (after signing in, from the history of the browser) gets its page.

    `may_see(request, pk)` raises where there is nothing for this person, as the view itself does."""

    def decorate(view: View[R, P]) -> View[R, P]:
        posted = require_POST(view)

        @part_of(page, *takes, place=place)
        @wraps(view)
        def to_page_unless_posted(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method in ("GET", "HEAD"):
                may_see(request, kwargs.get("pk"))
                return HttpResponseRedirect(HomePage(page, takes, place).address(kwargs))
            return posted(request, *args, **kwargs)

        return to_page_unless_posted

    return decorate


def page_of(address: str) -> str:
    """The page (path, query, fragment) that a path of ours leads to: itself, or the page that it belongs to."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return address
    home_page: HomePage | None = getattr(match.func, "home_page", None)
    return home_page.address(match.kwargs) if home_page else address


def return_address(request: HttpRequest) -> str:
    """The page from which this request was made, or that it was made for: where its person goes on after signing in."""
    page = page_of(request.get_full_path())
    came_from = _page_before(request)
    if not came_from or not (HtmxDetails(request) or request.method == "POST"):
        return page
    before, fragment = page_of(came_from), urlsplit(page).fragment
    if not HtmxDetails(request) and not before.startswith(urlsplit(page).path):
        return page
    return f"{before.partition('#')[0]}#{fragment}" if fragment else before


def _page_before(request: HttpRequest) -> str:
    """Path and query of the page of ours from which the request was made; '' where the browser does not say."""
    address = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if address.netloc != request.get_host() or not address.path.startswith("/") or address.path.startswith("//"):
        return ""
    return address._replace(scheme="", netloc="", fragment="").geturl()


def sent_to(request: HttpRequest, address: str) -> HttpResponse:
    """Send the whole page to `address`, also where only a part of it was asked for."""
    if HtmxDetails(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
