"""Which letters count as one when something is searched or compared."""

import unicodedata
from itertools import filterfalse


def fold(text: str) -> str:
    """Lower case without accents, dotted and dotless i alike: "YİNELENEN" → "yinelenen", "Mükerrer" → "mukerrer"."""
    if text.isascii():
        return text.lower()
    one_i = text.replace("İ", "i").replace("I", "i").replace("ı", "i")
    decomposed = unicodedata.normalize("NFKD", one_i)
    return "".join(filterfalse(unicodedata.combining, decomposed)).casefold()
