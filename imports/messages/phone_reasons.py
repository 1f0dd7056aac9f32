"""What was found in phone numbers. `%(country)s` is the name of the country whose region code is the reason's `region`."""

from django.utils.translation import gettext_lazy as _

from imports.messages.message import Message

PHONE_MESSAGES = {
    "phone_missing": Message(_("The phone number is missing."), _("Fill in the cell.")),
    "phone_not_a_number": Message(
        _("“%(text)s” is not a phone number."),
        _("Type the phone number in digits, or leave the row out."),
    ),
    "phone_spreadsheet_error": Message(
        _("The cell shows a spreadsheet error: %(text)s"),
        _("Correct the formula, or type the phone number itself."),
    ),
    "phone_boolean": Message(_("The cell says %(text)s, not a phone number."), _("Type the phone number in digits.")),
    "phone_percentage": Message(_("%(text)s is a percentage."), _("Type the phone number in digits.")),
    "phone_money": Message(_("%(text)s is an amount of money."), _("Type the phone number, or choose another column.")),
    "phone_date": Message(_("%(text)s is a date or a time."), _("Type the phone number, or choose another column.")),
    "phone_decimal": Message(
        _("%(text)s is a decimal number."),
        _("Type the phone number in digits, or choose another column."),
    ),
    "phone_shortened": Message(
        _("Excel has shortened this number to %(text)s, and the missing digits are gone."),
        _("Format the column as text in Excel, then type the number again or take it from where it came from."),
    ),
    "phone_masked": Message(
        _("Some digits are hidden: %(text)s"),
        _("Get the whole number from where the list came from."),
    ),
    "phone_extension": Message(
        _("“%(text)s” has an extension, which a call cannot dial."),
        _("Give a direct number, or remove the extension."),
    ),
    "phone_two_numbers": Message(
        _("There is more than one number in the cell: %(text)s"),
        _("Keep one number here and put the other into a column of its own."),
    ),
    "phone_letters": Message(
        _("There are letters in the number: %(text)s"),
        _("Keep only the digits of the phone number."),
    ),
    "phone_unexpected_characters": Message(
        _("There are characters in the number that do not belong there: %(characters)s"),
        _("Keep only the digits of the phone number."),
    ),
    "phone_no_dialing_code": Message(
        _("The number does not say its country."),
        _("Write it with + and the dialing code (+90 …), or choose the country of this file."),
    ),
    "phone_unknown_dialing_code": Message(
        _("No country has this dialing code."),
        _("Correct the digits after the +."),
    ),
    "phone_too_short": Message(
        _("Too short for %(country)s: %(digits)s digits."),
        _("Complete the number. Digits may have been lost."),
    ),
    "phone_too_long": Message(
        _("Too long for %(country)s: %(digits)s digits."),
        _("Remove the digits that do not belong to it."),
    ),
    "phone_no_such_number": Message(
        _("No phone number in %(country)s looks like this."),
        _("Correct the number, or choose the right country."),
    ),
    "phone_area_code_missing": Message(
        _("The area code is missing."),
        _("Write the number with its area code."),
    ),
    "phone_ambiguous": Message(
        _("This could be %(first)s or %(second)s."),
        _("Write the number with + and the dialing code."),
    ),
    "phone_repeated_digit": Message(
        _("All digits of this number are the same."),
        _("Type the real number, or leave the row out."),
    ),
    "phone_emergency": Message(_("%(text)s is an emergency number."), _("Emergency numbers are never called.")),
    "phone_short_number": Message(
        _("%(text)s is a short service number."),
        _("Give a phone number that belongs to a person or a company."),
    ),
    "phone_premium": Message(
        _("This is a premium-rate number: calls to it cost extra."),
        _("Give an ordinary phone number."),
    ),
    "phone_personal": Message(
        _("This is a personal number (such as British 070): calls to it cost extra."),
        _("Give an ordinary phone number."),
    ),
    "phone_satellite": Message(
        _("+%(dialing_code)s belongs to satellite and international networks: a minute costs several euros."),
        _("Give an ordinary phone number."),
    ),
    "phone_fax": Message(_("This is a fax number: %(text)s"), _("Give a number that a person answers.")),
    "phone_ip_address": Message(
        _("%(text)s is an IP address or a version number."), _("Type the phone number, or choose another column.")
    ),
    "phone_shared_cost": Message(
        _("This is a shared-cost service number."),
        _("Give an ordinary phone number."),
    ),
    "phone_service": Message(
        _("This is a service number (such as 0800 or 444), which answers for a whole company."),
        _("Give an ordinary phone number."),
    ),
    "phone_pager": Message(
        _("This number belongs to a pager or a voice mailbox."),
        _("Give an ordinary phone number."),
    ),
    "format_international": Message(_("%(percent)s%% are numbers with their dialing code.")),
    "format_country": Message(_("%(percent)s%% look like numbers from %(country)s.")),
    "format_unclear": Message(
        _("%(percent)s%% could be numbers from %(country)s, and as many from %(other_country)s."),
        _("Choose the country these numbers belong to."),
    ),
    "format_no_numbers": Message(
        _("None of these cells is a phone number."),
        _("Choose the column that holds the phone numbers."),
    ),
}

# What was done to a number without changing whom it calls, as shown beside before → after.
REPAIRS = {
    "separators_removed": _("Spaces and separators removed"),
    "invisible_removed": _("Invisible characters removed"),
    "digits_converted": _("Digits of another script converted"),
    "label_removed": _("Label beside the number removed"),
    "list_number_removed": _("List number before the phone number removed"),
    "encoding_decoded": _("Encoding of web pages (such as &#43; for +) undone"),
    "quotes_removed": _("Apostrophe or quotation marks removed"),
    "decimal_tail_removed": _("“.0” at the end removed"),
    "scientific_expanded": _("Written out in full"),
    "international_prefix_replaced": _("International prefix replaced by +"),
    "plus_added": _("+ added before the dialing code"),
    "plus_removed": _("+ before a national number removed"),
    "trunk_zero_removed": _("0 before the national number removed"),
    "trunk_prefix_removed": _("Domestic prefix removed"),
    "mobile_prefix_rewritten": _("Domestic mobile prefix rewritten for calls from abroad"),
}
