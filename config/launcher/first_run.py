"""What the person at the terminal reads once everything runs: where to go, and how to get in without a password."""

from django.conf import settings
from django.contrib.auth.models import Group

from config.launcher.programs import House
from people.models import User
from people.roles import Role
from people.sign_in import one_time_link

FIRST_PEOPLE = {"uploader": Role.UPLOADER, "manager": Role.MANAGER, "admin": Role.ADMIN}


def welcome(house: House, *, is_sandbox: bool) -> str:
    """The text; makes the first people of an empty house. Each link in it works once."""
    return "\n".join(
        [
            "",
            f"  Rowcall is ready: {house.site_url}",
            "",
            *ways_in(),
            "",
            *_surroundings(house, is_sandbox),
            "",
            "  Stop it with Ctrl-C.",
            "",
        ]
    )


def make_first_people() -> None:
    """One person a role where nobody exists yet. They have no password: only links let them in."""
    if User.objects.exists():
        return
    for username, role in FIRST_PEOPLE.items():
        person = User(username=username, first_name=username.capitalize(), email=f"{username}@example.com")
        person.set_unusable_password()
        person.save()
        person.groups.add(Group.objects.get(name=role.group))


def ways_in() -> list[str]:
    """A one-time link for each of the first people who may still come in."""
    make_first_people()
    people = User.objects.filter(username__in=FIRST_PEOPLE, is_active=True).order_by("pk")
    if not people:
        return ["  Sign in there, or make a link: .venv/bin/python manage.py signin_link USERNAME"]
    return [
        "  One-time sign-in links (another one: .venv/bin/python manage.py signin_link USERNAME):",
        *(f"    {person.username:<9} {one_time_link(person)}" for person in people),
    ]


def _surroundings(house: House, is_sandbox: bool) -> list[str]:
    return [
        "  WhatTalk is a sandbox on this machine: nobody is called."
        if is_sandbox
        else f"  WhatTalk is {settings.WHATTALK_BASE_URL}: campaigns call real people.",
        _mail(house),
    ]


def _mail(house: House) -> str:
    return "  Mail goes out through EMAIL_URL." if settings.EMAIL_URL else f"  Mail is written to {house.var / 'mail'}."
