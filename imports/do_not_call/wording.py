"""What became of settlements, in words."""

from django.utils.translation import gettext_lazy as _

from campaigns.models import Settlement

OUTCOMES = {
    # settled
    "nothing": _("WhatTalk has no lead with it that would be called."),
    "searched": _("WhatTalk was asked for leads with it."),
    "read": _("All leads of the campaign have been read."),
    "delisted": _("The number was taken off the list before anything was done."),
    "gone": _("The lead was no longer there."),
    "ended": _("WhatTalk had finished calling; the lead stays as the record of it."),
    "deleted": _("The lead was deleted at WhatTalk."),
    "deleted_whole": _("WhatTalk had begun to call a lead with this secondary contact; the whole lead was deleted."),
    "made": _("The secondary contact was taken out: the lead was made anew without it."),
    "stopped": _("WhatTalk did not delete the lead, but will not call it any more."),
    "not_made": _("The secondary contact was taken out with its lead; WhatTalk did not take the lead anew: %(said)s"),
    # waiting
    "": _("Not asked of WhatTalk yet."),
    "in_flight": _(
        "A row with it is being sent at this moment, or its answer was lost; its lead is deleted as soon as it is known."
    ),
    "no_key": _("Not yet: the account has no WhatTalk key."),
    "key": _("Not yet: WhatTalk does not accept the key of the account."),
    "address": _("Not yet: the API address of the account cannot be used."),
    "rate_limited": _("Not yet: WhatTalk asks us to slow down. It is tried again by itself."),
    "unreachable": _("Not yet: WhatTalk cannot be reached. It is tried again by itself."),
    "doubtful": _(
        "Not certain: WhatTalk has a lead whose number has no country and may be this one (lead %(said)s). Look at it at WhatTalk: "
        "delete it there if it must not be called, or write its number with the country."
    ),
    "undecided": _("Not yet: WhatTalk has not answered for certain. It is tried again by itself."),
}
OTHER = _("Not yet: WhatTalk says: %(said)s It is tried again by itself.")


def settlement_sentence(one: Settlement) -> str:
    """What became of one settlement, or why it still waits."""
    message = one.detail.get("said") or next(
        (lead["said"] for lead in one.detail.get("leads", {}).values() if lead.get("said")), "–"
    )
    return str(OUTCOMES.get(one.outcome, OTHER)) % {"said": message}
