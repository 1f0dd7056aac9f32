"""Phone numbers of the whole world, made from the library's own patterns; and the plain way to read them.

Nothing of ours is imported here, so that the plain way is measured as everybody has it.
"""

import random
import re
from collections.abc import Callable
from functools import cache
from re import _parser as pattern_parser  # type: ignore[attr-defined]  # the standard library publishes no parser
from typing import Any

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat

from devtools.benchmarks.measuring import timed

CALLED = ("mobile", "mobile", "fixed_line", "voip")
EVERY_TYPE = (
    "mobile",
    "fixed_line",
    "voip",
    "personal_number",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "pager",
    "uan",
    "voicemail",
    "general_desc",
)
SEPARATORS = (" ", " ", "-", ".", "")
ODD_SEPARATORS = (" - ", "\u00a0", ") (", "/", "\u2011", " (0) ", ",")


GROUPINGS = ((3, 3, 2, 2), (4, 3, 2, 2), (3, 3), (3, 2, 2), (2, 2, 2, 2, 2), (3, 3, 3, 3), (2, 4), (1, 2, 2, 2, 2), (4,))


def plain_stage(column: str, rows: int, seed: int = 1) -> dict[str, Any]:
    """The plain way over a column, with the library as it is installed."""
    texts, regions = COLUMNS[column](rows, seed)
    with timed():
        found = [plain_e164(text, region) for text, region in zip(texts, regions)]
    return {"valid": sum(map(bool, found))}


def plain_e164(text: str, region: str | None) -> str:
    """What everybody writes first: '' where the library finds no valid number."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if phonenumbers.is_valid_number(number) else ""


def turkish_column(rows: int, seed: int = 1) -> tuple[list[str], list[str]]:
    """A column as people in Türkiye fill it: mobiles above all, some fixed lines, one in twenty wrong."""
    rng = random.Random(seed)
    numbers = [f"5{rng.choice('0345')}{rng.randint(0, 9)}{rng.randint(0, 9_999_999):07}" for _ in range(rows)]
    return [rng.choice(TURKISH_FORMS)(number) for number in numbers], ["TR"] * rows


TURKISH_FORMS: tuple[Callable[[str], str], ...] = (
    lambda n: n,
    lambda n: "0" + n,
    lambda n: "90" + n,
    lambda n: "+90" + n,
    lambda n: f"0{n[:3]} {n[3:6]} {n[6:8]} {n[8:]}",
    lambda n: f"+90 {n[:3]} {n[3:6]} {n[6:8]} {n[8:]}",
    lambda n: f"(0{n[:3]}) {n[3:6]}-{n[6:]}",
    lambda n: f"0{n[:3]} {n[3:6]} {n[6:]}",
    lambda n: "0090" + n,
    lambda n: f"+90 ({n[:3]}) {n[3:6]} {n[6:]}",
    lambda n: f"0{n[:3]}-{n[3:6]}-{n[6:8]}-{n[8:]}",
    lambda n: f"{n[:3]} {n[3:6]} {n[6:8]} {n[8:]}",
    lambda n: f"0 {n[:3]} {n[3:6]} {n[6:8]} {n[8:]}",
    lambda n: n,
    lambda n: "0" + n,
    lambda n: "+90" + n,
    lambda n: "0" + n,
    lambda n: "0" + n[:-1],
    lambda n: f"0{n[:3]} {n[3:6]} {n[6:8]} {n[8:]}",
    lambda n: n,
)


def world_column(rows: int, seed: int = 1, hard: bool = False) -> tuple[list[str], list[str]]:
    """Numbers of every region in many spellings, one in twenty a little wrong; and the region of each.

    `hard`: of every type, valid or not, one in three wrong, with odd separators: nothing like
    a list of leads, but everything the rules must agree on.
    """
    rng = random.Random(seed)
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    chosen = [rng.choice(regions) for _ in range(rows)]
    return [sample_number(region, rng, hard) for region in chosen], chosen


def sample_number(region: str, rng: random.Random, hard: bool = False) -> str:
    """A number of the region as somebody might write it."""
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None, f"the library has no region {region}"
    national = _national_number(metadata, rng, EVERY_TYPE if hard or rng.random() < 0.01 else CALLED)
    if rng.random() < (0.33 if hard else 0.05):
        national = _spoilt(national, rng)
    written = _spelling(national, metadata, rng, hard)
    return _grouped(written, rng.choice(SEPARATORS + ODD_SEPARATORS if hard else SEPARATORS), rng)


def _national_number(metadata: PhoneMetadata, rng: random.Random, types: tuple[str, ...]) -> str:
    description = getattr(metadata, rng.choice(types))
    if not description or not description.national_number_pattern:
        description = metadata.mobile or metadata.general_desc
    return _example(_parsed(description.national_number_pattern or r"\d{10}"), rng)


def _spoilt(number: str, rng: random.Random) -> str:
    place = rng.randrange(len(number))
    changes = (
        lambda: number[:place] + rng.choice("0123456789") + number[place + 1 :],
        lambda: number[:place] + number[place + 1 :],
        lambda: number[:place] + rng.choice("0123456789") + number[place:],
        lambda: "".join(rng.choice("0123456789") for _ in number),
    )
    return rng.choice(changes)()


def _spelling(national: str, metadata: PhoneMetadata, rng: random.Random, hard: bool) -> str:
    code, trunk = str(metadata.country_code), metadata.national_prefix or ""
    usual = (
        "+" + code + national,
        "+" + code + national,
        "00" + code + national,
        code + national,
        national,
        national,
        trunk + national,
        trunk + national,
        trunk + national,
        "+" + code + trunk + national,
    )
    return rng.choice((*usual, "0" + code + national, code + trunk + national, "+" + national) if hard else usual)


def _grouped(written: str, separator: str, rng: random.Random) -> str:
    """Digits parted into groups as people do, the rest of the number last."""
    pieces, rest = [], written.removeprefix("+")
    for size in rng.choice(GROUPINGS if separator in " -" else GROUPINGS[:1]) if separator else ():
        pieces.append(rest[:size])
        rest = rest[size:]
        if len(rest) < 3:
            break
    return ("+" if written.startswith("+") else "") + separator.join([*pieces, rest] if rest else pieces)


@cache
def _parsed(pattern: str) -> Any:
    return pattern_parser.parse(pattern)


def _example(tokens: Any, rng: random.Random) -> str:
    """A random text that a metadata pattern matches: literals, classes, groups, choices and repeats."""
    return "".join(_of_token(operation, argument, rng) for operation, argument in tokens)


def _of_token(operation: Any, argument: Any, rng: random.Random) -> str:
    name = str(operation)
    if name == "LITERAL":
        return chr(argument)
    if name == "IN":
        return rng.choice(_class_digits(argument))
    if name == "BRANCH":
        return _example(rng.choice(argument[1]), rng)
    if name == "SUBPATTERN":
        return _example(argument[-1], rng)
    if name == "MAX_REPEAT":
        least, most, tokens = argument
        return "".join(_example(tokens, rng) for _ in range(rng.randint(least, most)))
    raise ValueError(f"a phone pattern with {name}")


def _class_digits(members: Any) -> str:
    digits = ""
    for operation, argument in members:
        name = str(operation)
        digits += (
            "0123456789"
            if name == "CATEGORY"
            else chr(argument)
            if name == "LITERAL"
            else "".join(chr(code) for code in range(argument[0], argument[1] + 1))
        )
    return re.sub(r"[^0-9]", "", digits)


COLUMNS = {"turkish": turkish_column, "world": world_column}
