"""What the cells of a column look like, whatever its header says."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from imports.pipeline.headers.people_and_firms import is_company, is_given_name
from imports.pipeline.phones.cleaning import whatsapp_number
from imports.pipeline.phones.normalise import (
    INTERNATIONAL,
    PhoneFormat,
    PhoneResult,
    looks_like_phone_share,
    normalise_column,
    region_of_country,
    suggest_format,
)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_DATE = re.compile(
    r"(\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](\d{4}|\d{2}))([T ,]+\d{1,2}:\d{2}(:\d{2})?.{0,8})?"
    r"|\d{1,2}[ .-][^\W\d]{3,9}[ .,-]+\d{4}.{0,12}|[^\W\d]{3,9} \d{1,2},? \d{4}.{0,12}"
)
_TIME = re.compile(r"\d{1,2}[:.]\d{2}(:\d{2})?( ?[AaPp][Mm])?")
_URL = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_MONEY = re.compile(
    r"[₺$€£]?\s?-?(\d{1,3}([.,\s]\d{3})+|\d+)([.,]\d{1,2})?\s?(₺|\$|€|£|TL|TRY|USD|EUR|GBP|tl)?",
    re.IGNORECASE,
)
_CENTS = re.compile(
    r"[₺$€£]?\s?-?[\d.,\s]*\d[.,]\d{2}\s?(₺|\$|€|£|TL|TRY|USD|EUR|GBP)?"
    r"|[₺$€£]\s?[\d.,]+|[\d.,]+\s?(₺|\$|€|£|TL|TRY|USD|EUR)",
    re.IGNORECASE,
)
# "Test user 12", "Kişi 3" and "Ali4" are how people fill lists that they try things out with; codes are capitals.
_PERSON = re.compile(r"[^\W\d_]{2,}+,?(?:[ .’'`-]*+(?<=[ -])[^\W\d_]++){0,4}+[.’'`-]*+(?: \d{1,7}|(?<=[^\W\d_A-Z])\d{1,4})?")
# As people write numbers to call, and machines no ids: +…, 0532 …, (212) …, 212-555-1234.
_WRITTEN_TO_CALL = re.compile(r"[+(].*|0\d*+[ ./-].*|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|0[1-9]\d{8,9}|\d{3} \d{3} \d{2} \d{2}")
_ORDER = re.compile(r"#[A-Z]{0,4}-?\d{1,9}(-[A-Z0-9]{1,4})?")
_BARE = re.compile(r"[0-9]+")
_SHORTENED = re.compile(r"\+?\d([.,]\d+)?[eE]\+?(0?9|1[0-4])")
_DIGITS = re.compile(r"\d")
_IP_ADDRESS = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}")
_MONEY_OR_FILE = re.compile(r"\d{1,3}([.,]\d{3})*[.,]\d{2}\s?\D{0,3}|(19|20)\d{2}/\d{1,6}")
PHONE_CELLS = 80  # as many as tell one column from another
ENOUGH_ROWS = 5
ENOUGH_DIGITS = 7  # a number people call is not shorter


@dataclass(frozen=True)
class Profile:
    """Shares 0..1 of the filled cells, but `fill`, the share of all cells that hold something."""

    filled: int = 0
    fill: float = 0.0
    phone: float = 0.0
    email: float = 0.0
    date: float = 0.0
    time: float = 0.0
    number: float = 0.0
    money: float = 0.0  # two decimals, or a currency
    url: float = 0.0
    person: float = 0.0  # letters only, one to five words
    given_name: float = 0.0  # has a name in it that many people have
    company: float = 0.0  # has "Ltd.", "GmbH", "A.Ş." in it
    many_words: float = 0.0
    country: float = 0.0
    dialable: float = 0.0  # seven digits or more and hardly anything else
    long_words: float = 0.0  # more than three letters: "Spain", not "ES"
    order: float = 0.0  # "#1001", as shops number their orders
    shortened: float = 0.0  # "9,05E+11": a long number that a spreadsheet has cut
    same: bool = False  # one text in every filled cell: not what tells people apart


def profile(texts: Sequence[str]) -> Profile:
    """What a sample of one column looks like (stripped cells), but for `phone`: see `phone_share`."""
    filled = [text for text in texts if text]
    if not filled:
        return Profile()
    return Profile(
        filled=len(filled),
        fill=len(filled) / len(texts),
        email=_share(filled, lambda text: _EMAIL.fullmatch(text) and not whatsapp_number(text)),
        date=_share(filled, _DATE.fullmatch),
        time=_share(filled, _TIME.fullmatch),
        number=_share(filled, _MONEY.fullmatch),
        money=_share(filled, _CENTS.fullmatch),
        url=_share(filled, _URL.match),
        person=_share(filled, _PERSON.fullmatch),
        given_name=_share(filled, lambda text: any(map(is_given_name, text.split()[:3]))),
        company=_share(filled, is_company),
        many_words=_share(filled, lambda text: " " in text),
        country=_share(filled, region_of_country),
        long_words=_share(filled, lambda text: len(text) > 3),
        dialable=_share(filled, _dialable),
        order=_share(filled, _ORDER.fullmatch),
        shortened=_share(filled, _SHORTENED.fullmatch),
        same=len(filled) >= ENOUGH_ROWS and len(set(filled)) == 1,
    )


def _share(texts: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(1 for text in texts if test(text)) / len(texts)


def _dialable(text: str) -> bool:
    digits = len(_DIGITS.findall(text))
    mostly_digits = digits >= ENOUGH_DIGITS and digits * 2 >= len(text.replace(" ", ""))
    return mostly_digits and not _DATE.fullmatch(text) and not _IP_ADDRESS.fullmatch(text) or bool(whatsapp_number(text))


def phone_share(
    texts: Sequence[str],
    row_regions: Sequence[str | None] | None,
    likely_region: str,
    vouched: bool,
    deep: bool = True,
) -> float:
    """The share (0..1) of filled cells that can be called under the column's likeliest format.

    `vouched`: the header says phone; without that, order numbers fit some country's numbers too and count less.
    Without `deep`, bare digits are tried in the likely country only: trying all of them takes long.
    """
    spread = range(0, len(texts), len(texts) // PHONE_CELLS + 1)
    picked = [index for index in spread if texts[index]]
    filled = [texts[index] for index in picked]
    if not filled or _share(filled, _dialable) < (0.2 if vouched else 0.5):
        return 0.0
    if _share(filled, _is_national_id) >= 0.8 or _share(filled, _MONEY_OR_FILE.fullmatch) >= 0.5:
        return 0.0
    if row_regions:  # they may say where somebody lives or travels, and nothing of the number
        without = phone_share(texts, None, likely_region, vouched, deep)
        regions = [row_regions[index] for index in picked]
        return max(without, _share_under(filled, regions, likely_region, vouched, deep))
    return _share_under(filled, None, likely_region, vouched, deep)


def _share_under(
    filled: Sequence[str],
    regions: Sequence[str | None] | None,
    likely_region: str,
    vouched: bool,
    deep: bool,
) -> float:
    if vouched or _share(filled, _WRITTEN_TO_CALL.fullmatch) >= 0.6:
        return suggest_format(filled, regions, likely_region).share
    if not deep and _share(filled, _BARE.fullmatch) >= 0.9 and _likely_share(filled, regions, likely_region) < 0.5:
        return 0.0
    return looks_like_phone_share(filled, regions, likely_region)


def share_written_to_call(texts: Sequence[str]) -> float:
    """The share (0..1) of filled texts written as people write phones, and machines no ids: `+…`, `0532 …`, `(212) …`."""
    filled = [text for text in texts if text]
    return _share(filled, _WRITTEN_TO_CALL.fullmatch) if filled else 0.0


def share_at_home(texts: Sequence[str], region: str) -> float:
    """The share (0..1) of texts that can be called as dialled in `region`."""
    results = normalise_column(texts, PhoneFormat("national", region))
    return _callable_share(results) if results else 0.0


def _callable_share(results: Sequence[PhoneResult]) -> float:
    return sum(bool(result.e164) for result in results) / len(results)


def _likely_share(texts: Sequence[str], regions: Sequence[str | None] | None, likely_region: str) -> float:
    formats = (INTERNATIONAL, PhoneFormat("national", likely_region))
    return max(_callable_share(normalise_column(texts, one, regions)) for one in formats)


def _is_national_id(text: str) -> bool:
    """A Turkish identity number: eleven digits whose last two are checks of the others."""
    if len(text) != 11 or not text.isascii() or not text.isdigit() or text[0] == "0":
        return False
    digits = [int(char) for char in text]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10
