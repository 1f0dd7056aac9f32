"""Quotation marks of the language that is active: “…”, „…“, «…»."""

import re

from django.utils.translation import gettext as _

ENGLISH = re.compile(r"“([^”]*)”")


def quoted(text: str) -> str:
    return _("“%(text)s”") % {"text": text}


def quoted_anew(text: str) -> str:
    """What is quoted in a text that is the same in all languages, as the reader's language quotes it."""
    return ENGLISH.sub(lambda found: quoted(found[1]), text)
