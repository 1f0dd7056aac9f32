"""The text by which a lead is found: its number, its variables and its other contacts, folded.

Both databases fold only ASCII letters by themselves, and neither treats I, ı, İ and i as one letter, as somebody who searches
does.
"""

from typing import TYPE_CHECKING, Any

from django.db import models

from campaigns.whattalk.error_texts import fold
from campaigns.whattalk.resources import digits, objects, text_of

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
    NullBooleanField = models.BooleanField[bool | None, bool | None]
else:
    TextField, NullBooleanField = models.TextField, models.BooleanField


class SearchText(TextField):
    """A column that is computed from its lead whenever that is saved or created in bulk."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        text = search_text(model_instance.phone_number, model_instance.variables, model_instance.secondary_contacts)
        setattr(model_instance, self.attname, text)
        return text


class DigitsInValues(NullBooleanField):
    """True for a lead whose values or other contacts have digits in them, else null: so that a search for a number need not look
    into all the others."""

    def pre_save(self, model_instance: Any, add: bool) -> bool | None:
        found = has_digits(model_instance.variables, model_instance.secondary_contacts)
        setattr(model_instance, self.attname, found)
        return found


def has_digits(variables: Any, contacts: Any) -> bool | None:
    return any(c.isdecimal() for text in (*_texts(variables), *_texts(contacts)) for c in text) or None


def search_text(phone_number: str, variables: Any, contacts: Any) -> str:
    """Every text in it, folded, a line each. What no database stores as text is left out."""
    others = [contact.get("phone_number") for contact in objects(contacts)]
    numbers = [f"+{number}" for number in map(digits, map(text_of, others)) if number]
    lines = [phone_number, *numbers, *_texts(variables), *_texts(contacts)]
    return storable("\n".join(fold(line) for line in lines if line))


def storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [] if value is None or isinstance(value, bool) else [str(value)]
