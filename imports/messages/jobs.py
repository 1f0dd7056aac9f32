"""Reasons of a whole import: why it waits for a person, or ended early."""

from django.utils.translation import gettext_lazy as _

from imports.messages.message import Message

JOB_MESSAGES = {
    "key": Message(
        _("WhatTalk no longer accepts the key of this account."),
        _(
            "Ask an admin to enter a valid key under Accounts, then press Resume. It continues from the same row. From time to time one row is sent as a test; when WhatTalk accepts it, sending continues by itself."
        ),
    ),
    "balance": Message(
        _("The WhatTalk account has no balance left."),
        _(
            "Top up the account at WhatTalk, then press Resume. It continues from the same row. From time to time one row is sent as a test; when WhatTalk accepts it, sending continues by itself."
        ),
    ),
    "campaign_missing": Message(
        _("WhatTalk does not know this campaign any more."),
        _(
            "See whether the campaign was deleted at WhatTalk. If it is still there, press Resume; if not, import the file into another campaign. From time to time one row is sent as a test; when WhatTalk accepts it, sending continues by itself."
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
    "restored": Message(
        _("Paused, because the database was restored from a backup, and rows may have been sent after it was made."),
        _("See at WhatTalk which of its leads are there already. Press Resume only if nobody would be called twice."),
    ),
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
        _("The file could not be read: reading it was interrupted several times."),
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
