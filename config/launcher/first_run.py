"""What the person at the terminal reads once everything runs: the address, and sign-in links in place of passwords."""

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group

from config.launcher.programs import Instance
from people.models import User
from people.roles import Role
from people.sign_in import one_time_link

FIRST_USERS = {"uploader": Role.UPLOADER, "manager": Role.MANAGER, "admin": Role.ADMIN}


def welcome(instance: Instance, *, is_sandbox: bool) -> str:
    """The text; creates the first users of an empty instance. Each link in it works once."""
    return "\n".join(
        [
            "",
            f"  Rowcall is ready: {instance.site_url}",
            "",
            *(how_to_sign_in() if somebody_has_a_password() else sign_in_links()),
            "",
            *_services(instance, is_sandbox),
            "",
            "  Stop it with Ctrl-C.",
            "",
        ]
    )


def create_first_users() -> None:
    """One user a role where there is none yet. They have no password: they sign in by links."""
    if User.objects.exists():
        return
    for username, role in FIRST_USERS.items():
        person = User(username=username, first_name=username.capitalize(), email=f"{username}@example.com")
        person.set_unusable_password()
        person.save()
        person.groups.add(Group.objects.get(name=role.group))


def somebody_has_a_password() -> bool:
    """Whether anybody can get in without a link. Links are then left out of what is printed at each start: journals keep it."""
    return (
        User.objects.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exclude(password="").exists()
    )


def how_to_sign_in() -> list[str]:
    return ["  Sign in there, or make a link: .venv/bin/python manage.py signin_link USERNAME"]


def sign_in_links() -> list[str]:
    """A one-time link for each of the first users that is still active."""
    create_first_users()
    people = User.objects.filter(username__in=FIRST_USERS, is_active=True).order_by("pk")
    if not people:
        return how_to_sign_in()
    return [
        "  One-time sign-in links (another one: .venv/bin/python manage.py signin_link USERNAME):",
        *(f"    {person.username:<9} {one_time_link(person)}" for person in people),
    ]


def _services(instance: Instance, is_sandbox: bool) -> list[str]:
    return [
        "  WhatTalk is a sandbox on this machine: nobody is called."
        if is_sandbox
        else f"  WhatTalk is {settings.WHATTALK_BASE_URL}: campaigns call real people.",
        _mail(instance),
    ]


def _mail(instance: Instance) -> str:
    return "  Mail goes out through EMAIL_URL." if settings.EMAIL_URL else f"  Mail is written to {instance.var / 'mail'}."
