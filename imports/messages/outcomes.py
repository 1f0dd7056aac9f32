"""What became of a row after its own cells were found right."""

from django.utils.translation import gettext_lazy as _

from imports.messages.message import Message

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
        _("The person with this number asked to have their data deleted, and must not be called."),
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
        _("Nothing to do: people who said no must not be called. If the person has agreed since, correct the consent cell."),
    ),
    "no_consent_elsewhere": Message(
        _("Row %(row)s has the same number, and that person said no to calls."),
        _(
            "Nothing to do: people who said no must not be called. If the person has agreed since, correct that row, then this one."
        ),
    ),
    "left_out": Message(
        _("Somebody left this row out; it is not sent."),
        _("Nothing to do. Take it back on the import's page if it should be sent."),
    ),
    "refused": Message(
        _("WhatTalk refused this lead: %(message)s"),
        _("Correct what WhatTalk names, then send the corrected row."),
    ),
    "refused_do_not_call": Message(
        _("WhatTalk has this number on a do-not-call list of its own: %(message)s"),
        _("Nothing to do: this number must not be called."),
    ),
    "verifying": Message(
        _(
            "WhatTalk refused this lead for a reason that Rowcall does not know yet; Rowcall is checking whether the campaign has the number."
        ),
    ),
    "holder_gone": Message(
        _("The campaign had this number from another import, which has been undone."),
        _("To send this lead after all, press “Try failed rows again”."),
    ),
    "failed": Message(
        _("The lead could not be sent, even after many tries."), _("When sending is over, press “Try failed rows again”.")
    ),
    "not_taken": Message(
        _("WhatTalk took other rows of this import, but answered this one %(count)s times with: %(message)s"),
        _("Ask WhatTalk what is special about this lead, or correct it. When sending is over, press “Try failed rows again”."),
    ),
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
    "kept_refused": Message(
        _("Not deleted when the import was undone: WhatTalk would not delete this lead: %(message)s"),
        _("Delete the lead at WhatTalk if nobody should be called."),
    ),
    "kept_still_there": Message(
        _("WhatTalk said that it deleted this lead when the import was undone, but it is still there."),
        _("Look for the number in the campaign at WhatTalk, and delete it there."),
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
