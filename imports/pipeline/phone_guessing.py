"""How the numbers of a file are written, guessed from the cells, with the evidence.

A guess is only ever about which rule to apply; it never changes what a number is. Where a
person must choose, `sure` is False.
"""
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata

from .phone_cleaning import Cleaned, clean
from .phone_compiled import normalise_column
from .phone_format import EVERYDAY_REPAIRS, INTERNATIONAL, FormatSuggestion, PhoneFormat, PhoneResult
from .phone_kinds import kinds_of
from .phone_reading import MOBILE_PREFIX_REWRITTEN, callable_lengths, dialing_code_of
from .reasons import Reason

LARGEST_SAMPLE = 500
SCAN_SAMPLE = 60            # cells each of the world's countries is tried on
GROUPED_SAMPLE = 5          # cells looked at for a country's own way of grouping digits
FINALISTS = 6               # countries tried on the whole sample
FIXED_LINE_WORTH = 0.8
GROUPING_WORTH = 0.1
# Of countries that fit equally well, the one more likely to be meant is proposed first.
LIKELY_REGIONS = tuple("TR US DE GB FR IN RU IT ES NL BR SA AE AZ UA PL CN ID PK EG IR IQ MX JP".split())
GOOD_SHARE = 0.8            # of the cells callable: as good as real files get
NEARLY_ALL = 0.95
SHORTEST_WHOLE = 9          # digits; shorter ones are whole in small countries only
CLOSE = 0.05                # two countries this near cannot be told apart
RUNNING_NUMBERS = 20        # cells, from which counting upwards is noticed
LESS_LIKELY, UNLIKELY = 0.6, 0.3    # weights of columns that may be something else than phone numbers


class _Sample:
    """The filled cells looked at, spread over the file, with the region of each row."""

    def __init__(self, texts: Sequence[str], row_regions: Sequence[str | None] | None):
        filled = [place for place, text in enumerate(texts) if text and not text.isspace()]
        step = max(1, -(-len(filled) // LARGEST_SAMPLE))
        places = filled[::step]
        self.texts = [texts[place] for place in places]
        self.row_regions = [row_regions[place] for place in places] if row_regions else None
        cleaned = [clean(text) for text in self.texts]
        self.dialled = [(text, number.dialled) for text, number in zip(self.texts, cleaned) if isinstance(number, Cleaned)]
        self.numbers = [number for _, number in self.dialled]
        self._results: dict[PhoneFormat, list[PhoneResult]] = {}
        self.written = [number for number in self.numbers if number.startswith(("+", "00"))]

    def results(self, phone_format: PhoneFormat) -> list[PhoneResult]:
        if phone_format not in self._results:
            self._results[phone_format] = normalise_column(self.texts, phone_format, self.row_regions)
        return self._results[phone_format]

    def share(self, phone_format: PhoneFormat) -> float:
        """The share of filled cells that can be called under a format."""
        return sum(result.reason is None for result in self.results(phone_format)) / len(self.texts)

    def score(self, phone_format: PhoneFormat) -> float:
        """The share again, to rank countries by: a fixed line is worth less than a mobile, and the
        country's own way of grouping digits (`06 12 34 56 78`) is worth more than none."""
        good = [result.e164 for result in self.results(phone_format) if result.e164]
        fixed = sum(kind == "fixed" for kind, _ in kinds_of(good))
        called = (len(good) - (1 - FIXED_LINE_WORTH) * fixed) / len(self.texts)
        return called + GROUPING_WORTH * self.grouped_share(phone_format)

    def grouped_share(self, phone_format: PhoneFormat) -> float:
        """The share of callable cells whose digits are grouped as the country writes them."""
        texts = [text for text, result in zip(self.texts, self.results(phone_format)) if result.e164][:SCAN_SAMPLE]
        return sum(_is_grouped_as(text, phone_format.region) for text in texts) / max(1, len(texts))


def _is_grouped_as(text: str, region: str) -> bool:
    """Whether the digits stand in the groups the region writes, as in `06 12 34 56 78`."""
    if text.isdigit():
        return False
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL) == text


def suggest_format(
    texts: Sequence[str], row_regions: Sequence[str | None] | None = None, likely_region: str = "TR",
    spoken_in: Sequence[str] = (),
) -> FormatSuggestion:
    """The format that makes most of a file's cells callable.

    International if most cells say their dialing code and no country does better; else
    `likely_region` if it is good; else the country that fits best, which is `sure` only
    if no country with another dialing code fits nearly as well. Between such countries
    `spoken_in` decides: regions whose language the file is written in.
    """
    sample = _Sample(texts, row_regions)
    home = PhoneFormat("national", likely_region)
    if not sample.numbers:
        return FormatSuggestion(home, 0.0, False, Reason("format_no_numbers", {}))
    abroad, at_home = sample.share(INTERNATIONAL), sample.share(home)
    if 2 * len(sample.written) >= len(sample.numbers) and abroad >= at_home - 0.01:
        return _their_country(sample, abroad) or _suggest_international(abroad)
    if at_home >= GOOD_SHARE:
        foreign = None if row_regions or likely_region in spoken_in else _written_abroad(sample, home, at_home)
        return _suggest_unclear(sample, foreign, likely_region) if foreign else _suggest_country(home, at_home, sure=True)
    return _best_country(sample, abroad, likely_region, spoken_in)


def _written_abroad(sample: _Sample, home: PhoneFormat, at_home: float) -> PhoneFormat | None:
    """Another country that the numbers fit as well as `home`, and whose way of grouping digits they have
    while they have not that of `home`: `(212) 736-5000` is in New York, or in İstanbul."""
    grouped = [text for text, number in sample.dialled if not text.isdigit() and not number.startswith("+")]
    if 2 * len(grouped) < len(sample.texts) or sample.grouped_share(home) > 0.5:
        return None
    for region in LIKELY_REGIONS:
        foreign = PhoneFormat("national", region)
        if foreign == home or not any(_is_grouped_as(text, region) for text in grouped[:GROUPED_SAMPLE]):
            continue
        if sample.share(foreign) >= at_home - CLOSE and sample.grouped_share(foreign) > 0.5:
            return foreign
    return None


def _suggest_unclear(sample: _Sample, best: PhoneFormat, other_region: str) -> FormatSuggestion:
    share = sample.share(best)
    evidence = {"percent": _percent(share), "region": best.region, "other_region": other_region}
    return FormatSuggestion(best, share, False, Reason("format_unclear", evidence))


def _their_country(sample: _Sample, abroad: float) -> FormatSuggestion | None:
    """Where nearly all numbers with a `+` are of one country, and the others can be called as its own too."""
    regions = Counter(region for _, region in kinds_of([r.e164 for r in sample.results(INTERNATIONAL) if r.e164]))
    region, count = next(iter(regions.most_common(1)), ("", 0))
    if not region or region == "001" or count < GOOD_SHARE * regions.total():
        return None
    theirs = PhoneFormat("national", region)
    share = sample.share(theirs)
    gain = 0 if count >= NEARLY_ALL * regions.total() else CLOSE
    return _suggest_country(theirs, share, share >= GOOD_SHARE) if share > abroad + gain else None


def _suggest_international(share: float) -> FormatSuggestion:
    return FormatSuggestion(
        INTERNATIONAL, share, share >= GOOD_SHARE, Reason("format_international", {"percent": _percent(share)}),
    )


def _suggest_country(phone_format: PhoneFormat, share: float, sure: bool) -> FormatSuggestion:
    evidence = Reason("format_country", {"percent": _percent(share), "region": phone_format.region})
    return FormatSuggestion(phone_format, share, sure, evidence)


def _percent(share: float) -> int:
    """Rounded down, so that 100 means all of them."""
    return int(share * 100)


def _best_country(sample: _Sample, abroad: float, likely_region: str, spoken_in: Sequence[str]) -> FormatSuggestion:
    formats = [PhoneFormat("national", region) for region in _finalists(sample, likely_region)]
    ranked = sorted(((sample.score(each), each) for each in formats), key=lambda pair: (-round(pair[0], 2), _rank(pair[1].region)))
    near = [each for score, each in ranked if score >= ranked[0][0] - CLOSE]
    best, *rivals = [each for each in near if each.region in spoken_in] or near
    share = sample.share(best)
    if abroad >= share:
        return _suggest_international(abroad)
    if best.region == likely_region:
        return _suggest_country(best, share, share >= GOOD_SHARE)
    if rivals:
        return _suggest_unclear(sample, best, rivals[0].region)
    if best.region not in spoken_in and (spoken_in or _lack_area_codes(sample)):
        return _suggest_unclear(sample, best, likely_region)
    return _suggest_country(best, share, share >= GOOD_SHARE)


def _lack_area_codes(sample: _Sample) -> bool:
    """Most are so short that they may be the ends of longer numbers, whose beginnings stand in another column."""
    return 2 * sum(len(number) < SHORTEST_WHOLE for number in sample.numbers) > len(sample.numbers)


def _finalists(sample: _Sample, likely_region: str) -> list[str]:
    """The few regions worth trying on the whole sample: the likely one, those whose dialing code
    many numbers begin with, then the most fitting."""
    local = [(text, number) for text, number in sample.dialled if not number.startswith(("+", "00"))]
    pairs = local[:: max(1, -(-len(local) // SCAN_SAMPLE))]
    numbers = [number for _, number in pairs]
    codes = Counter(map(dialing_code_of, numbers))
    named = [region for region in _main_regions() if codes[_code(region)] > len(pairs) / 2]
    shares = {region: _credible_share(numbers, region) for region in _main_regions()}
    scores = {
        region: share + GROUPING_WORTH * any(_is_grouped_as(text, region) for text, _ in pairs[:GROUPED_SAMPLE])
        for region, share in shares.items() if share > 0.2
    }
    best = sorted(scores, key=lambda region: (-scores[region], _rank(region)))
    return list(dict.fromkeys([likely_region, *named, *best[:FINALISTS]]))


def _code(region: str) -> str:
    return str(phonenumbers.country_code_for_region(region))


def _rank(region: str) -> int:
    return LIKELY_REGIONS.index(region) if region in LIKELY_REGIONS else len(LIKELY_REGIONS)


@cache
def _main_regions() -> tuple[str, ...]:
    """One region per dialing code: those that share one give the same numbers."""
    return tuple(regions[0] for regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.values() if regions[0] != "001")


def _credible_share(numbers: list[str], region: str) -> float:
    """The share of numbers a person in the region would write like this."""
    if not numbers:
        return 0.0
    if _code(region) in MOBILE_PREFIX_REWRITTEN:
        found = normalise_column(numbers, PhoneFormat("national", region))
        return sum(result.reason is None for result in found) / len(numbers)
    trunk, lengths = PhoneMetadata.metadata_for_region(region).national_prefix or "", callable_lengths(region)
    if not any(len(number.removeprefix(trunk)) in lengths for number in numbers[:10]):
        return 0.0
    return sum(_is_credible(number, region, trunk) for number in numbers) / len(numbers)


def _is_credible(number: str, region: str, trunk: str) -> bool:
    """A number with its trunk prefix; or a mobile without, as Excel leaves it; or where there is no trunk prefix."""
    mobile, fixed = _patterns(region)
    with_trunk = bool(trunk) and number.startswith(trunk)
    national = number.removeprefix(trunk) if with_trunk else number
    if mobile and mobile.fullmatch(national):
        return True
    return bool(fixed and fixed.fullmatch(national) and (with_trunk or trunk != "0"))


@cache
def _patterns(region: str) -> tuple[re.Pattern | None, re.Pattern | None]:
    metadata = PhoneMetadata.metadata_for_region(region)
    mobile, fixed = (
        re.compile(kind.national_number_pattern) if kind and kind.national_number_pattern else None
        for kind in (metadata.mobile, metadata.fixed_line)
    )
    return mobile, fixed


def looks_like_phone_share(
    texts: Sequence[str], row_regions: Sequence[str | None] | None = None, likely_region: str = "TR",
) -> float:
    """How much (0–1) a column looks like phone numbers: the share callable under its likeliest format.

    Columns that only happen to be dialable count less: running numbers, dates without
    separators, digits that fit no country but a distant one and are not written as there.
    """
    sample = _Sample(texts, None)
    if not sample.numbers or _are_dates(sample.numbers):
        return 0.0
    suggestion = suggest_format(texts, row_regions, likely_region)
    region, bare = suggestion.phone_format.region, _all_bare(sample)
    if bare and counts_upwards(sample.numbers):
        return suggestion.share * UNLIKELY
    if region in (None, likely_region) or _written_as_in(sample, suggestion.phone_format):
        return suggestion.share
    return suggestion.share * (LESS_LIKELY if suggestion.sure and bare else UNLIKELY)


def _written_as_in(sample: _Sample, phone_format: PhoneFormat) -> bool:
    """Most with the trunk prefix of the country, or with its grouping of digits."""
    trunk = PhoneMetadata.metadata_for_region(phone_format.region).national_prefix
    prefixed = sum(bool(trunk) and number.startswith(trunk) for number in sample.numbers)
    return 2 * prefixed > len(sample.numbers) or sample.grouped_share(phone_format) > 0.5


def counts_upwards(numbers: Sequence[str]) -> bool:
    """Whether the cells are running numbers: nearly every step the same small one upwards (or downwards)."""
    values = [int(number) for number in numbers if number.isdigit()]
    if len(values) < RUNNING_NUMBERS:
        return False
    steps = [abs(after - before) for before, after in zip(values, values[1:])]
    return sum(0 < step <= 20 for step in steps) >= 0.9 * len(steps)


def _are_dates(numbers: Sequence[str]) -> bool:
    """20260501 and the like."""
    dates = sum(bool(re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", number)) for number in numbers)
    return bool(numbers) and dates >= 0.9 * len(numbers)


def _all_bare(sample: _Sample) -> bool:
    """Nothing but digits in every cell, none with a trunk zero: could be numbers of any kind."""
    return all(text.isdigit() and not text.startswith("0") for text in sample.texts)


def awkward_first(
    texts: Sequence[str], phone_format: PhoneFormat, n: int = 10, row_regions: Sequence[str | None] | None = None,
) -> list[tuple[int, PhoneResult]]:
    """`n` cells to show before → after, as (index into texts, result): the most telling first.

    One of each kind of trouble, the most frequent kind first, then one of each kind of
    repair, then the rest in the order of the file; no text twice, empty cells last.
    """
    results = normalise_column(texts, phone_format, row_regions)
    kinds = [_kind(result) for result in results]
    frequency = Counter(kinds)
    firsts: dict[tuple, int] = {}
    for place, kind in enumerate(kinds):
        firsts.setdefault(kind, place)
    order = sorted(firsts, key=lambda kind: (kind[0], -frequency[kind], firsts[kind]))
    places = [firsts[kind] for kind in order] + list(range(len(texts)))
    return [(place, results[place]) for place in _distinct_texts(places, texts)[:n]]


def _kind(result: PhoneResult) -> tuple:
    """How awkward (0 most) and in which way."""
    if result.reason:
        return (4 if result.reason.code == "phone_missing" else 0), result.reason.code
    unusual = tuple(repair for repair in result.repairs if repair not in EVERYDAY_REPAIRS)
    return (1, *unusual) if unusual else (2 if result.repairs else 3, *result.repairs)


def _distinct_texts(places: list[int], texts: Sequence[str]) -> list[int]:
    first: dict[str, int] = {}
    for place in places:
        first.setdefault(texts[place], place)
    return list(first.values())
