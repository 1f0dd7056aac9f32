"""What is told to somebody who must wait after wrong passwords or codes."""

from django.utils.translation import ngettext


def wait_sentence(minutes: int) -> str:
    return ngettext(
        "Too many wrong tries. Wait %(minutes)d minute, or ask an admin for a sign-in link.",
        "Too many wrong tries. Wait %(minutes)d minutes, or ask an admin for a sign-in link.",
        minutes,
    ) % {"minutes": minutes}


def wait_for_code_sentence(minutes: int) -> str:
    return ngettext(
        "Too many wrong tries. Wait %(minutes)d minute.", "Too many wrong tries. Wait %(minutes)d minutes.", minutes
    ) % {"minutes": minutes}
