"""What every named reason means in plain words: one sentence that says what happened, one that says what to do.

`MESSAGES` holds a `Message` for each code of `imports.pipeline.reasons.REASONS` and for each reason of a whole
import. Texts may use the reason's params as `%(name)s`. Nothing here decides anything.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from imports.messages.encodings import encoding_label
from imports.pipeline.phones.countries import country_name


class Message(NamedTuple):
    """`sentence`: what happened. `remedy`: what to do about it, '' when nothing is to be done."""

    sentence: str
    remedy: str = ""


_FIELDS = {"phone_number": gettext_noop("Phone number"), "consent": gettext_noop("Consent to calls")}


class _Params(dict):
    """Params of a reason; one that an older version of Rowcall did not store reads as an ellipsis."""

    def __missing__(self, name: str) -> str:
        return "…"


def sentence(code: str, params: Mapping | None = None) -> str:
    """What happened, in the language that is active. A code that is not ours is shown as it is."""
    message = MESSAGES.get(code)
    return _filled(message.sentence, params) if message else code


def remedy(code: str, params: Mapping | None = None) -> str:
    """What to do about it, '' when nothing is to be done."""
    message = MESSAGES.get(code)
    return _filled(message.remedy, params) if message else ""


def _filled(text: str, params: Mapping | None) -> str:
    params = _Params(params or {})
    if params.get("why") in MESSAGES:  # a reason within a reason: why a secondary contact was left out
        params["why"] = sentence(params["why"], params.get("why_params"))
    if params.get("field") in _FIELDS:
        params["field"] = gettext(_FIELDS[params["field"]])
    if params.get("list_column"):
        params["row"] = gettext("%(row)s, column %(list_column)s") % params
    _name_countries(params)
    _write_numbers(params)
    if "encoding" in params:
        params["encoding"] = encoding_label(params["encoding"])
    return str(text) % params if text else ""


def _name_countries(params: dict) -> None:
    """Adds `country` (and `other_country`) where the params hold a `region` code."""
    for region, country in (("region", "country"), ("other_region", "other_country")):
        if region in params:
            params[country] = country_name(params[region], get_language() or "en") or _("this dialing code")


def _write_numbers(params: dict) -> None:
    """Counts as the reader's language writes them (1,234 or 1.234); a row's number stays as the spreadsheet shows it."""
    for name, value in params.items():
        if type(value) is int and name != "row":
            params[name] = number_format(value, force_grouping=True)


# -- reasons of a whole import: why it waits for a person, or ended early ----------------------------------------
JOB_MESSAGES = {
    "key": Message(
        _("WhatTalk no longer accepts the key of this account."),
        _(
            "Ask an admin to enter a valid key under Accounts, then press Resume. It goes on from the same row. "
            "Now and then one row is sent for a try; once it is taken, sending goes on by itself."
        ),
    ),
    "balance": Message(
        _("The WhatTalk account has no balance left."),
        _(
            "Top up the account at WhatTalk, then press Resume. It goes on from the same row. "
            "Now and then one row is sent for a try; once it is taken, sending goes on by itself."
        ),
    ),
    "campaign_missing": Message(
        _("WhatTalk does not know this campaign any more."),
        _(
            "See whether the campaign was deleted at WhatTalk. If it is still there, press Resume; "
            "if not, import the file into another campaign. "
            "Now and then one row is sent for a try; once it is taken, sending goes on by itself."
        ),
    ),
    "every_row_refused": Message(
        _("WhatTalk refused %(count)s rows in a row for the same reason: %(message)s"),
        _("Correct what WhatTalk names, then press Resume. Rows that were refused can be tried again."),
    ),
    "misconfigured": Message(
        _("The address of this account does not answer as WhatTalk does."),
        _("Ask an admin to check the API address under Accounts, then press Resume."),
    ),
    "breaker": Message(
        _("WhatTalk cannot be reached, or answers with errors."),
        _("Nothing needs to be done: sending goes on by itself as soon as WhatTalk answers again."),
    ),
    "unreachable": Message(
        _("WhatTalk cannot be reached."),
        _("See whether this machine has a connection and whether the API address is right, then press Resume."),
    ),
    "first_sent": Message(
        _("The first %(count)s rows have been sent, as you asked."),
        _("Look at how their calls go, then send the rest."),
    ),
    "paused_by_person": Message(_("Paused by %(who)s."), _("Press Resume to go on from the same row.")),
    "expired": Message(
        _("Nobody sent this import within %(days)s days, so it was cancelled and its file removed."),
        _("Upload the file again if it is still wanted."),
    ),
    "cancelled_by_person": Message(_("Cancelled by %(who)s."), _("Rows that had not been sent stay unsent.")),
    "too_many_failures": Message(
        _("Too many rows could not be sent one after another."),
        _("Look at the reasons of these rows, then press Resume."),
    ),
    "read_crashed": Message(
        _("The file could not be read: whatever read it was stopped, again and again."),
        _("Open it in Excel or LibreOffice, save it again as .xlsx or .csv, and upload that file."),
    ),
    "file_changed": Message(
        _("The stored file is no longer the one that was uploaded."),
        _("Upload the file again."),
    ),
    "file_gone": Message(
        _("The uploaded file has been removed since: files are kept for a limited time."),
        _("Upload the file again."),
    ),
    "check_differs": Message(
        _("Reading the file a second time gave different rows, so the check was stopped."),
        _("Upload the file again."),
    ),
    "too_many_rows": Message(
        _("The file has more than %(limit)s rows."),
        _("Split it into smaller files."),
    ),
    "internal": Message(
        _("Rowcall itself made a mistake with this import."),
        _("Ask an admin to look into the logs. Nothing was sent twice; press Resume to go on."),
    ),
}

# -- what became of a row after its own cells were found right --------------------------------------------------------
OUTCOME_MESSAGES = {
    "duplicate_in_file": Message(
        _("Row %(row)s has the same number."),
        _("Nothing to do: that row is sent. A manager may allow duplicates."),
    ),
    "duplicate_in_campaign": Message(
        _("The campaign has this number already."),
        _("Nothing to do. A manager may allow duplicates."),
    ),
    "do_not_call": Message(
        _("The number is on the do-not-call list."),
        _("Nothing to do: this number must not be called."),
    ),
    "forgotten": Message(
        _("The person with this number was forgotten at their wish, and must not be called."),
        _("Nothing to do: this number is not sent."),
    ),
    "taken_out": Message(
        _("The number was put on the do-not-call list after this row was sent; its lead was deleted at WhatTalk."),
        _("Nothing to do: this number must not be called."),
    ),
    "taken_out_contact": Message(
        _(
            "A secondary contact of this row must not be called. WhatTalk had begun to call the lead, so the whole lead was deleted there."
        ),
        _("If the person should still be called, correct the row without that contact and send it again."),
    ),
    "no_consent": Message(
        _("This person said no to calls: “%(text)s”."),
        _("Nothing to do: whoever said no must not be called. If the person has agreed since, correct the cell of consent."),
    ),
    "no_consent_elsewhere": Message(
        _("Row %(row)s has the same number, and that person said no to calls."),
        _("Nothing to do: whoever said no must not be called. If the person has agreed since, correct that row, then this one."),
    ),
    "refused": Message(
        _("WhatTalk refused this lead: %(message)s"),
        _("Correct what WhatTalk names; the corrected row is sent at once."),
    ),
    "refused_do_not_call": Message(
        _("WhatTalk has this number on a do-not-call list of its own: %(message)s"),
        _("Nothing to do: this number must not be called."),
    ),
    "verifying": Message(
        _("WhatTalk refused this lead in words that are new; whether the campaign has the number is being looked up."),
    ),
    "holder_gone": Message(
        _("The campaign had this number from another import, which has been undone."),
        _("To send this lead after all, press “Try failed rows again”."),
    ),
    "failed": Message(_("The lead could not be sent in many tries."), _("When sending is over, press “Try failed rows again”.")),
    "unconfirmed": Message(
        _("WhatTalk never said whether it took this lead."),
        _("Look for the number in the campaign at WhatTalk. If it is not there, press “Try failed rows again”."),
    ),
    "corrected": Message(
        _("This row was corrected and has not been sent yet."), _("Send the corrected leads on the import's page.")
    ),
    "cancelled": Message(_("The import was cancelled before this row was sent."), _("Import the file again if you need it.")),
    "undone": Message(_("The import was undone: this lead has been deleted from WhatTalk.")),
    "kept_called": Message(
        _("Not deleted when the import was undone: WhatTalk shows this lead as “%(status)s”."),
        _("A lead that has been called can only be deleted at WhatTalk."),
    ),
    "kept_not_ours": Message(
        _("Not deleted when the import was undone: the campaign has this number, but not from this row."),
        _("Delete the lead at WhatTalk if nobody should be called."),
    ),
    "kept_unclear": Message(
        _("Not deleted when the import was undone: WhatTalk does not say whether this lead was called."),
        _("Look for the number in the campaign at WhatTalk, and delete it there."),
    ),
    "created": Message(_("Sent to WhatTalk.")),
    "pending": Message(_("Waiting to be sent.")),
    "sending": Message(_("Being sent.")),
    "unknown": Message(_("The answer was lost; WhatTalk is being asked whether it has the lead.")),
}

# -- what looks wrong with a list as a whole ---------------------------------------------------------------------------
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

# -- reasons why a button or a command could not do its work ------------------------------------------------------
WORKFLOW_MESSAGES = {
    "not_now": Message(
        _("This cannot be done while the import is “%(state)s”."),
        _("Reload the page to see how far the import is."),
    ),
    "upload_too_large": Message(
        _("The file is larger than %(limit)s MB."),
        _("Split it into smaller files, or remove columns that are not needed."),
    ),
    "upload_empty": Message(_("The file is empty."), _("Choose a file with at least a header row and one row of data.")),
    "upload_too_often": Message(
        _("You have uploaded %(limit)s files within a minute."),
        _("Wait a minute, then upload the next one."),
    ),
    "upload_cut": Message(_("The upload stopped before the file was complete."), _("Upload the file again.")),
    "paste_empty": Message(_("Nothing was pasted."), _("Copy the cells in your spreadsheet, headers included, and paste them.")),
    "disk_full": Message(
        _("There is not enough room left on the server to keep this file."),
        _("Ask an admin to make room, then upload the file again."),
    ),
    "quota_full": Message(
        _("Your files take up the %(limit)s MB that one person may keep here."),
        _("Old files are removed by themselves after some time; or ask an admin to make room."),
    ),
    "phone_not_mapped": Message(
        _("No column has been chosen for the phone number."),
        _("Choose the column that holds the phone numbers."),
    ),
    "column_unknown": Message(_("Column %(column)s does not exist in this file."), _("Choose one of its columns.")),
    "column_twice": Message(
        _("The column “%(header)s” cannot be %(fields)s at once."),
        _("Choose another column for one of them."),
    ),
    "column_shared": Message(
        _("The column “%(header)s” is used for %(fields)s."),
        _("If you did not mean that, choose another column for one of them."),
    ),
    "field_unknown": Message(
        _("The campaign's assistant has no variable “%(field)s”."),
        _("Its variables are: %(known)s."),
    ),
    "required_not_mapped": Message(
        _("These required fields have no column: %(fields)s."),
        _("Choose a column for each of them."),
    ),
    "consent_twice": Message(
        _("Two columns were chosen that say who may be called."),
        _("Choose one: as “Consent to calls” if yes means yes, as “Must not be called” if yes means no."),
    ),
    "choices_open": Message(
        _("Some choices are not certain, and nobody has confirmed them yet: %(questions)s"),
        _("Confirm each of them, or choose something else."),
    ),
    "format_missing": Message(_("The format of the phone numbers has not been chosen."), _("Choose a format first.")),
    "nothing_to_send": Message(_("No row of this file can be sent."), _("Correct the rows that have a problem, then send.")),
    "nothing_to_retry": Message(
        _("No row of this import can be tried again."), _("Rows with a problem have to be corrected first.")
    ),
    "duplicates_not_allowed": Message(_("Only a manager may allow duplicates."), _("Ask a manager to send this import.")),
    "row_missing": Message(_("The file has no row %(row)s."), _("Reload the page.")),
    "row_already_sent": Message(_("Row %(row)s has been sent already and can no longer be changed."), ""),
    "workbook_of_another_import": Message(
        _("This workbook belongs to another import."),
        _("Upload it on the page that it was downloaded from."),
    ),
    "workbook_not_ours": Message(
        _("This is not the “fix in Excel” workbook of this import."),
        _("Download it from this page, correct it without removing columns, and upload it here."),
    ),
    "fix_unknown": Message(_("This correction is not known."), _("Reload the page.")),
    "chore_given_up": Message(
        _("This was tried three times, and each time something broke."),
        _("Ask for it once more. If it happens again, tell an admin: the worker's log says what broke."),
    ),
    "rows_gone": Message(
        _("The rows of this import are no longer kept; only its sums are."),
        _("Upload the file again if these leads are still wanted: numbers that are in the campaign already are held back."),
    ),
    "workbook_gone": Message(_("The workbook you uploaded is no longer there."), _("Upload it once more.")),
    "corrections_changed": Message(
        _("There are %(count)s corrected leads by now, so nothing was sent."),
        _("Look at them, then press the button again."),
    ),
    "undo_under_way": Message(_("This import is being undone."), _("Wait until that has ended, then try again.")),
}

# -- columns and rows ---------------------------------------------------------------------------------------------
COLUMN_AND_ROW_MESSAGES = {
    "column_remembered": Message(_("You chose “%(header)s” last time a file had these headers.")),
    "column_exact": Message(_("The header is exactly the name of this field.")),
    "column_header": Message(_("The header “%(header)s” fits this field.")),
    "column_cells": Message(_("Its cells look like it.")),
    "column_first_name_only": Message(_("The file has no column with full names; “%(header)s” holds first names.")),
    "column_full_name_only": Message(_("The file has no column with first names only; “%(header)s” holds full names.")),
    "column_phone_header": Message(_("“%(header)s” names a phone number, and %(percent)s%% of its cells can be called.")),
    "column_phone_cells": Message(_("%(percent)s%% of its cells are phone numbers.")),
    "column_next_phone": Message(_("Another column of phone numbers: %(percent)s%% of its cells can be called.")),
    "column_given": Message(_("You chose it.")),
    "choice_given": Message(_("You chose it.")),
    "format_remembered": Message(_("It was confirmed for the last file with the same headers.")),
    "sheet_chosen": Message(_("“%(sheet)s” is the first visible sheet with numbers to call.")),
    "header_row_found": Message(_("The headers are in row %(row)s.")),
    "lists_found": Message(_("The sheet holds %(count)s lists side by side; they are read one below the other.")),
    "encoding_found": Message(_("The file is read as %(encoding)s.")),
    "consent_column_unnamed": Message(
        _("“%(header)s” holds nothing but yes and no."),
        _(
            "If it says who may be called, choose it for “Consent to calls”; if it says who must not be called, choose it for “Must not be called”."
        ),
    ),
    "country_column_unused": Message(
        _("“%(header)s” names countries, but is not used: the numbers do not need it."),
        _("If it says where the numbers belong, choose it as the country of the number."),
    ),
    "variable_unmapped": Message(_("No column was found for “%(field)s”."), _("Choose one if the file has it.")),
    "column_country": Message(_("%(percent)s%% of its cells name a country; each row's number is read as one of that country.")),
    "phone_column_missing": Message(
        _("No column looks like phone numbers."),
        _("Choose the column that holds them. If there is none, check that this is the right file and sheet."),
    ),
    "phone_column_guessed": Message(
        _("“%(header)s” may hold the phone numbers, but its header does not say so."),
        _("Check that this is the column to call."),
    ),
    "phone_column_shortened": Message(
        _("Excel has shortened %(percent)s%% of the numbers in “%(header)s”, as in 9,05E+11; their last digits are gone."),
        _("Save the list anew from where it came from; if you open it in Excel, format the column as text before you save."),
    ),
    "area_code_apart": Message(
        _("The numbers in “%(header)s” lack their area codes, which stand in “%(codes)s”."),
        _("Put both into one column, in Excel with a formula such as =B2&C2, and upload the file again."),
    ),
    "phone_columns_alike": Message(
        _("“%(first)s” and “%(second)s” are equally good columns of phone numbers."),
        _("Choose the one to call first."),
    ),
    "phone_cells_not_valid": Message(
        _("Only %(percent)s%% of the cells in “%(header)s” can be called."),
        _("Check that this is the column to call, and the country of its numbers."),
    ),
    "required_unmapped": Message(_("No column was found for “%(field)s”, which is required."), _("Choose its column.")),
    "consent_column": Message(
        _("“%(header)s” says who may be called; rows that say no are not sent (%(noes)s of the rows looked at)."),
    ),
    "consent_column_inverted": Message(
        _("“%(header)s” says who must not be called; rows that say yes there are not sent (%(noes)s of the rows looked at)."),
    ),
    "consent_column_by_header": Message(
        _("“%(header)s” says who may be called; the rows looked at are empty there."),
    ),
    "consent_column_unclear": Message(
        _("“%(header)s” seems to say who may be called, but “%(value)s” is neither yes nor no."),
        _("If it means something else, choose no column for “Consent to calls”."),
    ),
    "phone_label_column": Message(
        _("“%(header)s” says what kind of phone “%(phone)s” holds: faxes are left out, mobiles are called first."),
    ),
    "columns_joined": Message(_("%(headers)s are joined.")),
    "columns_joined_number": Message(
        _(
            "The numbers are complete only together: %(headers)s joined make numbers that can be called in %(percent)s%% of the rows."
        ),
    ),
    "column_left_out": Message(
        _("The column “%(header)s” was not used for “%(field)s”: %(why)s"),
        _("Choose it if that is what it holds."),
    ),
    "column_left_out_cells": Message(_("its cells look like something else.")),
    "column_left_out_channel": Message(_("it is about messages or e-mail, not about calls.")),
    "consent_unclear": Message(
        _("Whether this person may be called is not clear: “%(text)s” is neither yes nor no."),
        _("Write yes or no in the cell of consent."),
    ),
    "consent_missing": Message(_("The cell of consent is empty: nothing says that this person refused calls.")),
    "phone_label_fax": Message(
        _("The label beside the number says “%(label)s”."),
        _("Enter a number that a person answers, and its label."),
    ),
    "phone_fax_replaced": Message(
        _("The label beside the first number says “%(label)s”, so another number of this row is called: %(phone)s."),
    ),
    "phone_order_by_label": Message(_("The numbers of this row are called in the order of their labels: %(labels)s.")),
    "secondary_fax": Message(
        _("The phone of secondary contact %(position)s was left out: its label says “%(label)s”."),
    ),
    "missing_required": Message(_("Missing required field: “%(field)s” is empty."), _("Fill in the cell.")),
    "value_too_long": Message(
        _("“%(field)s” has %(length)s characters; at most %(limit)s can be sent."),
        _("Shorten the text. Often a quotation mark that was never closed has swallowed other rows."),
    ),
    "country_unknown": Message(
        _("“%(country)s” is not a country Rowcall knows, so the country of the file was used."),
        _("Write the country's name, its two letters (TR) or its dialing code (+90)."),
    ),
    "cell_error": Message(
        _("“%(field)s” holds the spreadsheet error %(value)s; it was left out."),
        _("Correct the formula, or type the value."),
    ),
    "damaged_characters": Message(
        _("“%(field)s” has damaged characters: %(value)s"),
        _("Choose another encoding for the file, or type the text again."),
    ),
    "letters_repaired": Message(
        _("“%(field)s” had damaged letters: “%(before)s” is sent as “%(after)s”."),
        _("Nothing to do, unless the repair is wrong; then type the text again."),
    ),
    "secondary_invalid": Message(
        _("Secondary phone %(position)s was left out: %(why)s"),
        _("Correct the number, or leave the cell empty."),
    ),
    "secondary_same_as_primary": Message(
        _("Secondary phone %(position)s was left out: it is the same as the phone number of the row."),
        _("Give another number, or leave the cell empty."),
    ),
    "workbook_column_missing": Message(
        _("The column “%(header)s” is missing from the workbook."),
        _("Download the workbook again, correct it without removing or renaming columns, and upload it here."),
    ),
    "secondary_do_not_call": Message(
        _("Secondary phone %(position)s (%(phone)s) was left out: it is on the do-not-call list."),
        _("Nothing to do: this number must not be called."),
    ),
    "secondary_forgotten": Message(
        _("Secondary phone %(position)s was left out: that person was forgotten at their wish."),
        _("Nothing to do: this number is not sent."),
    ),
    "secondary_taken_out": Message(
        _(
            "A secondary contact (%(phone)s) was put on the do-not-call list after this row was sent; the lead at WhatTalk was made anew without it."
        ),
        _("Nothing to do: this number must not be called."),
    ),
    "secondary_repeated": Message(
        _("Secondary phone %(position)s was left out: the row names it twice."),
        _("Leave one of the two cells empty."),
    ),
}

# -- phones -------------------------------------------------------------------------------------------------------
# `%(country)s` is the name of the country whose region code is the reason's `region`.
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

# -- reading ------------------------------------------------------------------------------------------------------
_SAVE_AS = _("Open the list in Excel, LibreOffice or Google Sheets, save it as .xlsx or .csv, and upload that file.")
_SAVE_AGAIN = _("Open it in Excel or LibreOffice, choose “Save as” and .xlsx, and upload the new file.")

_CHOOSE_LISTS = _("Choose whether each row is one lead, or whether the lists are read one below the other.")

READING_MESSAGES = {
    "file_empty": Message(_("The file is empty."), _("Check that it was saved, then upload it again.")),
    "file_is_pdf": Message(
        _("This is a PDF, not a spreadsheet."),
        _("Ask for the list as .xlsx or .csv, or export it from where it came from."),
    ),
    "file_is_document": Message(
        _("This is a %(found)s document, not a spreadsheet."), _("Copy the table into a spreadsheet and save it as .xlsx.")
    ),
    "file_is_picture": Message(
        _("This is a picture or a film (%(found)s), not a spreadsheet."),
        _("Ask for the list itself, as .xlsx or .csv."),
    ),
    "file_is_archive": Message(
        _("This is a compressed archive (%(found)s), not a spreadsheet."),
        _("Unpack it and upload the spreadsheet inside."),
    ),
    "file_is_database": Message(_("This is a database file (%(found)s)."), _("Export the list from it as .csv.")),
    "file_is_program": Message(
        _("This is a program (%(found)s), not a spreadsheet."), _("Do not open it. Upload a .xlsx or .csv file.")
    ),
    "file_is_contacts": Message(
        _("This is a %(found)s file."),
        _("Export the contacts as .csv: address books offer it beside vCard."),
    ),
    "file_is_old_spreadsheet": Message(_("This is a spreadsheet in the old %(found)s format."), _SAVE_AGAIN),
    "file_is_html": Message(
        _("This is a web page without a table in it, although it may be called an Excel file."),
        _("If it opens as a table in Excel, choose “Save as” and “Excel Workbook (.xlsx)” there, and upload the new file."),
    ),
    "file_is_xml": Message(_("This is an XML file, not a spreadsheet."), _SAVE_AS),
    "file_is_json": Message(_("This is a JSON file, not a spreadsheet."), _("Export the list as .csv or .xlsx.")),
    "file_is_numbers": Message(
        _("This is an Apple Numbers file."),
        _("In Numbers choose File → Export to → Excel, and upload that file."),
    ),
    "file_is_binary": Message(_("This is neither a spreadsheet nor text."), _SAVE_AS),
    "file_is_protected": Message(
        _("This file is protected by a password."),
        _("Open it in Excel, remove the password, save it, and upload it again."),
    ),
    "file_damaged": Message(
        _("The file is damaged or incomplete."),
        _("Get it again from where it came from. If it opens in Excel, save it there as a new .xlsx file and upload that."),
    ),
    "file_hostile": Message(
        _("The file is built in a way that real spreadsheets are not, so it was not opened."),
        _("If it is yours and opens in Excel, save it there as a new .xlsx or .csv file and upload that."),
    ),
    "file_too_complex": Message(
        _("The file is too complex to be read."),
        _("Save the sheet with the list, and nothing else, as .csv, and upload that."),
    ),
    "file_too_big": Message(
        _("The file is larger than %(limit)s MB."),
        _("Split it into smaller files, or remove columns that are not needed."),
    ),
    "too_many_columns": Message(
        _("The sheet has %(columns)s columns; at most %(limit)s can be read."),
        _("Remove the columns that are not needed."),
    ),
    "sheet_too_long": Message(
        _("The file has %(rows)s rows; at most %(limit)s can be read."),
        _("Split it into smaller files."),
    ),
    "quote_not_closed": Message(
        _("A quotation mark opened in row %(row)s is never closed, so the rows after it cannot be told apart."),
        _("Remove or close the quotation mark in row %(row)s, or save the list as .xlsx."),
    ),
    "no_data_rows": Message(
        _("There are no rows of data, only headers at most."),
        _("Check that this is the right file and that it was saved."),
    ),
    "no_data_in_workbook": Message(
        _("No visible sheet of this workbook holds any data."),
        _("Choose another sheet, or check that this is the right file."),
    ),
    "sheet_unknown": Message(_("There is no sheet named “%(sheet)s”."), _("The sheets are: %(sheets)s.")),
    "text_has_no_sheets": Message(_("A text file has no sheets."), _("Leave the sheet out, or upload the workbook itself.")),
    "header_row_empty": Message(_("Row %(row)s is empty, so it cannot be the header row."), _("Choose another row.")),
    "encoding_unknown": Message(_("There is no encoding named “%(encoding)s”."), _("Try utf-8, cp1254 or utf-16.")),
    "delimiter_unknown": Message(
        _("“%(delimiter)s” cannot separate cells."),
        _("Choose comma, semicolon, tab or another single character."),
    ),
    "escape_unknown": Message(
        _("“%(escape)s” cannot be an escape character."),
        _("Choose backslash, another single character, or none."),
    ),
    "totals_row": Message(_("This is not a lead but the end of the table: “%(text)s”"), _("Nothing to do.")),
    "repeated_header": Message(_("The header is repeated here."), _("Nothing to do.")),
    "contact_line": Message(
        _("This is not a lead but a line about the list itself: “%(text)s”"),
        _("Nothing to do. If it is a lead after all, write a name and the number into their cells."),
    ),
    "another_table": Message(
        _("This row belongs to another table, whose headers stand in row %(row)s."),
        _("To import that table, upload the file again and choose row %(row)s as the header row."),
    ),
    "surplus_cells": Message(
        _("The row has %(found)s cells where the header has %(expected)s, so its cells may have slipped."),
        _("Put quotation marks around a cell that contains the delimiter, or save the list as .xlsx."),
    ),
    "cell_too_long": Message(
        _("The cell in column %(column)s has %(length)s characters; a spreadsheet holds at most %(limit)s."),
        _("Shorten the cell, or close a quotation mark that was left open."),
    ),
    "text_after_quote": Message(
        _("There is text after a closing quotation mark, so the cells of this row cannot be told apart."),
        _('Write quotation marks inside a cell twice (""), or save the list as .xlsx.'),
    ),
    "quote_left_open": Message(
        _("A quotation mark opened in row %(row)s is never closed, so the cells of this row cannot be told apart."),
        _("Remove or close the quotation mark, or save the list as .xlsx."),
    ),
    "rows_in_a_cell": Message(
        _("Cell %(column)s of this row holds other rows: a quotation mark is missing or one too many."),
        _("Correct the quotation marks, or save the list as .xlsx."),
    ),
    "columns_overlap": Message(
        _("The text of this row runs across the places where its columns begin, so its cells cannot be told apart."),
        _("Type the cells apart, or save the list as .xlsx."),
    ),
    "quotes_left_open": Message(
        _("Rows with a quotation mark that is never closed: %(count)s, the first is row %(row)s. The rows after them were read."),
        _("Correct the quotation marks of these rows; until then they are not sent."),
    ),
    "escape_found": Message(
        _("The character %(escape)s marks quotation marks, delimiters and line breaks as text."),
        _("If cells look wrong, choose another escape character or none."),
    ),
    "lines_in_another_encoding": Message(
        _("The file is in two encodings: %(count)s lines are not UTF-8 and were read as %(encoding)s."),
        _("If names in these lines look wrong, save the file again in one encoding."),
    ),
    "letters_repaired_in_file": Message(
        _(
            "Letters were damaged before the file came here and are repaired: “%(before)s” is read as “%(after)s” (%(count)s of the cells shown)."
        ),
        _("The file itself stays as it is. If the repair is wrong, correct the letters in the file."),
    ),
    "letters_doubtful": Message(
        _("“%(text)s” may hold damaged letters, which is not certain, so they are left as they are."),
        _("If names look wrong, export the list again, as UTF-8 or .xlsx."),
    ),
    "encoding_guessed": Message(
        _("The text was read as %(encoding)s."),
        _("If names look wrong, choose another encoding."),
    ),
    "sheet_without_numbers": Message(
        _("“%(sheet)s” is read, because “%(skipped)s” holds no phone numbers."),
        _("Choose another sheet if this is not the one."),
    ),
    "columns_unpacked": Message(
        _("All columns stood in one, with “%(delimiter)s” between them; they were taken apart."),
        "",
    ),
    "rows_above_header": Message(_("Rows above the header were left out: %(count)s."), ""),
    "numbers_above_header": Message(
        _("Rows above the header hold phone numbers that are not imported: %(count)s, the first in row %(row)s."),
        _("If these are leads, choose another header row."),
    ),
    "rows_left_out_below": Message(
        _(
            "Rows of the table that are no leads (totals, the number of whoever made the list) were left out: %(count)s, "
            "the first in row %(row)s."
        ),
        _("They are listed among the rows that cannot be called."),
    ),
    "another_table_below": Message(
        _("From row %(row)s on there is another table with other headers; it is not imported."),
        _("To import it, upload the file again and choose row %(row)s as the header row."),
    ),
    "rows_after_blank_rows": Message(
        _("Below blank rows, from row %(row)s on, %(count)s more rows follow; they are imported too."),
        _("See whether they belong to the list."),
    ),
    "lists_side_by_side": Message(
        _("%(count)s lists stand side by side on this sheet. They are read one below the other, one lead for each list and row."),
        _("If each row is one lead, choose that it is one table."),
    ),
    "other_sheets_with_numbers": Message(
        _("Other sheets of this workbook hold phone numbers too and are not imported (%(count)s): %(sheets)s."),
        _("To import them as well, upload the file once for each and choose the sheet."),
    ),
    "hidden_sheets_with_numbers": Message(
        _("Hidden sheets of this workbook hold phone numbers and are not imported (%(count)s): %(sheets)s."),
        _("If they are wanted, upload the file once for each and choose the sheet."),
    ),
    "header_row_missing": Message(
        _("No row of headers was found, and the first row holds no phone number."),
        _("Choose the row that holds the headers, or that there are none."),
    ),
    "header_holds_number": Message(
        _("Row %(row)s was taken for the headers, but it holds a phone number."),
        _("Choose the row that holds the headers, or that there are none."),
    ),
    "header_without_name": Message(
        _("Row %(row)s was taken for the headers, but it has no name for the column of phone numbers."),
        _("Choose the row that holds the headers, or that there are none."),
    ),
    "lists_share_columns": Message(
        _("The headers repeat, so several lists may stand side by side; but “%(header)s” stands there only once."),
        _CHOOSE_LISTS,
    ),
    "lists_share_numbering": Message(
        _("The headers repeat, so several lists seem to stand side by side; but their rows are numbered together."),
        _CHOOSE_LISTS,
    ),
    "lists_under_titles": Message(
        _(
            "The groups of columns have titles of their own, “%(first)s” and “%(second)s”: they may be lists, or people who belong together."
        ),
    ),
    "lists_of_roles": Message(
        _("The headers repeat, so several lists may stand side by side; but “%(header)s” may name people who belong together."),
        _CHOOSE_LISTS,
    ),
    "lists_numbered": Message(
        _("Headers such as “%(header)s” may be several contacts of one lead, or lists side by side."),
        _CHOOSE_LISTS,
    ),
    "lists_with_gaps": Message(
        _(
            "The headers repeat, so several lists may stand side by side; but some rows have only one of them, as with second contacts."
        ),
        _CHOOSE_LISTS,
    ),
    "lists_agree": Message(
        _("The headers repeat, so several lists may stand side by side; but names or numbers of one row agree, as in families."),
        _CHOOSE_LISTS,
    ),
    "lists_too_short": Message(
        _("The headers repeat, so several lists seem to stand side by side; but there are too few rows to be certain."),
        _CHOOSE_LISTS,
    ),
    "lists_without_headers": Message(
        _("Columns of names and numbers repeat, so several lists may stand side by side; but there are no headers."),
        _CHOOSE_LISTS,
    ),
    "lists_not_found": Message(
        _("The columns of this sheet cannot be divided into %(lists)s lists, each with phone numbers."),
        _("Choose another number of lists, or one table."),
    ),
    "hidden_rows": Message(
        _("%(count)s rows are hidden in “%(sheet)s”; they are imported too."),
        _("If you do not want them, delete them or copy the visible rows into a new sheet."),
    ),
    "formulas_without_values": Message(
        _("%(count)s cells of “%(sheet)s” hold a formula without its result; they were read as empty."),
        _("Open the file in Excel, save it, and upload it again."),
    ),
    "read_a_second_way": Message(
        _(
            "The workbook is damaged in places, so it was read in a second way that sees neither the formats of numbers nor which rows are hidden."
        ),
        _(
            "Look at dates, and at numbers that begin with zeros. To be sure, open the file in Excel, save it as .xlsx, and upload that."
        ),
    ),
    "control_characters_removed": Message(_("%(count)s invisible control characters were removed."), ""),
    "control_characters_as_windows": Message(
        _(
            "%(count)s characters were stored as control characters; they were read as the signs that Windows uses in their place (’ “ ” – …)."
        ),
    ),
    "characters_unreadable": Message(
        _("%(count)s characters could not be read and are shown as �."),
        _("If there are many, choose another encoding. Rows with such a character are marked."),
    ),
}

MESSAGES: dict[str, Message] = {
    **JOB_MESSAGES,
    **OUTCOME_MESSAGES,
    **LIST_MESSAGES,
    **WORKFLOW_MESSAGES,
    **COLUMN_AND_ROW_MESSAGES,
    **PHONE_MESSAGES,
    **READING_MESSAGES,
}
