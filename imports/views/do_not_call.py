"""The do-not-call list: for managers."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from background.queue import enqueue
from campaigns import do_not_call_list
from campaigns.access import is_limited, visible_campaigns, visible_do_not_call
from imports.do_not_call import lists, numbers
from imports.errors import WorkflowError
from imports.forms.do_not_call import DoNotCallForm
from imports.intake.upload_handler import TOO_LARGE
from imports.models import NumberList
from imports.pages.do_not_call import lists_read, settlements_of, settlements_waiting
from imports.views.error_handling import sentence_of
from people.bodies import takes_a_file
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.keyset_pagination import below

PAGE = 50
NAMED = 10  # texts that are no numbers


@takes_a_file
@needs(Role.MANAGER)
def do_not_call(request: SignedInRequest) -> HttpResponse:
    form = DoNotCallForm(request.POST or None, request.FILES or None, campaigns=visible_campaigns(request.user))
    if getattr(request, TOO_LARGE, False):
        form.add_error("file", sentence_of(WorkflowError("upload_too_large", limit=settings.MAX_UPLOAD_BYTES // 1024**2)))
    elif request.method == "POST" and form.is_valid() and _add(request, form):
        return redirect("imports:do_not_call")
    query = request.GET.get("q", "").strip()[:30]
    listed = do_not_call_list.matching(query, among=visible_do_not_call(request.user))
    page = below(listed, request.GET.get("below", ""), PAGE)
    return render(
        request,
        "imports/do_not_call.html",
        {
            "form": form,
            "query": query,
            "slice": page,
            "waiting": settlements_waiting(request.user),
            "settled": settlements_of(request.user, page.rows),
            "lists": lists_read(request.user),
        },
        status=422 if form.errors else 200,
    )


@needs(Role.MANAGER)
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks first: somebody may be called again."""
    entry = get_object_or_404(visible_do_not_call(request.user).select_related("campaign", "added_by"), pk=pk)
    if entry.campaign_id is None and is_limited(request.user):
        messages.error(
            request, _("This number must not be called in any campaign: only somebody who sees all campaigns takes it off.")
        )
        return redirect("imports:do_not_call")
    if request.method != "POST":
        return render(request, "imports/do_not_call_remove.html", {"entry": entry})
    do_not_call_list.remove(visible_do_not_call(request.user).filter(pk=pk), user=request.user, campaign=entry.campaign)
    messages.success(request, _("The number may be called again."))
    return redirect("imports:do_not_call")


def _add(request: SignedInRequest, form: DoNotCallForm) -> bool:
    """Take what was entered; whether nothing of it is left to be corrected."""
    data = form.cleaned_data
    about = {"campaign": data["campaign"], "note": data["note"], "user": request.user}
    lines = data["numbers"].splitlines()
    try:
        if data["file"]:
            _enqueue_reading(lists.accept(data["file"].chunks(), data["file"].name, **about), request)
        if len(lines) > settings.ROWS_IN_A_REQUEST:
            _enqueue_reading(lists.accept([data["numbers"].encode("utf-8", "replace")], "", **about), request)
            return True
    except WorkflowError as error:
        form.add_error("file" if data["file"] else "numbers", sentence_of(error))
        return False
    part = numbers.of_texts(lines)
    if part.numbers:
        _report_added(request, do_not_call_list.add(part.numbers, **about))
        enqueue("imports.tasks.search_do_not_call")
    if part.doubtful:
        texts = ", ".join(one.text for one in part.doubtful[:NAMED])
        form.add_error("numbers", _("These are not phone numbers: %(texts)s. The others were added.") % {"texts": texts})
    return not part.doubtful


def _enqueue_reading(one: NumberList, request: SignedInRequest) -> None:
    enqueue("imports.tasks.read_number_list", one.pk)
    messages.success(request, _("The list is being read. The result is shown below."))


def _report_added(request: SignedInRequest, taken: do_not_call_list.Added) -> None:
    added = ngettext("%(n)d number was added.", "%(n)d numbers were added.", taken.new) % {"n": taken.new}
    known = ngettext("%(n)d was on the list already.", "%(n)d were on the list already.", taken.known) % {"n": taken.known}
    messages.success(request, f"{added} {known}" if taken.known else added)
