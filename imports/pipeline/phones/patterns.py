"""Regular expressions for whole columns, compiled from the library's own metadata.

There are two kinds. An *accepting* expression matches only digits for which `parsing.read`
certainly gives the number it captures. A *possible* expression matches all digits that could
be valid in any reading. Cells that neither decides are read by `read` itself, so that no
rule of the library has to be imitated.

Group 1 of an accepting expression is what stands before the national number, the last
group is the national number. All work on lines of a text (`^`, `$`), one number a line.
"""

import re
from collections.abc import Collection, Iterable
from functools import cache
from operator import itemgetter

from phonenumbers import PhoneMetadata

from .match_lengths import match_lengths
from .metadata import belongs_to_no_country, code_of, general_numbers, main_metadata, metadata_of, region_metadata, regions_of
from .parsing import LEGACY_PREFIXES, home_mobile_pattern

REFUSED = ("premium_rate", "toll_free", "shared_cost", "pager", "uan", "voicemail", "personal_number")
CALLED_SPECIALS = ("voip",)
_CALLED = ("mobile", "fixed_line", *CALLED_SPECIALS)  # the most frequent first, for expressions try them in this order
_NEVER = "(?!)"


# --- dialling ways ------------------------------------------------------------------------


@cache
def accepting_international(dialing_code: str) -> re.Pattern[str]:
    """`+` and this dialing code. Where one region has the code, its own expression accepts these numbers too."""
    if is_shared(dialing_code) or belongs_to_no_country(dialing_code):
        return _lines(_after_code(r"\+", dialing_code), _numbers(dialing_code))
    return accepting_national(*regions_of(dialing_code))


@cache
def possible_international(dialing_code: str) -> re.Pattern[str]:
    """Everything that could be valid after `+` and this dialing code; for a country what is possible in its main region too."""
    if belongs_to_no_country(dialing_code):
        return re.compile(rf"^\+{dialing_code}(?:{any_numbers(dialing_code)})$", re.ASCII)
    return possible_national(regions_of(dialing_code)[0])


@cache
def accepting_national(region: str) -> re.Pattern[str]:
    """The usual ways inside a region: as dialled at home, with or without trunk prefix, with the
    dialing code after `+`, after `00` or after nothing.

    Where regions share a dialing code, the number captured is still to be held against
    `accepting_numbers` of the code (see `accepted`), so that its long expression is compiled once.
    """
    metadata, code = region_metadata(region), code_of(region)
    idd = international_prefix(region)
    fits = _fits(metadata) if is_shared(code) else ""
    plain = rf"(?!{code}){_optional_trunk(metadata)}{fits}"
    trunkless = "".join(dict.fromkeys(_no_trunk(each, "^" + code) for each in (metadata, main_metadata(code))))
    plusless = rf"(?={code})(?!(?:{general_numbers(metadata)[0]})$){code}{trunkless}{fits}"
    return _lines(rf"{_international_start(region)}|{_no_idd(idd)}(?:{plain}|{plusless})", _numbers(code))


def _international_start(region: str) -> str:
    """`+`, or `00` where the region dials it, and the region's dialing code."""
    code, mobile = code_of(region), home_mobile_pattern(region)
    if international_prefix(region) != "00":
        return _after_code(r"\+", code)
    zeros = rf"(?!00(?:{mobile})$)00" if mobile else "00"  # not a trunk zero typed twice
    return _after_code(r"\+", code, zeros)


def _no_idd(idd: str) -> str:
    """No international prefix: 00 may say a dialing code even where numbers begin with it (Tajikistan)."""
    return "(?!00)" if idd == "00" else rf"(?!00)(?!{idd})"


def _numbers(dialing_code: str) -> str:
    return "[0-9]+" if is_shared(dialing_code) else callable_numbers(dialing_code)


def accepted(pattern: re.Pattern[str], dialing_code: str, lines: str) -> tuple[list[tuple[str, ...]], list[str]]:
    """What an accepting expression finds in each line, and the national numbers that are surely valid, '' for other lines."""
    found = pattern.findall(lines)
    nationals = list(map(itemgetter(-1), found))
    return found, accepting_numbers(dialing_code).findall("\n".join(nationals)) if is_shared(dialing_code) else nationals


@cache
def accepting_numbers(dialing_code: str) -> re.Pattern[str]:
    """National numbers alone, one a line."""
    return re.compile(rf"^(?:({callable_numbers(dialing_code)})$|.*)", re.ASCII | re.MULTILINE)


@cache
def dialled_abroad(region: str) -> re.Pattern[str]:
    """`international_prefix`, compiled."""
    return re.compile(international_prefix(region))


@cache
def international_prefix(region: str) -> str:
    """The expression for what is dialled in a region before a dialing code, such as `00` or `011`."""
    return _unnamed(region_metadata(region).international_prefix or _NEVER)


@cache
def is_shared(dialing_code: str) -> bool:
    """Whether several regions have this dialing code."""
    return len(regions_of(dialing_code)) > 1


@cache
def accepting_national_rarely(region: str) -> re.Pattern[str] | None:
    """Unusual ways: numbers that begin with the digits of their own dialing code, and a zero before
    the dialing code (`0 90 555 …`). None where the library rewrites numbers, and for +1, where nobody does: it is asked instead."""
    metadata, code = region_metadata(region), code_of(region)
    main = main_metadata(code)
    if metadata.national_prefix_transform_rule or main.national_prefix_transform_rule or code == "1":
        return None
    trunks = rf"(?:{_trunk(metadata)})?(?:{_trunk(main)})?"
    anything = any_numbers(code)
    ways = [
        rf"(?={code})(?!{code}{trunks}(?:{anything})$){_no_trunk(metadata, '^')}{_fits(metadata)}",
        rf"(?!{trunks}(?:{anything})$)0{code}{_no_trunk(main, '^0' + code)}",
    ]
    return _lines(rf"{_no_idd(international_prefix(region))}(?:{'|'.join(ways)})", _numbers(code))


@cache
def possible_home_mobile(region: str) -> re.Pattern[str]:
    """Every line without separators that could be a mobile dialled in its own region, and lines with other characters; none
    that begins with `+` and a dialing code, for it is the same number everywhere. Group 1 is what may be a list number before it."""
    metadata, code = region_metadata(region), code_of(region)
    if metadata.national_prefix_transform_rule or not metadata.mobile:
        return re.compile("^()", re.MULTILINE)
    mobile = union(metadata_of(code), ("mobile",))
    idd = international_prefix(region)
    abroad = "" if idd == "00" else rf"|(?:{idd})[0-9]+"
    long_enough = "" if abroad else rf"(?=[0-9+]{{{min(match_lengths(mobile))}}})"
    dialled = rf"0?(?:{code})?(?:{_trunk(metadata)})?(?:{_trunk(main_metadata(code))})?(?:{mobile})0{{0,2}}$"  # `….0`
    return re.compile(
        rf"^(?:(?!\+[1-9]){long_enough}([0-9]{{0,3}}?)\+?(?:{dialled}{abroad})|[0-9+]*+[^0-9+\n])",
        re.ASCII | re.MULTILINE,
    )


@cache
def possible_national(region: str) -> re.Pattern[str]:
    """Everything that could be valid in any reading of digits inside a region, without `+` or with its dialing code after it."""
    return _possible(code_of(region), bool(region_metadata(region).national_prefix_transform_rule))


@cache
def _possible(code: str, is_rewritten: bool) -> re.Pattern[str]:
    """The same for all regions of a dialing code where the library rewrites numbers, or for all where it does not."""
    alike = [each for each in metadata_of(code) if bool(each.national_prefix_transform_rule) == is_rewritten]
    main = main_metadata(code)
    trunks = "|".join(dict.fromkeys(map(_trunk, alike)))
    prefixes = "|".join(dict.fromkeys(international_prefix(each.id) for each in alike))
    ways = [
        rf"(?:\+{code}|0?(?:{code})?(?:{trunks})?)(?:{_trunk(main)})?(?:{any_numbers(code)})",
        rf"(?:{prefixes}).*",
    ]
    if _legacy(code):
        ways.append(rf"(?:0?|\+){code}(?:{_NEVER}{_legacy(code)})")
    rewriting = [each for each in (*alike, main) if each.national_prefix_transform_rule]
    for trunk in dict.fromkeys(map(_trunk, rewriting)):
        ways.append(rf"(?:\+{code}|0?(?:{code})?)(?:{trunk})(?<!^)(?<!^\+{code}).*")
    return re.compile(rf"^(?:{'|'.join(ways)})$", re.ASCII)


def _lines(ways: str, numbers: str) -> re.Pattern[str]:
    return re.compile(rf"^(?:({ways})({numbers})$|.*)", re.ASCII | re.MULTILINE)


def _after_code(plus: str, code: str, zeros: str = "") -> str:
    """`plus` or `zeros`, a dialing code, and after it no trunk prefix, or one the library surely drops."""
    main = main_metadata(code)
    start = rf"(?:{plus}|{zeros}){code}" if zeros else plus + code
    direct = _no_trunk(main, "^" + plus + code, *(["^00" + code] if zeros else []))
    if not main.national_prefix_for_parsing or main.national_prefix_transform_rule:
        return start + direct
    if is_shared(code):
        return rf"{start}(?:{direct}|(?>{_trunk(main)}){_fits(main)})"
    return start + _optional_trunk(main)


# --- trunk prefixes -----------------------------------------------------------------------


def _trunk(metadata: PhoneMetadata) -> str:
    return _unnamed(metadata.national_prefix_for_parsing or _NEVER)


def _no_trunk(metadata: PhoneMetadata, *starts: str) -> str:
    """No trunk prefix of at least one digit follows after these starts; some are written so that they also match nothing."""
    trunk = _trunk(metadata)
    if trunk == _NEVER:
        return ""
    nothing = "".join(rf"(?<!{start})" for start in starts) if 0 in match_lengths(trunk) else ""
    return rf"(?!(?:{trunk}){nothing})"


def _optional_trunk(metadata: PhoneMetadata) -> str:
    """The trunk prefix if there is one, as the library takes it: greedy once, and not where it would rewrite the number."""
    prefix = metadata.national_prefix_for_parsing
    if not prefix:
        return ""
    if not metadata.national_prefix_transform_rule:
        return rf"(?>(?:{_trunk(metadata)})?)"
    last = re.compile(prefix).groups
    return rf"(?>(?:{_unnamed(prefix, keep=last)})?)(?(rewritten)(?!))"


def _legacy(dialing_code: str) -> str:
    """One more way after a dialing code, as an alternative: its old prefix and anything."""
    prefixes = [prefix.removeprefix("+" + dialing_code) for prefix in LEGACY_PREFIXES if prefix.startswith("+" + dialing_code)]
    return "".join(rf"|{prefix}.*" for prefix in prefixes)


def _unnamed(pattern: str, keep: int = 0) -> str:
    """The pattern without capturing groups; the one numbered `keep` is named instead."""
    numbers = iter(range(1, 100))
    return re.sub(r"(?<!\\)\((?!\?)", lambda _: "(?P<rewritten>" if next(numbers) == keep else "(?:", pattern)


def _fits(metadata: PhoneMetadata) -> str:
    """What follows looks like a number of the region at all."""
    pattern, lengths = general_numbers(metadata)
    return rf"(?=(?:{pattern})$){_length_guard(pattern, lengths)}"


def _of_length(lengths: Iterable[int]) -> str:
    return rf"(?=(?:{'|'.join(rf'[0-9]{{{length}}}' for length in lengths)})$)"


# --- numbers ------------------------------------------------------------------------------


@cache
def callable_numbers(dialing_code: str) -> str:
    """National numbers under a dialing code that are surely valid and of a type we call.

    Regions that share a code are asked in the library's order: by their leading digits, or
    by whether the number is one of theirs. A number that any of them has as a refused type
    is left to the library.
    """
    everywhere = metadata_of(dialing_code)
    if belongs_to_no_country(dialing_code):
        return _NEVER
    ways, not_before = [], ""
    for metadata in everywhere:
        leading = metadata.leading_digits
        general = rf"(?=(?:{general_numbers(metadata)[0]})$)"
        ways.append(rf"{not_before}{rf'(?={leading})' if leading else ''}{general}(?:{union([metadata], _CALLED)})$")
        not_before += rf"(?!{leading})" if leading else ""
    return rf"(?!(?:{union(everywhere, REFUSED)})$)(?:{'|'.join(ways)})"


@cache
def any_numbers(dialing_code: str) -> str:
    """At least all national numbers of every type under a dialing code."""
    return union(metadata_of(dialing_code), REFUSED + _CALLED)


def union(everywhere: list[PhoneMetadata], types: tuple[str, ...]) -> str:
    """One expression for the numbers of these types, of the lengths they have."""
    descriptions = [getattr(metadata, kind) for metadata in everywhere for kind in types]
    patterns = dict.fromkeys(
        _length_guard(description.national_number_pattern, description.possible_length)
        + rf"(?:{description.national_number_pattern})"
        for description in descriptions
        if description and description.national_number_pattern
    )
    return "|".join(patterns) or _NEVER


def _length_guard(pattern: str, lengths: Collection[int]) -> str:
    """The lengths the library asks for besides the pattern, where the pattern allows others too."""
    return "" if not lengths or set(lengths) >= match_lengths(pattern) else _of_length(lengths)
