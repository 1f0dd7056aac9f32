"""Whether digits could be a valid number in any reading. No is certain; yes is confirmed by the library afterwards."""

from . import patterns
from .cuts import Cuts
from .metadata import dialing_code_of
from .parsing import SHORTEST_WITHOUT_PLUS, is_home_mobile
from .pieces import starts_a_number

SHORTEST_ABROAD = 6  # digits of the shortest valid number anywhere, with its dialing code


class _Codes(dict[str, str]):
    """The first three digits after `+` → the dialing code they begin with, '' if none."""

    def __missing__(self, digits: str) -> str:
        self[digits] = code = dialing_code_of(digits)
        return code


CODES = _Codes()


def could_be_a_number(dialled: str, region: str | None) -> bool:
    """Whether a valid number is possible; `dialled` and `region` as in `parsing.read`."""
    if dialled[:1] == "+":
        return dialled[1:2] == "0" or could_be_abroad(dialled)
    if dialled[:2] == "00":
        return could_be_home(dialled, region) or could_be_abroad("+" + dialled[2:])
    if region:
        return patterns.possible_national(region).match(dialled) is not None
    return len(dialled) >= SHORTEST_WITHOUT_PLUS and could_be_abroad("+" + dialled)


def could_be_home(dialled: str, region: str | None) -> bool:
    """Whether two leading zeros could mean something else than an international prefix in the region."""
    if dialled[2:3] in ("", "0") or region and is_home_mobile(dialled[2:], region):
        return True
    if not region or patterns.international_prefix(region) == "00":
        return False
    match = patterns.dialled_abroad(region).match(dialled)
    if not match:
        return patterns.possible_national(region).match(dialled) is not None
    return match[0] != "00" and could_be_abroad("+" + dialled[match.end() :])


def could_be_abroad(number: str) -> bool:
    """Whether `+` and these digits could be valid; yes where no dialing code is known, for the library to say."""
    if len(number) <= SHORTEST_ABROAD:
        return False
    code = CODES[number[1:4]]
    return not code or patterns.possible_international(code).match(number) is not None


def could_be_parted(dialled: str, cuts: Cuts, region: str | None, is_whole: bool = False) -> bool:
    """Whether a cell with these digits, the zero of its cuts among them, may be read in pieces; `is_whole`: what is whole has nothing after it."""
    if cuts.lead and _could_be_listed(dialled[cuts.lead :], cuts.is_marked, region):
        return True
    return not is_whole and any(could_be_a_number(dialled[:end], region) for end in cuts.befores)


def _could_be_listed(rest: str, is_marked: bool, region: str | None) -> bool:
    """Whether digits after a list number could be a number; after an unmarked one they must be a mobile, and begin as one."""
    if not is_marked and not starts_a_number(rest, region) or not could_be_a_number(rest, region):
        return False
    return is_marked or not region or rest[:2] == "00" or patterns.possible_home_mobile(region).match(rest) is not None
