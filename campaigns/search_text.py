"""The text by which a lead is found: its number, its variables and its other contacts, folded.

Both databases fold only ASCII letters by themselves, and neither treats I, ı, İ and i as one letter, as somebody who searches
does.
"""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import StrIndex

from campaigns.whattalk.resources import digits, objects, text_of
from ui.folding import fold

MOST_WORDS = 12

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
    NullBooleanField = models.BooleanField[bool | None, bool | None]
else:
    TextField, NullBooleanField = models.TextField, models.BooleanField


class FoldedText(TextField):
    """The text of another column of the row, folded whenever that is saved or created in bulk."""

    def __init__(self, source: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.source = source

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "source": self.source}

    def pre_save(self, model_instance: Any, add: bool) -> str:
        text = storable(fold(getattr(model_instance, self.source)))
        setattr(model_instance, self.attname, text)
        return text


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


def words_of(query: str) -> list[str]:
    """The words of a query, folded as the texts are in which they are looked for; at most MOST_WORDS."""
    return fold(storable(query)).split()[:MOST_WORDS]


def with_words(query: str, *columns: str) -> tuple[dict[str, StrIndex], Q]:
    """Aliases and the condition by which each word of a query stands in one of these columns of folded text.

    Not LIKE: what people type has % and _ in it."""
    places: dict[str, StrIndex] = {}
    condition = Q()
    for n, word in enumerate(words_of(query)):
        here = {f"place_{n}_{m}": StrIndex(column, Value(word)) for m, column in enumerate(columns)}
        places |= here
        condition &= reduce(or_, (Q((f"{place}__gt", 0)) for place in here))
    return places, condition


def storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [] if value is None or isinstance(value, bool) else [str(value)]
