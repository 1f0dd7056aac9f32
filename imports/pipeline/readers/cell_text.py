"""What a person sees in a cell: a stored number and its number format → text.

Dates become `2026-05-01` or `2026-05-01 13:30`, whatever the country's way of writing them. Whole numbers come out
whole to the last digit, even where the cell shows them shortened or grouped: a phone number typed into Excel is
one. Digits and signs that the format adds (`00000000000`, `+0`, `(000) 000-0000`) are seen, so they are kept.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, lru_cache

Shown = Callable[[str | float], str]

# Excel's built-in formats that are not written into the file (ECMA-376 part 1, 18.8.30).
BUILT_IN = {
    9: "0%",
    10: "0.00%",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    **dict.fromkeys([27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58], "yyyy-mm-dd"),
    **dict.fromkeys([32, 33], "h:mm"),
    **dict.fromkeys([34, 35, 55, 56], "yyyy-mm-dd|h:mm"),  # a time in Chinese, a date in Japanese and Korean: the value tells
}
NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
SHORT_NUMBER = re.compile(r"(?=.{1,16}$|[^.]*$)-?(?:[1-9][0-9]*|0)(?:\.[0-9]{0,9}[1-9])?$")  # written as it is shown
TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|([0#?])|(.)', re.DOTALL)
DIGIT_PLACE = re.compile(r"[0#?]")
PART_OF_A_SECOND = re.compile(r"(?<=s)(\]?)[.,]0++")
FRACTION = re.compile(r"[0#?]\s*+/\s*+[0#?1-9]")
IN_THOUSANDS = re.compile(r"[0#?],++(?![0#?,])")
CURRENCY = re.compile(r"[₺$€£¥₽₹]|\b(?:TL|TRY|USD|EUR|GBP)\b")
LONGEST_FORMAT = 255  # Excel's own limit
LARGEST_DATE = 2_958_466  # the day after 9999-12-31
# No cell may hold these: databases refuse NUL and halves of characters, and no one sees the rest. Control characters
# are single bytes in every encoding whose first half is ASCII.
CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def without_control(text: str) -> str:
    """`text` with '\\n' as its only line end and none of `CONTROL`."""
    return text if text.isprintable() else CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def built_in_format(number: int) -> str:
    """The code of a format that Excel does not write into the file; `General` for an unknown number."""
    return BUILT_IN.get(number, "General")


def plain_number(value: str | float) -> str:
    """A number as typed: whole ones whole, others to the 15 digits a spreadsheet keeps."""
    if isinstance(value, str) and SHORT_NUMBER.match(value):
        return value
    try:
        number = float(value)
    except ValueError:
        return str(value).strip()
    if number.is_integer() and abs(number) < 1e21:
        return str(int(number))
    return f"{number:.15g}"


def truth(value: str | float) -> str:
    """A stored boolean as Excel shows it: `TRUE` or `FALSE`."""
    return "FALSE" if str(value) in ("0", "0.0", "false", "False", "") else "TRUE"


@cache
def shown_by(code: str, date1904: bool) -> Shown:
    """The function that shows a stored number as the format `code` does."""
    code = code[:LONGEST_FORMAT]
    bare = PART_OF_A_SECOND.sub(r"\1", NOT_CODE.sub("", code.split(";")[0]).lower())
    if "general" not in bare and re.search(r"[ymdhs]", bare) and not DIGIT_PLACE.search(bare):
        return _date_shower(bare, date1904)
    if "%" in bare:
        return _percent_shower(bare)
    return _number_shower(code)


def _date_shower(bare: str, date1904: bool) -> Shown:
    has_time = bool(re.search(r"[hs]", bare))
    time_if_any = "|" in bare
    has_date = bool(re.search(r"[yd]", bare)) or not has_time
    has_seconds = "s" in bare
    elapsed = bool(re.search(r"\[[hms]+\]", bare))
    epoch = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)

    @lru_cache(maxsize=10_000)
    def show(value: str | float) -> str:
        try:
            serial = float(value)
        except ValueError:
            return str(value)
        if elapsed:
            return _elapsed(serial, has_seconds)
        if not 0 <= serial < LARGEST_DATE or not has_time and serial < 1 and not date1904:
            return plain_number(value)
        moment = _moment(epoch, serial)
        if time_if_any and serial >= 1 and serial.is_integer():
            return f"{moment:%Y-%m-%d}"
        day = f"{moment.year}-{moment.month:02}-{moment.day:02}" if has_date and (serial >= 1 or not has_time) else ""
        time = f"{moment.hour:02}:{moment.minute:02}" if has_time else ""
        if has_seconds and moment.second:
            time += f":{moment.second:02}"
        return f"{day} {time}".strip()

    return show


def _moment(epoch: datetime, serial: float) -> datetime:
    """Excel believes in 1900-02-29, so the days before it are one off."""
    if epoch.year == 1899 and 1 <= serial < 60:
        serial += 1
    return epoch + timedelta(days=int(serial), seconds=round(serial % 1 * 86400))


def _elapsed(serial: float, has_seconds: bool) -> str:
    seconds = round(abs(serial) * 86400)
    text = f"{'-' if serial < 0 else ''}{seconds // 3600}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if has_seconds else text


def _percent_shower(bare: str) -> Shown:
    places = re.search(r"\.([0#?]*)", bare)
    decimals = len(places[1]) if places else 0

    def show(value: str | float) -> str:
        try:
            return f"{float(value) * 100:.{decimals}f}%"
        except ValueError:
            return str(value)

    return show


def _number_shower(code: str) -> Shown:
    """Plain, unless the format adds signs or digits that a person sees as part of the number."""
    sections = [_Section(section) for section in re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)]
    if not any(section.adds for section in sections):
        return plain_number

    def show(value: str | float) -> str:
        try:
            number = float(value)
        except ValueError:
            return str(value)
        section = _section_for(sections, number)
        return section.show(number, section is not sections[0]) if section.adds else plain_number(value)

    return show


def _section_for(sections: list["_Section"], number: float) -> "_Section":
    for section in sections:
        if section.holds_for and section.holds_for(number):
            return section
    if sections[0].holds_for:
        return next((section for section in sections if not section.holds_for), sections[0])
    if number < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if number == 0 and len(sections) > 2 else sections[0]


COMPARE = {
    "<": float.__lt__,
    "<=": float.__le__,
    ">": float.__gt__,
    ">=": float.__ge__,
    "=": float.__eq__,
    "<>": float.__ne__,
}


class _Section:
    """One part of a format code: literals around digit places. `adds` says whether it shows more than the number."""

    def __init__(self, code: str):
        condition = re.search(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]", code)
        self.holds_for = condition and (lambda number: COMPARE[condition[1]](number, float(condition[2])))
        bare = NOT_CODE.sub("", code)
        self.tokens = [
            (place, quoted or escaped or money or other) for quoted, escaped, money, place, other in TOKEN.findall(code)
        ]
        literals = "".join(text for place, text in self.tokens if not place)
        self.currency = bool(CURRENCY.search(literals))
        places = "".join(place for place, _ in self.tokens)
        otherwise = "E+" in code or "E-" in code or FRACTION.search(bare) or IN_THOUSANDS.search(bare)
        pads = places.replace("?", "#").strip("#").count("0") > 1 and "." not in literals
        signs = bool(re.search(r"[\w+()/\s-]", literals)) and bool(places) and "." not in literals
        self.adds = bool(places) and not otherwise and "General" not in code and (self.currency or pads or signs)

    def show(self, number: float, negative: bool = False) -> str:
        """`negative` says that this section is for negative numbers only, so that brackets in it mean minus."""
        negative = negative and "(" in "".join(text for place, text in self.tokens if not place)
        sign = "" if negative or number >= 0 else "-"
        if self.currency:
            return self._money(number, sign)
        digits = list(str(int(abs(number) + 0.5)))
        places = sum(1 for place, _ in self.tokens if place)
        text = []
        for place, literal in reversed(self.tokens):
            if not place:
                text.append("" if literal in (",", "@") else literal)
                continue
            places -= 1
            text.append(digits.pop() if digits else "0" if place == "0" else "")
            if not places and digits:
                text.append("".join(digits))
        shown = "".join(reversed(text))
        return ((sign if "-" not in shown else "") + shown).strip()

    def _money(self, number: float, sign: str) -> str:
        after_point = "".join(place or text for place, text in self.tokens).partition(".")[2]
        decimals = len(after_point) - len(after_point.lstrip("0#?"))
        amount = f"{abs(number):,.{decimals}f}"
        first, last = self._ends()
        return f"{sign}{first}{amount}{last}".strip()

    def _ends(self) -> tuple[str, str]:
        """What stands before the first digit place and after the last one."""
        where = [index for index, (place, _) in enumerate(self.tokens) if place]
        before = "".join(text for _, text in self.tokens[: where[0]])
        after = "".join(text for _, text in self.tokens[where[-1] + 1 :])
        return before.replace("-", ""), after
