"""Roles, audited actions and their targets as pages name them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROLE_LABELS = {"Uploader": _("Uploader"), "Manager": _("Manager"), "Admin": _("Admin")}

# action of an audit entry -> its label on the page
ACTION_LABELS = {
    "sign_in": pgettext_lazy("audit", "signed in"),
    "sign_out": pgettext_lazy("audit", "signed out"),
    "wrong_password": pgettext_lazy("audit", "wrong password"),
    "change_password": pgettext_lazy("audit", "changed password"),
    "change_email": pgettext_lazy("audit", "changed the e-mail address of"),
    "create_user": pgettext_lazy("audit", "created user"),
    "change_user": pgettext_lazy("audit", "changed user"),
    "make_sign_in_link": pgettext_lazy("audit", "made a sign-in link"),
    "ask_for_reset": pgettext_lazy("audit", "asked for a new password with an address that nobody has"),
    "mail_reset_link": pgettext_lazy("audit", "mailed a link for a new password to"),
    "reset_password": pgettext_lazy("audit", "chose a new password by a mailed link"),
    "invite_user": pgettext_lazy("audit", "invited user"),
    "withdraw_invitation": pgettext_lazy("audit", "withdrew the invitation of"),
    "accept_invitation": pgettext_lazy("audit", "accepted the invitation"),
    "wrong_code": pgettext_lazy("audit", "wrong code of a second factor"),
    "set_up_second_factor": pgettext_lazy("audit", "set up a second factor"),
    "use_recovery_code": pgettext_lazy("audit", "used a recovery code"),
    "replace_recovery_codes": pgettext_lazy("audit", "made new recovery codes"),
    "remove_second_factor": pgettext_lazy("audit", "removed the second factor of"),
    "require_second_factor": pgettext_lazy("audit", "chose who must have a second factor"),
    "end_session": pgettext_lazy("audit", "ended a session of"),
    "end_other_sessions": pgettext_lazy("audit", "ended all other sessions of"),
    "end_sessions": pgettext_lazy("audit", "ended all sessions of"),
    "export_audit": pgettext_lazy("audit", "exported the audit log"),
    "create_team": pgettext_lazy("audit", "created team"),
    "change_team": pgettext_lazy("audit", "changed team"),
    "delete_team": pgettext_lazy("audit", "deleted team"),
    "lock_user_out": pgettext_lazy("audit", "locked user out"),
    "let_user_in": pgettext_lazy("audit", "let user in again"),
    "create_campaign": pgettext_lazy("audit", "created campaign"),
    "start_campaign": pgettext_lazy("audit", "started campaign"),
    "stop_campaign": pgettext_lazy("audit", "stopped campaign"),
    "choose_assistant": pgettext_lazy("audit", "chose assistant"),
    "set_required_variables": pgettext_lazy("audit", "set required variables"),
    "export_leads": pgettext_lazy("audit", "exported leads"),
    "save_account": pgettext_lazy("audit", "saved account"),
    "change_webhook": pgettext_lazy("audit", "changed the webhook's address of"),
    "make_account_default": pgettext_lazy("audit", "made account the default"),
    "upload": pgettext_lazy("audit", "uploaded"),
    "upload_workbook": pgettext_lazy("audit", "gave back corrected rows of"),
    "upload_list": pgettext_lazy("audit", "uploaded numbers for the do-not-call list"),
    "confirm": pgettext_lazy("audit", "sent off"),
    "correct": pgettext_lazy("audit", "corrected rows of"),
    "leave_out": pgettext_lazy("audit", "left out rows of"),
    "take_back": pgettext_lazy("audit", "took back rows that were left out of"),
    "undo_edit": pgettext_lazy("audit", "undid a change of rows of"),
    "redo_edit": pgettext_lazy("audit", "redid a change of rows of"),
    "send_corrected": pgettext_lazy("audit", "sent corrected rows of"),
    "pause": pgettext_lazy("audit", "paused"),
    "resume": pgettext_lazy("audit", "resumed"),
    "cancel": pgettext_lazy("audit", "cancelled"),
    "dismiss": pgettext_lazy("audit", "dismissed from “Needs you”"),
    "show_again": pgettext_lazy("audit", "showed again under “Needs you”"),
    "retry": pgettext_lazy("audit", "tried failed rows again of"),
    "undo": pgettext_lazy("audit", "undid"),
    "download": pgettext_lazy("audit", "downloaded a report of"),
    "forget_number": pgettext_lazy("audit", "erased a phone number from rows"),
    "signin_link": pgettext_lazy("audit", "printed a sign-in link for"),
    "add_do_not_call": pgettext_lazy("audit", "added to the do-not-call list"),
    "remove_do_not_call": pgettext_lazy("audit", "removed from the do-not-call list"),
    "settle_do_not_call": pgettext_lazy("audit", "took leads that must not be called out of WhatTalk in"),
}

# first word of an entry's target -> its label on the page; `name` is the rest of the target
TARGET_LABELS = {
    "user": pgettext_lazy("audit", "user %(name)s"),
    "campaign": pgettext_lazy("audit", "campaign %(name)s"),
    "import": pgettext_lazy("audit", "import %(name)s"),
    "account": pgettext_lazy("audit", "account %(name)s"),
    "team": pgettext_lazy("audit", "team %(name)s"),
}

# the same words for a choice of kinds
TARGET_KINDS = [
    ("user", _("users")),
    ("campaign", _("campaigns")),
    ("import", _("imports")),
    ("account", _("accounts")),
    ("team", _("teams")),
]


def role_name(group: str) -> str:
    """The label of a role's group; the name of any other group as it is."""
    return str(ROLE_LABELS.get(group, group))


def target_label(target: str) -> str:
    """What an entry is about (`import 7`); '' for a target whose action already names it, such as the do-not-call list."""
    kind, _space, name = target.partition(" ")
    return TARGET_LABELS[kind] % {"name": name} if kind in TARGET_LABELS else ""


def action_label(action: str) -> str:
    """The label of an audited action; one without a label in words made from its name."""
    return str(ACTION_LABELS.get(action, action.replace("_", " ")))
