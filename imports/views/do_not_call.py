"""The do-not-call list: for managers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.models import DoNotCall
from config.paging import below
from imports.do_not_call import add, matching
from imports.forms import DoNotCallForm
from people import audit
from people.roles import Role, needs

PAGE = 50


@needs(Role.MANAGER)
def do_not_call(request):
    form = DoNotCallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        taken = add(form.cleaned_data["numbers"], form.cleaned_data["note"], request.user)
        if not taken.wrong:
            _say(request, taken)
            return redirect("imports:do_not_call")
        form.add_error(
            "numbers",
            _("These are not phone numbers: %(texts)s. The others were added.")
            % {"texts": ", ".join(taken.wrong[:10])},
        )
    query = request.GET.get("q", "").strip()[:30]
    return render(
        request,
        "imports/do_not_call.html",
        {
            "form": form,
            "query": query,
            "slice": below(matching(query), request.GET.get("below", ""), PAGE),
        },
        status=422 if form.errors else 200,
    )


@needs(Role.MANAGER)
@require_POST
def remove(request, pk):
    entry = get_object_or_404(DoNotCall, pk=pk)
    entry.delete()
    audit.record(request.user, "remove_do_not_call", "do-not-call list", after={"numbers": -1})
    messages.success(request, _("The number may be called again."))
    return redirect("imports:do_not_call")


def _say(request, taken) -> None:
    added = ngettext("%(n)d number was added.", "%(n)d numbers were added.", taken.added) % {"n": taken.added}
    known = ngettext("%(n)d was on the list already.", "%(n)d were on the list already.", taken.known) % {
        "n": taken.known
    }
    messages.success(request, f"{added} {known}" if taken.known else added)
