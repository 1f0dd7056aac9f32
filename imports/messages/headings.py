"""Reasons as headings over many rows: two to four words, where the sentence of one row would name its own digits."""

from django.utils.translation import gettext_lazy as _

from imports.messages.lookup import sentence

HEADINGS = {
    "missing_required": _("Required field is empty"),
    "phone_missing": _("No phone number"),
    "phone_not_a_number": _("Not a phone number"),
    "phone_spreadsheet_error": _("Spreadsheet error"),
    "phone_boolean": _("True or false"),
    "phone_percentage": _("A percentage"),
    "phone_money": _("An amount of money"),
    "phone_date": _("A date or time"),
    "phone_decimal": _("A decimal number"),
    "phone_shortened": _("Shortened by Excel"),
    "phone_masked": _("Digits hidden"),
    "phone_extension": _("Has an extension"),
    "phone_two_numbers": _("Two numbers in a cell"),
    "phone_letters": _("Letters in it"),
    "phone_unexpected_characters": _("Odd characters"),
    "phone_no_dialing_code": _("Country not known"),
    "phone_unknown_dialing_code": _("Unknown dialing code"),
    "phone_too_short": _("Too short"),
    "phone_too_long": _("Too long"),
    "phone_no_such_number": _("No such number"),
    "phone_area_code_missing": _("Area code missing"),
    "phone_ambiguous": _("Could be two numbers"),
    "phone_repeated_digit": _("One digit repeated"),
    "phone_emergency": _("Emergency number"),
    "phone_short_number": _("Short number"),
    "phone_premium": _("Premium number"),
    "phone_shared_cost": _("Shared-cost number"),
    "phone_service": _("Service number"),
    "phone_pager": _("Pager"),
    "totals_row": _("End of the table"),
    "repeated_header": _("Header repeated"),
    "contact_line": _("A line about the list"),
    "another_table": _("Another table"),
    "below_list_of_noes": _("In a list of people not to call"),
    "surplus_cells": _("Too many cells"),
    "cell_too_long": _("Cell too long"),
    "text_after_quote": _("Broken quotation marks"),
    "value_too_long": _("Value too long"),
    "cell_error": _("Spreadsheet error"),
    "damaged_characters": _("Unreadable characters"),
    "letters_repaired": _("Damaged letters repaired"),
    "country_unknown": _("Country not known"),
    "consent_unclear": _("Consent not clear"),
    "consent_missing": _("Consent not stated"),
    "consent_unmarked": _("Consent not marked"),
    "phone_fax": _("A fax or pager"),
    "phone_label_fax": _("A fax or pager"),
    "phone_fax_replaced": _("Other number instead of a fax"),
    "phone_order_by_label": _("Called in the order of labels"),
    "secondary_fax": _("Secondary contact left out: a fax"),
    "secondary_invalid": _("Secondary contact left out: not a number"),
    "secondary_same_as_primary": _("Secondary contact left out: same number"),
    "secondary_do_not_call": _("Secondary contact left out: must not be called"),
    "secondary_forgotten": _("Secondary contact left out: data deleted at their request"),
    "secondary_taken_out": _("Secondary contact taken out: must not be called"),
    "secondary_repeated": _("Secondary contact left out: repeated"),
}


def heading_of(code: str) -> str:
    """The heading, else the sentence of a reason that has none."""
    return str(HEADINGS.get(code) or sentence(code))
