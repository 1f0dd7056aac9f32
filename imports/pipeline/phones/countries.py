"""Country names: regions from the text of a column, and names to display.

`phone_country_names.json` holds for every region that has phone numbers its three-letter
code, its names in English, Turkish, German and Arabic, in its own languages and in some sixty others. Latin names
of fewer than five letters are left out of those: `Man`, `Sin` and `Oma` are words as well.
Source: Unicode CLDR 47 through Babel 2.18 (Unicode License v3), and everyday names added by hand.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TypedDict

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from .metadata import code_of, region_metadata


class _RegionNames(TypedDict):
    """A region's three-letter code, its names in the languages of the pages, and those by which it is recognized beside English and Turkish."""

    iso3: str
    en: str
    tr: str
    de: str
    ar: str
    others: list[str]


_NAMES_FILE = Path(__file__).with_name("phone_country_names.json")
_LETTERS_WITHOUT_ACCENT = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ə": "e",
        "ı": "i",
        "&": "and",
    }
)
_FLAG_LETTERS = {0x1F1E6 + place: chr(ord("a") + place) for place in range(26)}

# Codes of plates and of sports, where they are not those of ISO 3166. Only a header that says country makes countries of them.
_OTHER_CODES = dict(
    pair.split(":")
    for pair in """
    D:DE A:AT F:FR I:IT E:ES B:BE L:LU P:PT S:SE N:NO H:HU M:MT J:JP V:VA FL:LI SLO:SI RSM:SM NMK:MK CDN:CA KSA:SA UAE:AE RSA:ZA
    BRD:DE GER:DE SUI:CH NED:NL DEN:DK CRO:HR POR:PT GRE:GR BUL:BG LAT:LV ALG:DZ
    """.split()
)

# `Türkiye (+90)`, `TR - Türkiye`, `Türkiye +90`, a flag before the name.
_PARTED = re.compile(r"[()\[\]/|,;:–]|\s-\s|(?<=\w)\s*(?=\+)|(?<=[\U0001F1E6-\U0001F1FF]{2})\s*(?=\w)")
_DIALING_CODE = re.compile(r"\s*\(?(?:\+|00)?\s*(\d[\d\s-]{0,6})\)?(?:[.,]0)?\s*", re.ASCII)
_NO_LETTER = re.compile(r"[^a-z]+")
_NOTHING = re.compile(r"#.*|n\s*[/.]\s*a\.?", re.IGNORECASE)  # `#N/A` is not Namibia


def region_of_country(text: str) -> str | None:
    """The region code meant by a cell: `Türkiye`, `Turkey`, `TR`, `TUR`, `90`, `+90`, `Türkiye (+90)`, a flag.

    Case, accents and punctuation do not matter. None where it is no country, or not one alone.
    """
    shown = text.strip()[:100]
    return None if _NOTHING.fullmatch(shown) else _region_of_country(shown)


def region_under_country(text: str) -> str | None:
    """As `region_of_country`, for a cell under a header that says country, where `D` and `GER` are Germany, too."""
    return region_of_country(text) or _OTHER_CODES.get(text.strip(" .").upper())


@lru_cache(maxsize=4096)
def _region_of_country(text: str) -> str | None:
    parts = [part for part in _PARTED.split(text) if part.strip()]
    if named := _region_by_name(text):
        codes = {code_of(dialed) for part in parts if (dialed := _region_by_dialing_code(part))}
        return named if codes <= {code_of(named)} else None
    if (dialed := _region_by_dialing_code(text)) or len(parts) < 2:
        return dialed
    found = {_region_by_name(part) or _region_by_dialing_code(part) for part in parts}
    return found.pop() if len(found) == 1 else _named_beside_its_dialing_code(parts)


def _named_beside_its_dialing_code(parts: Sequence[str]) -> str | None:
    """The country named beside its own dialing code: `Canada (+1)`, where +1 alone would mean another. None where two are named."""
    named = {region for part in parts if (region := _region_by_name(part))}
    dialed = [_region_by_dialing_code(part) for part in parts if not _region_by_name(part)]
    if len(named) != 1 or None in dialed:
        return None
    codes = {code_of(region) for region in (*named, *dialed) if region}
    return named.pop() if len(codes) == 1 else None


def _region_by_name(text: str) -> str | None:
    folded, known = _fold_name(text), _regions_by_name()
    return known.get(folded) or known.get(folded.removeprefix("the"))


def _region_by_dialing_code(text: str) -> str | None:
    match = _DIALING_CODE.fullmatch(unicodedata.normalize("NFKC", text))
    if not match:
        return None
    digits = re.sub(r"\D", "", match[1])
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits)) if len(digits) <= 3 and digits[0] != "0" else None
    if regions:
        return regions[0] if regions[0] != "001" else None
    return _region_by_area_code(digits)


def _region_by_area_code(digits: str) -> str | None:
    """`1868` or `+1-868`: the islands that share +1 are known by their area code too."""
    if len(digits) != 4 or digits[0] != "1":
        return None
    for region in COUNTRY_CODE_TO_REGION_CODE[1][1:]:
        leading = region_metadata(region).leading_digits
        if leading and re.fullmatch(leading, digits[1:]):
            return region
    return None


def country_name(region: str, language: str = "en") -> str:
    """The country's name in a language such as `de` or `tr-tr`; in English where it is none of ours."""
    names = _names().get(region)
    if not names:
        return region
    match language.lower().partition("-")[0]:
        case "tr":
            return names["tr"]
        case "de":
            return names["de"]
        case "ar":
            return names["ar"]
    return names["en"]


def countries(language: str = "en") -> list[tuple[str, str, str]]:
    """(region code, name, dialing code) of every country, in the order of the language's alphabet."""
    rows = [(region, country_name(region, language), code_of(region)) for region in _names()]
    return sorted(rows, key=lambda row: _sort_key(row[1]))


_TURKISH_LETTERS = str.maketrans({"ç": "c~", "ğ": "g~", "ı": "h~", "i": "i", "ö": "o~", "ş": "s~", "ü": "u~"})


def _sort_key(name: str) -> str:
    """Turkish letters sort after the letters they derive from; other accents are ignored: Cezayir, Çad; Isparta, İran."""
    lowered = name.replace("I", "ı").replace("İ", "i") if re.search("[İıçğşöü]", name) else name
    return _without_accents(lowered.lower().translate(_TURKISH_LETTERS))


@cache
def _names() -> dict[str, _RegionNames]:
    names: dict[str, _RegionNames] = json.loads(_NAMES_FILE.read_text(encoding="utf-8"))
    return names


@cache
def _regions_by_name() -> dict[str, str]:
    """Folded name or code → region. Where two claim one name, the more official form wins."""
    found: dict[str, str] = {}
    for forms in (_codes, _own_names, _other_names):
        claims: dict[str, set[str]] = {}
        for region, names in _names().items():
            for name in forms(region, names):
                claims.setdefault(_fold_name(name), set()).add(region)
        for name, regions in claims.items():
            if len(regions) == 1 and name:
                found.setdefault(name, *regions)
    return found


def _codes(region: str, names: _RegionNames) -> list[str]:
    return [region, names["iso3"]]


def _own_names(region: str, names: _RegionNames) -> list[str]:
    return [names["en"], names["tr"]]


def _other_names(region: str, names: _RegionNames) -> list[str]:
    return names["others"]


def _fold_name(name: str) -> str:
    if name.isascii():
        return _NO_LETTER.sub("", name.lower().replace("&", "and"))
    lowered = name.translate(_FLAG_LETTERS).replace("İ", "i").replace("I", "i").casefold()
    return "".join(letter for letter in _without_accents(lowered) if letter.isalpha() or unicodedata.category(letter) == "Mc")


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS_WITHOUT_ACCENT))
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")
