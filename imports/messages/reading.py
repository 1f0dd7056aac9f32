"""What was found while a file was read."""

from django.utils.translation import gettext_lazy as _

from imports.messages.message import Message

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
    "below_list_of_noes": Message(
        _("This row stands below the line “%(text)s”, so this person must not be called."),
        _("Nothing to do. If the person may be called after all, put the row into a list of its own."),
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
            "Rows of the table that are no leads (totals, the number of their author) were left out: %(count)s, "
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
    "sheets_of_noes": Message(
        _("Sheets of this workbook list people who must not be called (%(count)s): %(sheets)s. This import does not look there."),
        _("Put their numbers on the do-not-call list before you send."),
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
            "The workbook is damaged in places, so it was read in another way, which shows neither number formats nor hidden rows."
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
