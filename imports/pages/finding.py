"""Where a person can go, found by words: the pages of their role, campaigns and imports that they see."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.access import visible_campaigns
from campaigns.labels import campaign_status
from campaigns.models import Campaign
from campaigns.search_text import with_words, words_of
from imports.access import visible_imports
from imports.models import ImportJob, JobState
from people.models import User
from people.roles import Role, role_of
from ui.folding import fold

SHOWN, SHOWN_WITHOUT_WORDS = 8, 4  # of campaigns, and of imports
# the role that a page is for, its address, label and icon; labels are those of the menu
PAGES = (
    (Role.UPLOADER, "home", gettext_lazy("Home"), "house"),
    (Role.UPLOADER, "imports:new", gettext_lazy("New import"), "upload"),
    (Role.UPLOADER, "imports:history", gettext_lazy("Imports"), "file-spreadsheet"),
    (Role.UPLOADER, "campaigns:campaigns", gettext_lazy("Campaigns"), "phone-outgoing"),
    (Role.MANAGER, "campaigns:new_campaign", gettext_lazy("New campaign"), "plus"),
    (Role.MANAGER, "imports:do_not_call", gettext_lazy("Do not call"), "phone-off"),
    (Role.ADMIN, "imports:monitor", gettext_lazy("Monitor"), "activity"),
    (Role.ADMIN, "people:users", gettext_lazy("Users"), "users"),
    (Role.ADMIN, "people:new_user", gettext_lazy("Add a user"), "plus"),
    (Role.ADMIN, "campaigns:teams", gettext_lazy("Teams"), "users"),
    (Role.ADMIN, "campaigns:accounts", gettext_lazy("Accounts"), "key-round"),
    (Role.ADMIN, "people:audit_log", gettext_lazy("Audit log"), "scroll-text"),
    (Role.UPLOADER, "people:my_settings", gettext_lazy("My settings"), "user-round"),
    (Role.UPLOADER, "people:my_password", gettext_lazy("Password"), "user-round"),
    (Role.UPLOADER, "people:my_sessions", gettext_lazy("Where you are signed in"), "user-round"),
    (Role.UPLOADER, "people:my_second_factor", gettext_lazy("Second factor"), "user-round"),
)


class Found(NamedTuple):
    """One place to go to; `about` tells it from others of the same name."""

    label: str
    about: str
    address: str
    icon: str


def found(user: User, query: str) -> list[Found]:
    """Pages first, then campaigns and imports, the newest first. Without words: every page, and the newest of the others."""
    return [*_pages(user, words_of(query)), *_campaigns(user, query), *_imports(user, query)]


def _pages(user: User, words: list[str]) -> Iterator[Found]:
    for role, name, label, icon in PAGES:
        if role_of(user) >= role and all(word in fold(str(label)) for word in words):
            yield Found(str(label), _("Page"), reverse(name), icon)


def _campaigns(user: User, query: str) -> Iterator[Found]:
    places, condition = with_words(query, "search")
    campaigns = visible_campaigns(user).filter(missing_since=None).alias(**places).filter(condition).order_by("-pk")
    for campaign in campaigns[: SHOWN if query else SHOWN_WITHOUT_WORDS]:
        yield Found(campaign.name, _about_campaign(campaign), reverse("campaigns:campaign", args=[campaign.pk]), "phone-outgoing")


def _about_campaign(campaign: Campaign) -> str:
    return _("Campaign, %(status)s") % {"status": campaign_status(campaign).label}


def _imports(user: User, query: str) -> Iterator[Found]:
    places, condition = with_words(query, "search", "campaign__search")
    jobs = visible_imports(user).alias(**places).filter(condition).order_by("-pk")
    for job in jobs[: SHOWN if query else SHOWN_WITHOUT_WORDS]:
        yield Found(job.file_name, _about_import(job), reverse("imports:show", args=[job.pk]), "file-spreadsheet")


def _about_import(job: ImportJob) -> str:
    return _("Import into %(campaign)s, %(state)s") % {"campaign": job.campaign.name, "state": JobState(job.state).label}
