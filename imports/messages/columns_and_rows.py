"""What was found in columns and rows."""

from django.utils.translation import gettext_lazy as _

from imports.messages.message import Message

COLUMN_AND_ROW_MESSAGES = {
    "column_remembered": Message(_("You chose “%(header)s” last time a file had these headers.")),
    "column_exact": Message(_("The header is exactly the name of this field.")),
    "column_header": Message(_("The header “%(header)s” fits this field.")),
    "column_cells": Message(_("Its cells look like it.")),
    "column_first_name_only": Message(_("The file has no column with full names; “%(header)s” holds first names.")),
    "column_full_name_only": Message(_("The file has no column with first names only; “%(header)s” holds full names.")),
    "column_phone_header": Message(
        _("The header “%(header)s” means a phone number, and %(percent)s%% of its cells can be called.")
    ),
    "column_phone_cells": Message(_("%(percent)s%% of its cells are phone numbers.")),
    "column_next_phone": Message(_("Another column of phone numbers: %(percent)s%% of its cells can be called.")),
    "column_given": Message(_("You chose it.")),
    "choice_given": Message(_("You chose it.")),
    "format_remembered": Message(_("It was confirmed for the last file with the same headers.")),
    "sheet_chosen": Message(_("“%(sheet)s” is the first visible sheet with numbers to call.")),
    "sheet_of_noes": Message(_("The name “%(sheet)s” says that the people on this sheet must not be called.")),
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
        _("Write yes or no in the consent cell."),
    ),
    "consent_unmarked": Message(
        _("The consent cell is empty, and this column only marks people who agreed."),
        _("If this person has agreed, write yes in the consent cell."),
    ),
    "consent_missing": Message(_("The consent cell is empty: nothing says that this person refused calls.")),
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
        _("“%(country)s” is not a country Rowcall knows, and the number does not say its country."),
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
        _("Secondary phone %(position)s was left out: that person asked to have their data deleted."),
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
