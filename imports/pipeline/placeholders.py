"""Cells that are filled and mean nothing: what programs write for "no value", and what people write for "no phone".

Only whole cells count, with case, spaces, accents and quotation marks aside: `NULL` is nothing, `Null Ahmet` is not.
"""

import unicodedata

# Databases, programming languages and their libraries, when they export a value that is not there.
_WRITTEN_BY_PROGRAMS = frozenset(
    (
        r"\n",
        "null",
        "(null)",
        "<null>",
        "[null]",
        "{null}",
        "nan",
        "-nan",
        "none",
        "<none>",
        "(none)",
        "<nil>",
        "(nil)",
        "undefined",
        "nat",
        "<na>",
        "#n/a",
        "#n/a n/a",
        "1.#qnan",
        "-1.#ind",
        "1.#ind",
        "[object object]",
        "dbnull",
        "system.dbnull",
    )
)
# People, where a phone number is asked for. Some of these are values elsewhere: "Yok" answers a question, "0" is a count.
_NO_PHONE = frozenset(
    (
        # English
        "n/a",
        "n.a.",
        "n.a",
        "n/a.",
        "na",
        "no",
        "no phone",
        "no number",
        "no mobile",
        "no tel",
        "not available",
        "not applicable",
        "not given",
        "not provided",
        "not known",
        "unknown",
        "missing",
        "empty",
        "blank",
        "nothing",
        "no data",
        "tbd",
        "tba",
        "tbc",
        "-n/a-",
        "(empty)",
        "(blank)",
        "(unknown)",
        "(no number)",
        "nil",
        # Turkish
        "yok",
        "yoktur",
        "bos",
        "(bos)",
        "(yok)",
        "hicbiri",
        "belirtilmemis",
        "belirtilmedi",
        "bilinmiyor",
        "bilinmeyen",
        "girilmemis",
        "girilmedi",
        "tanimsiz",
        "verilmemis",
        "verilmedi",
        "kayitli degil",
        "mevcut degil",
        "bilgi yok",
        "numara yok",
        "numarasi yok",
        "telefon yok",
        "telefonu yok",
        "tel yok",
        "cep yok",
        "cep telefonu yok",
        "veri yok",
        "eksik",
        "paylasmadi",
        "vermedi",
        "vermek istemedi",
        # German
        "k.a.",
        "k. a.",
        "ka",
        "k.a",
        "k/a",
        "keine",
        "keine angabe",
        "keine angaben",
        "keine nummer",
        "kein telefon",
        "kein handy",
        "nein",
        "unbekannt",
        "leer",
        "nicht vorhanden",
        "nicht angegeben",
        "nicht bekannt",
        "entfallt",
        "fehlt",
        # French, Spanish, Italian, Portuguese, Dutch
        "non",
        "aucun",
        "aucune",
        "inconnu",
        "neant",
        "non renseigne",
        "non communique",
        "pas de telephone",
        "vide",
        "s/o",
        "n/c",
        "n.c.",
        "nc",
        "no tiene",
        "ninguno",
        "ninguna",
        "sin telefono",
        "sin numero",
        "desconocido",
        "no disponible",
        "sin datos",
        "s/n",
        "s/d",
        "no consta",
        "nessuno",
        "sconosciuto",
        "non disponibile",
        "non presente",
        "assente",
        "n.d.",
        "n/d",
        "nd",
        "n.p.",
        "nao",
        "nao tem",
        "nenhum",
        "nao informado",
        "desconhecido",
        "sem telefone",
        "sem numero",
        "geen",
        "onbekend",
        "nvt",
        "n.v.t.",
        # Polish, Russian, Arabic, Persian
        "brak",
        "brak danych",
        "nieznany",
        "nie podano",
        "нет",
        "неизвестно",
        "неизвестен",
        "не указан",
        "не указано",
        "отсутствует",
        "н/д",
        "пусто",
        "لا يوجد",
        "لايوجد",
        "غير معروف",
        "غير متوفر",
        "غير محدد",
        "بدون",
        "فارغ",
        "ندارد",
        "نامشخص",
    )
)
_NAMES = frozenset({"Nan", "Nat"})  # programs write `nan`, `NaN` and `NaT`; so written they are somebody's name
_DROPPED_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "ß": "ss", "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "–": "-", "—": "-"}
)
_AROUND = " \t\r\n\"'`"
_MARKS = frozenset(" -._/\\'\"`~*,;:|()[]{}<>+?!=\n\t")
_LONGEST = 40  # characters; no text above is longer


def means_nothing(text: str) -> bool:
    """Whether a whole cell is what a program writes for "no value" (`NULL`, `nan`, `undefined undefined`), in any column.

    An empty cell means nothing too. Words of people (`Yok`, `-`) are values and do not count.
    """
    folded = _folded(text)
    return not folded or text.strip() not in _NAMES and (folded in _WRITTEN_BY_PROGRAMS or _is_repeated(folded))


def means_no_phone(text: str) -> bool:
    """Whether a whole cell says, where a phone number is asked for, that there is none: also `-`, `yok`, `n/a`, `0`, `000`."""
    folded = _folded(text)
    return means_nothing(text) or folded in _NO_PHONE or folded.strip(" .!-()") in _NO_PHONE or _is_zero(folded)


def _is_repeated(folded: str) -> bool:
    """First and last name of nobody, written by a program into one cell: `undefined undefined`."""
    words = set(folded.split())
    return len(words) == 1 and words <= _WRITTEN_BY_PROGRAMS


def _is_zero(folded: str) -> bool:
    """Zeros and marks alone, up to six: `0`, `000`, `0.00`, `0-0`. More look like a number of ten digits that somebody made
    up."""
    return len(folded) <= _LONGEST and folded.count("0") <= 6 and all(letter == "0" or letter in _MARKS for letter in folded)


def _folded(text: str) -> str:
    if len(text) > _LONGEST + 60:
        return text
    shown = text.strip().strip(_AROUND).translate(_DROPPED_LETTERS).casefold().translate(_DROPPED_LETTERS)
    apart = unicodedata.normalize("NFKD", shown)
    letters = "".join(letter for letter in apart if unicodedata.category(letter) not in ("Mn", "Cf"))
    return " ".join(letters.split())
