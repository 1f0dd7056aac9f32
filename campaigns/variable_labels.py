"""The variables of an assistant by names that people read: `customer_name` is how a machine is spoken to."""

import re

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ui.folding import fold

NO_LETTER = re.compile(r"[\W_]+")


def variable_label(name: str) -> str:
    """`customer_name`, `customerName` → "Customer name"; the most usual ones in the reader's language."""
    apart = "".join(f" {one}" if one.isupper() and before.islower() else one for before, one in zip(" " + name, name))
    words = NO_LETTER.sub(" ", apart).split()
    text = " ".join(word.lower() if word.istitle() and word.isascii() else word for word in words)
    return _usual().get(text.lower()) or _capital(text[:1]) + text[1:] or name


def named_variable(name: str) -> str:
    """The label, and the name itself behind it where that is another word: what stands beside a checkbox."""
    label = variable_label(name)
    return label if fold(label) == fold(name) else f"{label} ({name})"


def _capital(letter: str) -> str:
    return "İ" if letter == "i" and (get_language() or "").startswith("tr") else letter.upper()


def _usual() -> dict[str, str]:
    return {
        "name": _("Name"),
        "full name": _("Full name"),
        "first name": _("First name"),
        "last name": _("Last name"),
        "surname": _("Last name"),
        "customer name": _("Customer name"),
        "company": _("Company"),
        "company name": _("Company name"),
        "product": _("Product"),
        "offer": _("Offer"),
        "email": _("E-mail address"),
        "address": _("Address"),
        "city": _("City"),
        "date": _("Date"),
        "time": _("Time"),
        "amount": _("Amount"),
        "price": _("Price"),
        "language": _("Language"),
    }
