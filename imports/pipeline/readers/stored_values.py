"""Values of spreadsheet formats that are written as text (OpenDocument, XML of Excel 2003, web pages of Excel) → what a person
sees.

Such a file often holds a number twice: as a value and as it was shown. Whole numbers come out whole to the last digit; zeros,
signs and units that the shown text adds are kept, as everywhere (see `cell_text`).
"""

import re

from .cell_text import Shown, plain_number, shown_by

# Formats by the name that Excel gives them where it writes XML or a web page.
NAMED = {
    "general": "General",
    "general number": "General",
    "general date": "yyyy-mm-dd|h:mm",
    "short date": "yyyy-mm-dd",
    "medium date": "yyyy-mm-dd",
    "long date": "yyyy-mm-dd",
    "short time": "h:mm",
    "medium time": "h:mm",
    "long time": "h:mm:ss",
    "currency": "General",
    "euro currency": "General",
    "fixed": "0.00",
    "standard": "#,##0.00",
    "percent": "0.00%",
    "scientific": "0.00E+00",
    "yes/no": "General",
    "true/false": "General",
    "on/off": "General",
}
GROUPED = re.compile(r"-?(?!0\d)\d[\d.,'’\s]*+$")
SPLIT_TIME = re.compile(r"PT(\d{1,9})H(\d{1,2})M(\d{1,2})")
NO_DAY = ("1899-12-30", "1899-12-31", "1900-01-00")


def shown_by_name(code: str) -> Shown:
    """The function that shows a number by a format's code or name. '@' and nothing leave it as it is typed."""
    return shown_by(NAMED.get(code.strip().lower(), code), False)


def seen_number(value: str, text: str) -> str:
    """A number of which both the value and the text shown for it are known."""
    plain = plain_number(value)
    text = text.strip()
    if not text or GROUPED.match(text):
        return plain
    digits = "".join(filter(str.isdigit, text))
    return text if "".join(filter(str.isdigit, plain)) in digits and "E+" not in text.upper() else plain


def seen_percentage(value: str, text: str) -> str:
    """A percentage of which the value (0.5) and perhaps the text shown for it (`50%`) are known."""
    if "%" in text:
        return text.strip()
    try:
        return f"{plain_number(float(value) * 100)}%"
    except ValueError:
        return text.strip() or value


def seen_moment(iso: str) -> str:
    """`2026-05-01T13:30:00.000` → `2026-05-01 13:30`; the time alone of a cell that holds no day."""
    day, _, time = iso.strip().partition("T")
    time = re.sub(r"[.,]\d*$", "", time.rstrip("Z")).removesuffix(":00")
    if day in NO_DAY:
        return time or "00:00"
    return f"{day} {time}" if time and time != "00:00" else day


def seen_time(duration: str) -> str:
    """`PT13H30M00S` → `13:30`."""
    found = SPLIT_TIME.match(duration)
    if not found:
        return duration
    hours, minutes, seconds = found.groups()
    return f"{int(hours):02}:{minutes:0>2}" + (f":{seconds:0>2}" if int(seconds) else "")
