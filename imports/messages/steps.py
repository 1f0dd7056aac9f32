"""Why a button or a command could not do its work."""

from django.utils.translation import gettext_lazy as _

from imports.messages.message import Message

WORKFLOW_MESSAGES = {
    "not_now": Message(
        _("This is not possible now. State of the import: %(state)s."),
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
    "upload_gone": Message(
        _("The parts of the file that had been uploaded are not kept any more."),
        _("Choose the file again."),
    ),
    "upload_cut": Message(_("The upload stopped before the file was complete."), _("Upload the file again.")),
    "paste_empty": Message(_("Nothing was pasted."), _("Copy the cells in your spreadsheet, headers included, and paste them.")),
    "files_away": Message(
        _("The service that keeps files does not answer."),
        _("Nothing was lost. Try again in a minute; if it stays so, tell an admin."),
    ),
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
    "row_left_out": Message(_("Row %(row)s is left out."), _("Take it back first, then change it.")),
    "row_not_left_out": Message(_("Row %(row)s is not left out."), _("Reload the page.")),
    "nothing_to_undo": Message(_("There is nothing to undo."), ""),
    "nothing_to_redo": Message(_("There is nothing to redo."), ""),
    "workbook_of_another_import": Message(
        _("This workbook belongs to another import."),
        _("Upload it on the page that it was downloaded from."),
    ),
    "workbook_not_ours": Message(
        _("This is not the “fix in Excel” workbook of this import."),
        _("Download it from this page, correct it without removing columns, and upload it here."),
    ),
    "fix_unknown": Message(_("This correction is not known."), _("Reload the page.")),
    "operation_given_up": Message(
        _("This was tried three times, and an error occurred each time."),
        _("Try it once more. If it happens again, tell an admin: the log shows the error."),
    ),
    "rows_gone": Message(
        _("The rows of this import are no longer kept; only the totals are."),
        _("Upload the file again if these leads are still wanted: numbers that are in the campaign already are held back."),
    ),
    "workbook_gone": Message(_("The workbook you uploaded is no longer there."), _("Upload it once more.")),
    "corrections_changed": Message(
        _("There are %(count)s corrected leads by now, so nothing was sent."),
        _("Look at them, then press the button again."),
    ),
    "undo_under_way": Message(_("This import is being undone."), _("Wait until that has ended, then try again.")),
}
