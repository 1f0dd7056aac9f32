"""What looks wrong with a list as a whole."""

from django.utils.translation import gettext_lazy as _

from imports.messages.message import Message

LIST_MESSAGES = {
    "sequential_numbers": Message(
        _("%(count)s numbers count upwards one by one, up to row %(row)s."),
        _("Real lists do not look like this. Make sure that the numbers are people's own before you send."),
    ),
    "repeated_number": Message(
        _("One number stands in %(count)s rows, first in row %(row)s."),
        _("See whether it is a switchboard or a placeholder. It would be called only once."),
    ),
    "many_repeated_numbers": Message(
        _("%(count)s rows repeat a number from a row above."),
        _("See whether two lists were joined. Each number would be called only once."),
    ),
    "mostly_fixed_lines": Message(
        _("%(percent)s%% of the numbers are fixed lines."),
        _("See whether the column of mobile numbers was meant."),
    ),
    "mostly_foreign": Message(
        _("%(percent)s%% of the numbers are outside %(country)s."),
        _("See whether the phone format fits this file: a wrong country turns numbers into those of strangers."),
    ),
    "phone_in_variable": Message(
        _("The column for “%(field)s” holds phone numbers."),
        _("See whether two columns were swapped."),
    ),
}
