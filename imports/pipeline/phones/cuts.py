"""Where the digits of a cell may be parted: a list number before them, something more after them.

These rules do not depend on a country or on which numbers are valid; `pieces` reads the parts.
"""

import re
from typing import NamedTuple

from .refusals import count_digits

SHORTEST_AFTER_LEAD = 7  # digits that must follow a list number
SHORTEST_BEFORE_GAP = 6
LONG_GROUP = 7  # digits: so many together are seldom parted by a blank or a dot from the end of their own number
LONG_GROUP_BEFORE_DASH = 6
BEFORE_LONE_DIGIT = 4  # digits: after a group of so many, one digit alone (`0812 3456 7890 1`) may be something else than its end


class Lead(NamedTuple):
    """A short first piece. `is_marked`: as list numbers are (`2.`, `2)`, `(2)`, `2 -`, `#2`); `is_certain`: as nothing else is."""

    number: str
    rest: str
    is_marked: bool
    is_certain: bool


class Gap(NamedTuple):
    """A place between groups of digits: the text before and after it, how many digits the group before it has, and
    whether the pieces stand apart (`/46`, ` - 46`, or a few digits after a long group) or are joined by a dash."""

    before: str
    after: str
    last_group: int
    is_apart: bool
    is_dash: bool


_LEAD = re.compile(r"(#|\()?\s?(\d{1,3})(?!\d)([ .)\-:]{1,4})(?=[(+\d])", re.ASCII)
_SPACED_DASH = re.compile(r"\s-|-\s")
_DOT_SPACE = re.compile(r"\.\s")
_BETWEEN = re.compile(r"[^0-9]+")
_AFTER_LONG_GROUP = re.compile(r"[0-9]{1,4}(?:[ .\-][0-9]{1,4})?\W*")

# Cells of these shapes are looked at for the digits that decide, all others never.
_WEAK_LEAD = re.compile(r"[ (]*(?!0)\d{1,3}(?:\.\d{1,2})?[ .)\-]+(?=\(?[0+])", re.ASCII)
_WEAK_LEAD_SHAPE = re.compile(r"[ (]*\d{1,3}(?:\.\d{1,2})?[ .)\-]+(?=\(?[\d+])", re.ASCII)
# `(15) 628 864 464`: an area code, or a list number before all that a country without area codes dials.
_BRACKETED = re.compile(r"\((?!0)\d\d\) ?(?:\d\D{0,3}){8,}", re.ASCII)
_WEAK_END = re.compile(
    r"(?:(?:\d{7}\)?[ .]+|\d{6}\)?[ .]*-[ .\-]*)\d{1,4}(?:[ .\-]\d{1,4})?|(?<!\d)\d{4}\)?[ .\-]+\d)[ )]*$", re.ASCII
)
# A dash between the last groups, if none stands before them too (`06-6975-83`) or the group before it is long.
_RANGE_END = re.compile(r"((?<![\d\-])\d{1,5}|\d{6,8})-(\d{1,3})[ )]*$", re.ASCII)
# Shapes that decide by themselves: `2) …`, `2. …`, ` - `.
_STRONG = re.compile(r"[ ]?\d{1,3} ?\)|\(\d\) ?\d(?:\D*\d){8}", re.ASCII)


def is_strongly_parted(text: str) -> bool:
    """Whether marks stand between the digits that part them whatever the digits are; the same for all cells of a shape."""
    return _STRONG.match(text) is not None or any(mark in text for mark in (". ", " -", "- "))


class Cuts(NamedTuple):
    """Where the cells of a shape may be parted, in places of their digits (with a leading `+`).

    `lead`: after a list number, 0 if there is none; `is_marked` as in `Lead`. `zero`: where a zero must stand, and none in front,
    for a cell to be parted at all; 0 if any is. `befores`: ends of what may be complete.
    """

    lead: int
    is_marked: bool
    zero: int
    befores: tuple[int, ...]


def cuts_of(shape: str) -> Cuts | None:
    """Where `is_parted` may be true of cells of a plain shape (digits made nines); None if it never is."""
    size = count_digits(shape)
    weak = _WEAK_LEAD_SHAPE.match(shape) if size >= SHORTEST_AFTER_LEAD else None
    ends = _WEAK_END.search(shape) or _RANGE_END.search(shape)
    if not weak and not ends:
        return None
    found = _LEAD.match(shape)
    lead = count_digits(found[0]) if found and size - count_digits(found[0]) >= SHORTEST_AFTER_LEAD else 0
    befores = [count_digits(gap.before) + ("+" in shape) for gap in gaps(shape) if gap.is_apart or _range_end(gap)]
    listed = lead_of(shape[: found.end()] + shape[found.end() :].replace("9", "0", 1)) if found and lead else None
    is_marked = listed is not None and listed.is_marked
    zero = 0 if ends or not weak or _BRACKETED.match(shape) else count_digits(weak[0])
    return Cuts(lead, is_marked, zero, tuple(befores))


def is_parted(text: str) -> bool:
    """Whether a cell must be tried in pieces."""
    if is_strongly_parted(text) or "/" in text or "\\" in text or ":" in text or "#" in text:
        return True
    if _WEAK_LEAD.match(text) or _WEAK_END.search(text) or _BRACKETED.match(text):
        return True
    ends = _RANGE_END.search(text)
    return ends is not None and count_digits(text) >= 8 and _continues(ends[1], ends[2])


def _continues(before: str, after: str) -> bool:
    """`45-46` and `45-7`: the last digits of the next number, or of the last of a few."""
    last = before[-len(after) :]
    return len(last) == len(after) and 0 < int(after) - int(last) < 10


def is_range(gap: Gap) -> bool:
    """`9012345-46`: two numbers that share their beginning."""
    found = _range_end(gap)
    return found is not None and _continues(found[1], found[2])


def _range_end(gap: Gap) -> re.Match[str] | None:
    """The last group before the gap and the one after it, if they stand as a range does."""
    found = _RANGE_END.search(gap.before + "-" + gap.after) if gap.is_dash else None
    return found if found and found.end(1) == len(gap.before) else None


def lead_of(text: str) -> Lead | None:
    """The short piece that a text begins with, where it may be a list number."""
    found = _LEAD.match(text)
    if not found:
        return None
    sign, number, mark = found.groups()
    rest = text[found.end() :]
    if not number.strip("0") or count_digits(rest) < SHORTEST_AFTER_LEAD:
        return None
    starts_anew = rest.lstrip("( ")[:1] in ("0", "+")
    if sign == "#" or ":" in mark or sign != "(" and ")" in mark:
        return Lead(number, rest, True, True)
    repeated = mark.strip() in ("-", ".") and mark in rest  # `77-0134-4555`, `202. 555. 0123`: groups of one number
    if sign != "(" and _DOT_SPACE.search(mark) and (starts_anew or not repeated):
        return Lead(number, rest, True, True)
    if sign == "(" and ")" in mark or _SPACED_DASH.search(mark) and not repeated:
        return Lead(number, rest, True, False)
    if starts_anew and number[0] != "0":
        return Lead(number, rest, mark in ("-", ".") and not repeated, False)
    return None


def gaps(text: str) -> list[Gap]:
    """The places between groups of digits, after at least six of them."""
    found, uniform = [], _is_uniform(text)
    for between in _BETWEEN.finditer(text):
        before, after = text[: between.start()], text[between.end() :]
        if not after or not before or count_digits(before) < SHORTEST_BEFORE_GAP:
            continue
        last_group = len(before) - len(before.rstrip("0123456789"))
        mark = between[0]
        strong = not uniform and re.search(r"[/\\]|\s-|-\s|\.\s|\s\.", mark) is not None
        long = LONG_GROUP_BEFORE_DASH if "-" in mark else LONG_GROUP
        apart = strong or last_group >= long and _AFTER_LONG_GROUP.fullmatch(after) is not None
        apart = apart or last_group == BEFORE_LONE_DIGIT and _is_lone_digit(after) and (mark != "-" or mark in before)
        found.append(Gap(before, after, last_group, apart, mark == "-"))
    return found


def _is_lone_digit(after: str) -> bool:
    return count_digits(after) == 1


def _is_uniform(text: str) -> bool:
    """The same mark between four groups or more, none of them long: `0664 / 123 / 45 / 67`."""
    marks = _BETWEEN.findall(text.strip(" (+"))
    return len(marks) >= 3 and len(set(marks)) == 1 and all(len(group) <= 4 for group in re.findall(r"[0-9]+", text))
