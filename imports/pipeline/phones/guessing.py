"""How the numbers of a file are written, judged from the cells, with the grade of the judgement.

A guess is only ever about which rule to apply; it never changes what a number is. The grade follows `evidence`:
international where the numbers themselves say their dialing code; the home country of the instance where four numbers in
five can be called there, mostly as mobiles, and nothing speaks for another country; any country where every other one is
refuted by the cells. All else is likely at best, and asked.
"""

import re
from collections import Counter
from collections.abc import Sequence

from phonenumbers import PhoneMetadata

from imports.pipeline.evidence import Grade
from imports.pipeline.placeholders import means_no_phone
from imports.pipeline.reasons import Reason

from .batch import normalise_column
from .cleaning import Cleaned, clean
from .fit import Fit, among, dialing_code, fit, is_grouped_as, likely_fits, main_regions, same_country
from .parsing import dialing_code_of
from .phone_format import EVERYDAY_REPAIRS, INTERNATIONAL, FormatSuggestion, PhoneFormat, PhoneResult

LARGEST_SAMPLE = 500
SCAN_SAMPLE = 60  # cells that each of the world's countries is tried on
FINALISTS = 6  # countries tried on the whole sample
GOOD_SHARE = 0.8  # of the cells callable: as good as real files get
POSSIBLE = 0.5  # of the cells callable: below it a country is refuted
HOPELESS = 0.3  # nothing speaks for a country that fits fewer
FEW = 0.2
WORTH_A_COUNTRY = 0.05  # of the cells callable only there: fewer are refused rather than given a country
NEARLY_ALL = 0.95
HALF = 0.5
OTHER_COUNTRY_CELLS = 0.1  # numbers with another country's dialing code, from which they speak for it
NORTH_AMERICA, AREA_CODE = "US", 3  # a region of its dialing code, and the digits of its area codes
GROUPED_CELLS = 3  # cells with separators, from which their grouping says something
ENOUGH_CELLS = 8  # numbers, from which it is noticed that all begin alike
MOST_NAMED = 3  # other countries named beside a choice
SHORTEST_ANYWHERE = 7  # digits; nobody is called with fewer
SHORTEST_INTERNATIONAL = 11  # digits; few countries have shorter mobiles, many have such numbers at home
SHORTEST_WHOLE = 9  # digits; shorter ones are whole in small countries only
# Of countries that fit equally well, the one more likely to be meant is proposed first.
LIKELY_REGIONS = tuple("TR US DE GB FR IN RU IT ES NL BR SA AE AZ UA PL CN ID PK EG IR IQ MX JP".split())
FIXED_WORTH, GROUPED_WORTH, SPOKEN_WORTH, HINTED_WORTH = 0.5, 0.3, 0.25, 0.35  # beside 1 for a mobile
RUNNING_NUMBERS = 20  # cells, from which counting upwards is noticed
LESS_LIKELY, UNLIKELY = 0.6, 0.3  # weights of columns that may be something else than phone numbers


class _Sample:
    """The filled cells looked at, spread over the file, with the region of each row."""

    def __init__(self, texts: Sequence[str], row_regions: Sequence[str | None] | None):
        filled = [place for place, text in enumerate(texts) if text and not text.isspace() and not means_no_phone(text)]
        step = max(1, -(-len(filled) // LARGEST_SAMPLE))
        places = filled[::step]
        self.texts = [texts[place] for place in places]
        self.row_regions = [row_regions[place] for place in places] if row_regions else None
        cleaned = [clean(text) for text in self.texts]
        self.numbers = [number.dialled for number in cleaned if isinstance(number, Cleaned)]
        self.written = [number for number in self.numbers if number.startswith(("+", "00"))]
        regions = self.row_regions or [None] * len(places)
        # Numbers that neither say their dialing code nor stand in a row that says its country. What is too short to be one
        # anywhere is refused in every reading and speaks for none.
        pairs = [
            (text, number.dialled)
            for text, number, region in zip(self.texts, cleaned, regions)
            if not region and isinstance(number, Cleaned) and not number.dialled.startswith(("+", "00"))
        ]
        pairs = [pair for pair in pairs if len(pair[1]) >= SHORTEST_ANYWHERE] or pairs
        self.open, self.open_numbers = [text for text, _ in pairs], [number for _, number in pairs]
        self._results: dict[PhoneFormat, list[PhoneResult]] = {}
        self._fits: dict[str, Fit] = {}

    @property
    def scanned(self) -> list[str]:
        """Some of the open numbers, spread over them all: those that every country of the world is tried on."""
        return self.open_numbers[:: max(1, -(-len(self.open_numbers) // SCAN_SAMPLE))]

    def results(self, phone_format: PhoneFormat) -> list[PhoneResult]:
        if phone_format not in self._results:
            self._results[phone_format] = normalise_column(self.texts, phone_format, self.row_regions)
        return self._results[phone_format]

    def share(self, phone_format: PhoneFormat) -> float:
        """The share of filled cells that can be called under a format."""
        return sum(result.reason is None for result in self.results(phone_format)) / len(self.texts)

    def fit(self, region: str) -> Fit:
        """How the open cells fit a region."""
        if region not in self._fits:
            self._fits[region] = fit(self.open, region)
        return self._fits[region]

    def written_regions(self) -> Counter:
        """How many numbers say the dialing code of which country."""
        codes = Counter(dialing_code_of(number.lstrip("+").removeprefix("00")) for number in self.written)
        return Counter({region: codes[dialing_code(region)] for region in main_regions() if codes[dialing_code(region)]})


def suggest_format(
    texts: Sequence[str],
    row_regions: Sequence[str | None] | None = None,
    likely_region: str = "TR",
    spoken_in: Sequence[str] = (),
    hints: Sequence[str] = (),
) -> FormatSuggestion:
    """The format that makes most of a file's cells callable, graded.

    `row_regions`: the country of each row, where a column says it. `likely_region`: the instance's home country.
    `spoken_in`: regions whose language the headers are written in. `hints`: regions that other columns speak for (states,
    postcodes, the endings of mail addresses).
    """
    sample = _Sample(texts, row_regions)
    home = PhoneFormat("national", likely_region)
    if not sample.numbers:
        return FormatSuggestion(home, 0.0, Grade.UNKNOWN, Reason("format_no_numbers", {}))
    if not sample.open_numbers:
        return _self_evident(sample, home)
    if 2 * len(sample.written) >= len(sample.numbers):
        return _mostly_international(sample, home)
    return _national(sample, likely_region, spoken_in, hints)


def _self_evident(sample: _Sample, home: PhoneFormat) -> FormatSuggestion:
    """Every number says its dialing code, or its row says its country."""
    if 2 * len(sample.written) >= len(sample.numbers):
        return _international(sample, Grade.PROVEN)
    return _country(sample, home, Grade.PROVEN)


def _mostly_international(sample: _Sample, home: PhoneFormat) -> FormatSuggestion:
    """Most numbers say their dialing code: what are the others?"""
    regions = sample.written_regions()
    theirs, count = next(iter(regions.most_common(1)), ("", 0))
    at_home = sample.fit(home.region)
    if theirs and count >= GOOD_SHARE * regions.total():
        region = home.region if same_country(theirs, home.region) else theirs
        there = sample.fit(region)
        gained = there.callable * len(sample.open) / len(sample.texts)
        if there.callable >= POSSIBLE and (gained > WORTH_A_COUNTRY or count >= NEARLY_ALL * regions.total()):
            rivals = [] if region == home.region or at_home.callable < POSSIBLE else [home.region]
            grade = Grade.PROVEN if there.callable >= GOOD_SHARE and not rivals else Grade.LIKELY
            return _country(sample, PhoneFormat("national", region), grade, rivals)
    if at_home.callable >= GOOD_SHARE and 2 * at_home.personal >= at_home.callable and not _is_foreign(theirs, home.region):
        return _country(sample, home, Grade.PROVEN)
    few_open = len(sample.open) <= FEW * len(sample.texts) or at_home.callable < FEW
    return _international(sample, Grade.PROVEN if few_open else Grade.LIKELY, [] if few_open else [home.region])


def _is_foreign(region: str, home: str) -> bool:
    return bool(region) and not same_country(region, home)


def _national(sample: _Sample, home: str, spoken_in: Sequence[str], hints: Sequence[str]) -> FormatSuggestion:
    at_home = sample.fit(home)
    if 2 * at_home.personal < max(at_home.callable, HALF) and _lack_plus(sample, home):
        return _international(sample, Grade.LIKELY, [home] if at_home.callable >= POSSIBLE else [])
    speaking = _speaking_for_others(sample, home, spoken_in, hints)
    if at_home.callable >= GOOD_SHARE and not speaking:
        mostly_mobiles = 2 * at_home.personal >= at_home.callable
        rivals = _of_one_town(sample, at_home) if mostly_mobiles else _rivals(sample, at_home, is_home=True)
        return _country(sample, PhoneFormat("national", home), Grade.LIKELY if rivals else Grade.PROVEN, rivals)
    if at_home.callable >= GOOD_SHARE and among(home, spoken_in):  # the headers speak for home
        return _country(sample, PhoneFormat("national", home), Grade.LIKELY, speaking)
    if at_home.mobile >= HALF:  # another country cannot be meant; what does not fit is refused by name
        grade = Grade.LIKELY if at_home.callable < GOOD_SHARE or speaking else Grade.PROVEN
        return _country(sample, PhoneFormat("national", home), grade, speaking)
    return _best_country(sample, home, spoken_in, hints, speaking)


def _speaking_for_others(sample: _Sample, home: str, spoken_in: Sequence[str], hints: Sequence[str]) -> list[str]:
    """Other countries that something speaks for, and that the numbers do not refute: the language of the headers, other
    columns, numbers that say the dialing code, the way of grouping digits."""
    named = [region for region in hints if not same_country(region, home)]
    if spoken_in and not among(home, spoken_in):
        named += spoken_in
    written = sample.written_regions()
    at_home = written[next((region for region in main_regions() if same_country(region, home)), home)]
    named += [
        region
        for region, n in written.most_common(MOST_NAMED)
        if n > at_home
        and n >= OTHER_COUNTRY_CELLS * len(sample.numbers)
        and not same_country(region, home)
        and not _would_be_fixed_lines(sample, home, region)
    ]
    named += [
        region
        for region in _grouped_as_others(sample, home)
        if sample.fit(home).mobile < HALF or sample.fit(region).personal >= FEW
    ]
    found = [region for region in dict.fromkeys(named) if sample.fit(region).callable >= POSSIBLE]
    return list(dict.fromkeys([*found, *_where_all_fit(sample, home)]))[:MOST_NAMED]


def _where_all_fit(sample: _Sample, home: str) -> list[str]:
    """Countries in which nearly all cells are somebody's own phone, also those that cannot be called at home: each of these
    speaks for them."""
    if sample.fit(home).callable > NEARLY_ALL:
        return []
    return [
        region
        for region, _callable, _mobile in likely_fits(sample.scanned, NEARLY_ALL)
        if not same_country(region, home) and sample.fit(region).personal >= NEARLY_ALL
    ]


def _would_be_fixed_lines(sample: _Sample, home: str, region: str) -> bool:
    """Mobiles of home that would be fixed lines in the region, not written as there."""
    there = sample.fit(region)
    return sample.fit(home).mobile >= GOOD_SHARE and there.mobile < FEW and there.grouped < HALF


def _grouped_as_others(sample: _Sample, home: str) -> list[str]:
    """Countries in whose groups most of the grouped cells stand, where they do not stand in those of `home`: `(212) 736-5000`."""
    grouped = [text for text in sample.open if not text.isdigit()][:SCAN_SAMPLE]
    as_home = sum(is_grouped_as(text, home) for text in grouped)
    if len(grouped) < GROUPED_CELLS or 2 * as_home > len(grouped):
        return []
    return [
        region
        for region in LIKELY_REGIONS
        if not same_country(region, home) and 2 * sum(is_grouped_as(text, region) for text in grouped) > len(grouped)
    ]


def _best_country(sample: _Sample, home: str, spoken_in, hints, speaking: list[str]) -> FormatSuggestion:
    """The country that fits best by mobiles and by its own grouping, not by what happens to be dialable."""
    others = [region for region in (*speaking, *_finalists(sample)) if not same_country(region, home)]
    finalists = list(dict.fromkeys([home, *others]))
    worth = {region: _worth(sample.fit(region), spoken_in, hints) for region in finalists}
    best = min(finalists, key=lambda region: (-round(worth[region], 2), region != home, _rank(region)))
    abroad = sample.share(INTERNATIONAL)
    chosen = sample.fit(best)
    if abroad >= max(HALF, sample.share(PhoneFormat("national", best))):
        rivals = [region for region in finalists if sample.fit(region).callable >= POSSIBLE]
        return _international(sample, Grade.LIKELY if rivals or abroad < GOOD_SHARE else Grade.PROVEN, rivals)
    if chosen.callable < HOPELESS or _lack_area_codes(sample) and best != home:
        return _unclear(sample, best, Grade.UNKNOWN if chosen.callable < HOPELESS else Grade.LIKELY, [home])
    rivals = list(dict.fromkeys([*speaking, *_rivals(sample, chosen, is_home=best == home)]))
    rivals = [region for region in rivals if not same_country(region, best)]
    if best == home:
        grade = Grade.PROVEN if chosen.callable >= GOOD_SHARE and not rivals else Grade.LIKELY
        return _country(sample, PhoneFormat("national", home), grade, rivals)
    return _unclear(sample, best, Grade.LIKELY, sorted(rivals, key=lambda region: region != home) or [home])


def _worth(there: Fit, spoken_in: Sequence[str], hints: Sequence[str]) -> float:
    fixed = there.callable - there.personal
    said = SPOKEN_WORTH * among(there.region, spoken_in) + HINTED_WORTH * among(there.region, hints)
    return there.personal + FIXED_WORTH * fixed + GROUPED_WORTH * there.grouped + (said if there.callable >= POSSIBLE else 0)


def _rivals(sample: _Sample, best: Fit, is_home: bool) -> list[str]:
    """Other countries that the cells do not refute, the likeliest first.

    Refuted is one where fewer than half can be called; one where mobiles of `best` would be fixed lines, written in another
    way than there; and beside the home country, which writes its numbers like this, one that does not.
    """
    left = []
    for region, _callable, mobile in likely_fits(sample.scanned, POSSIBLE):
        if same_country(region, best.region):
            continue
        grouped = sample.fit(region).grouped
        by_grouping = is_home and best.grouped >= HALF and grouped < FEW
        by_mobiles = best.mobile >= GOOD_SHARE and mobile < FEW and grouped < HALF
        if not (by_grouping or by_mobiles):
            left.append(region)
    return sorted(left, key=_rank)


def _international(sample: _Sample, grade: Grade, rivals: Sequence[str] = ()) -> FormatSuggestion:
    share = sample.share(INTERNATIONAL)
    evidence = Reason("format_international", {"percent": _percent(share)})
    return FormatSuggestion(INTERNATIONAL, share, grade, evidence, tuple(rivals[:MOST_NAMED]))


def _country(sample: _Sample, phone_format: PhoneFormat, grade: Grade, rivals: Sequence[str] = ()) -> FormatSuggestion:
    share = sample.share(phone_format)
    grade = Grade.LIKELY if grade is Grade.PROVEN and share < HALF and sample.open else grade
    evidence = {"percent": _percent(share), "region": phone_format.region}
    if grade is not Grade.PROVEN and rivals:
        return FormatSuggestion(
            phone_format,
            share,
            grade,
            Reason("format_unclear", evidence | {"other_region": rivals[0]}),
            tuple(rivals[:MOST_NAMED]),
        )
    return FormatSuggestion(phone_format, share, grade, Reason("format_country", evidence), tuple(rivals[:MOST_NAMED]))


def _unclear(sample: _Sample, region: str, grade: Grade, rivals: Sequence[str]) -> FormatSuggestion:
    return _country(sample, PhoneFormat("national", region), grade, rivals)


def _of_one_town(sample: _Sample, at_home: Fit) -> list[str]:
    """North America where mobiles of home, written without a zero and not as at home, mostly begin with one of its area codes, as
    those of a country's people do not."""
    bare = [
        number[:AREA_CODE]
        for text, number in zip(sample.open, sample.open_numbers)
        if not number.startswith("0") and not is_grouped_as(text, at_home.region)
    ]
    alike = len(bare) >= ENOUGH_CELLS and max(Counter(bare).values()) > HALF * len(sample.open)
    is_home = same_country(NORTH_AMERICA, at_home.region)
    return [NORTH_AMERICA] if alike and not is_home and sample.fit(NORTH_AMERICA).callable >= GOOD_SHARE else []


def _lack_plus(sample: _Sample, home: str) -> bool:
    """Most cells are whole numbers of other countries once a `+` stands before them."""
    code = dialing_code(home)
    numbers = [
        number
        for text, number in zip(sample.open, sample.open_numbers)
        if text.isdigit() and not number.startswith(("0", code)) and len(number) >= SHORTEST_INTERNATIONAL
    ]
    if 2 * len(numbers) < len(sample.open_numbers):
        return False
    whole = normalise_column(["+" + number for number in numbers], INTERNATIONAL)
    return 2 * sum(bool(result.e164) for result in whole) >= len(sample.open_numbers)


def _percent(share: float) -> int:
    """Rounded down, so that 100 means all of them."""
    return int(share * 100)


def _lack_area_codes(sample: _Sample) -> bool:
    """Most are so short that they may be the ends of longer numbers, whose beginnings stand in another column."""
    return 2 * sum(len(number) < SHORTEST_WHOLE for number in sample.numbers) > len(sample.numbers)


def _finalists(sample: _Sample) -> list[str]:
    """The few regions worth an exact look: those whose dialing code many numbers begin with, then the most fitting."""
    numbers = sample.scanned
    codes = Counter(map(dialing_code_of, numbers))
    named = [region for region in main_regions() if codes[dialing_code(region)] > len(numbers) / 2]
    texts = sample.open[:SCAN_SAMPLE]
    scores = {
        region: mobile
        + FIXED_WORTH * (share - mobile)
        + GROUPED_WORTH * sum(is_grouped_as(text, region) for text in texts) / len(texts)
        for region, share, mobile in likely_fits(numbers, FEW)
    }
    best = sorted(scores, key=lambda region: (-round(scores[region], 2), _rank(region)))
    return [*named, *best[:FINALISTS]]


def _rank(region: str) -> int:
    return LIKELY_REGIONS.index(region) if region in LIKELY_REGIONS else len(LIKELY_REGIONS)


def looks_like_phone_share(
    texts: Sequence[str],
    row_regions: Sequence[str | None] | None = None,
    likely_region: str = "TR",
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
    return 2 * prefixed > len(sample.numbers) or fit(sample.texts, phone_format.region).grouped > HALF


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
    texts: Sequence[str],
    phone_format: PhoneFormat,
    n: int = 10,
    row_regions: Sequence[str | None] | None = None,
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
