"""Tags that every page uses: icons, form fields, error lists, the pager, the outcome bar."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, Select
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ui.outcome_bar import Segment, rectangles

register = template.Library()


# Pictures of a direction: where one reads from right to left they point the other way.
DIRECTIONAL_ICONS = frozenset(["arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-out", "redo-2", "undo-2"])


@register.simple_tag
def icon(name: str, size: str = "") -> str:
    """A picture beside words that say the same; a screen reader skips it."""
    extra = (f" icon-{size}" if size else "") + (" icon-turns" if name in DIRECTIONAL_ICONS else "")
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra,
        static("img/icons.svg"),
        name,
    )


@register.inclusion_tag("_field.html")
def field(bound: BoundField, extra_class: str = "") -> dict[str, object]:
    """One form field with its label, help and errors."""
    widget = bound.field.widget
    context: dict[str, object] = {
        "field": bound,
        "extra_class": extra_class,
        "is_check": getattr(widget, "input_type", "") == "checkbox" and not bound.use_fieldset,
    }
    if type(widget) is Select:
        # Django renders each option by a template of its own; for six hundred time zones that takes a fifth of a second
        attributes = widget.build_attrs(widget.attrs, bound.build_widget_attrs({"id": bound.auto_id}))
        context |= {
            "options": list(widget.choices),
            "attributes": flatatt(attributes),
            "value": str(bound.value() if bound.value() is not None else ""),
        }
    return context


@register.filter
def is_question(label: str) -> bool:
    """Whether a field asks; then no colon follows it."""
    return str(label).rstrip().endswith("?")


@register.inclusion_tag("_errors.html")
def errors(*forms: BaseForm | None) -> dict[str, object]:
    """The errors of all forms, on top of the page, each naming its field; the focus goes there."""
    return {"forms": [form for form in forms if form and form.errors]}


@register.simple_tag
def ago(moment: datetime) -> str:
    """`3 minutes ago`; the exact moment is its title, and what machines read."""
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact(moment), naturaltime(moment))


@register.simple_tag
def moment(moment: datetime) -> str:
    """`28 Nov 2026, 14:03 (3 minutes ago)`."""
    return format_html(
        '<time datetime="{}">{} <span class="nowrap">({})</span></time>', moment.isoformat(), exact(moment), naturaltime(moment)
    )


@register.filter
def exact(moment: datetime) -> str:
    """`28 Nov 2026, 14:03`, in the time zone of the instance."""
    return formats.date_format(timezone.localtime(moment), _("j M Y, H:i"))


@register.inclusion_tag("_pager.html", takes_context=True)
def pager(context: template.Context, page: "Page[Any]") -> dict[str, object]:
    """Earlier and later pages of `page` (of a paginator), keeping the filters in the address."""
    return {"page": page, "request": context["request"]}


@register.simple_tag(takes_context=True)
def here(context: template.Context, *prefixes: str) -> str:
    """`aria-current` for a menu entry whose pages begin with one of `prefixes`."""
    path = context["request"].path
    is_current = any(path == prefix or (prefix != "/" and path.startswith(prefix)) for prefix in prefixes)
    return format_html(' aria-current="{}"', "page") if is_current else ""


@register.simple_tag
def percent(n: int) -> str:
    """`62%`, and in Turkish `%62`."""
    return pgettext("percentage", "%(n)s%%") % {"n": n}


@register.inclusion_tag("_bar.html")
def bar(segments: Iterable[Segment], size: str = "", legend: bool = False) -> dict[str, object]:
    """The outcome bar of `segments` and, where `legend` is true, its legend."""
    shown = list(segments)
    return {"segments": shown, "rectangles": rectangles(shown), "size": size, "legend": legend}
