"""Lengths of time as people say them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def spoken(seconds: float | None) -> str:
    """`about 3 minutes`; '' for None."""
    if seconds is None:
        return ""
    if seconds < 50:
        return _("less than a minute")
    if seconds < 150:
        tens = 10 * round(seconds / 10)
        return ngettext("about %(n)d second", "about %(n)d seconds", tens) % {"n": tens}
    if seconds < 90 * 60:
        minutes = max(1, round(seconds / 60))
        return ngettext("about %(n)d minute", "about %(n)d minutes", minutes) % {"n": minutes}
    hours = round(seconds / 3600)
    return ngettext("about %(n)d hour", "about %(n)d hours", hours) % {"n": hours}
