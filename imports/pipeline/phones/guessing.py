"""How the numbers of a file are written, judged from the cells, with a grade of certainty.

A guess is only ever about which rule to apply; it never changes what a number is. The grade follows `evidence`:
international where the numbers themselves say their dialing code; the home country of the instance where four numbers in
five can be called there, mostly as mobiles, and nothing speaks for another country; any country where every other one is
refuted by the cells. All else is likely at best, and asked.
"""

from collections.abc import Sequence

from imports.pipeline.evidence import Grade
from imports.pipeline.reasons import Params, Reason

from .batch import normalise_column
from .fit import Fit, among, same_country
from .guess_rivals import finalists_of, of_one_town, rank, rivals_of, speaking_for_others
from .guess_sample import Sample
from .guess_thresholds import FEW, FIXED_WORTH, GOOD_SHARE, GROUPED_WORTH, HALF, MOST_NAMED, NEARLY_ALL, POSSIBLE
from .metadata import code_of
from .phone_format import INTERNATIONAL, FormatSuggestion, PhoneFormat

HOPELESS = 0.3  # of the cells callable: nothing speaks for a country that fits fewer
WORTH_A_COUNTRY = 0.05  # of the cells callable only there: fewer are refused rather than given a country
SHORTEST_INTERNATIONAL = 11  # digits; few countries have shorter mobiles, many have such numbers at home
SHORTEST_WHOLE = 9  # digits; shorter ones are whole in small countries only
SPOKEN_WORTH, HINTED_WORTH = 0.25, 0.35  # of the language of the headers and of other columns, beside 1 for a mobile


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
    sample = Sample(texts, row_regions)
    if not sample.numbers:
        return FormatSuggestion(PhoneFormat("national", likely_region), 0.0, Grade.UNKNOWN, Reason("format_no_numbers", {}))
    if not sample.open_numbers:
        return _self_evident(sample, likely_region)
    if 2 * len(sample.written) >= len(sample.numbers):
        return _mostly_international(sample, likely_region)
    return _national(sample, likely_region, spoken_in, hints)


def _self_evident(sample: Sample, home: str) -> FormatSuggestion:
    """Every number says its dialing code, or its row says its country."""
    if 2 * len(sample.written) >= len(sample.numbers):
        return _international(sample, Grade.PROVEN)
    return _country(sample, home, Grade.PROVEN)


def _mostly_international(sample: Sample, home: str) -> FormatSuggestion:
    """Most numbers say their dialing code: what are the others?"""
    regions = sample.written_regions()
    theirs, count = next(iter(regions.most_common(1)), ("", 0))
    at_home = sample.fit(home)
    if theirs and count >= GOOD_SHARE * regions.total():
        region = home if same_country(theirs, home) else theirs
        there = sample.fit(region)
        gained = there.callable * len(sample.open) / len(sample.texts)
        if there.callable >= POSSIBLE and (gained > WORTH_A_COUNTRY or count >= NEARLY_ALL * regions.total()):
            rivals = [] if region == home or at_home.callable < POSSIBLE else [home]
            grade = Grade.PROVEN if there.callable >= GOOD_SHARE and not rivals else Grade.LIKELY
            return _country(sample, region, grade, rivals)
    if at_home.callable >= GOOD_SHARE and 2 * at_home.personal >= at_home.callable and not _is_foreign(theirs, home):
        return _country(sample, home, Grade.PROVEN)
    few_open = len(sample.open) <= FEW * len(sample.texts) or at_home.callable < FEW
    return _international(sample, Grade.PROVEN if few_open else Grade.LIKELY, [] if few_open else [home])


def _is_foreign(region: str, home: str) -> bool:
    return bool(region) and not same_country(region, home)


def _national(sample: Sample, home: str, spoken_in: Sequence[str], hints: Sequence[str]) -> FormatSuggestion:
    at_home = sample.fit(home)
    if 2 * at_home.personal < max(at_home.callable, HALF) and _lack_plus(sample, home):
        return _international(sample, Grade.LIKELY, [home] if at_home.callable >= POSSIBLE else [])
    speaking = speaking_for_others(sample, home, spoken_in, hints)
    if at_home.callable >= GOOD_SHARE and not speaking:
        mostly_mobiles = 2 * at_home.personal >= at_home.callable
        rivals = of_one_town(sample, at_home) if mostly_mobiles else rivals_of(sample, at_home, is_home=True)
        return _country(sample, home, Grade.LIKELY if rivals else Grade.PROVEN, rivals)
    if at_home.callable >= GOOD_SHARE and among(home, spoken_in):  # the headers speak for home
        return _country(sample, home, Grade.LIKELY, speaking)
    if at_home.mobile >= HALF:  # another country cannot be meant; what does not fit is refused by name
        grade = Grade.LIKELY if at_home.callable < GOOD_SHARE or speaking else Grade.PROVEN
        return _country(sample, home, grade, speaking)
    return _best_country(sample, home, spoken_in, hints, speaking)


def _best_country(
    sample: Sample, home: str, spoken_in: Sequence[str], hints: Sequence[str], speaking: list[str]
) -> FormatSuggestion:
    """The country that fits best by mobiles and by its own grouping, not by what happens to be dialable."""
    others = [region for region in (*speaking, *finalists_of(sample)) if not same_country(region, home)]
    finalists = list(dict.fromkeys([home, *others]))
    worth = {region: _worth(sample.fit(region), spoken_in, hints) for region in finalists}
    best = min(finalists, key=lambda region: (-round(worth[region], 2), region != home, rank(region)))
    abroad = sample.share(INTERNATIONAL)
    chosen = sample.fit(best)
    if abroad >= max(HALF, sample.share(PhoneFormat("national", best))):
        rivals = [region for region in finalists if sample.fit(region).callable >= POSSIBLE]
        return _international(sample, Grade.LIKELY if rivals or abroad < GOOD_SHARE else Grade.PROVEN, rivals)
    if chosen.callable < HOPELESS or _lack_area_codes(sample) and best != home:
        return _country(sample, best, Grade.UNKNOWN if chosen.callable < HOPELESS else Grade.LIKELY, [home])
    rivals = list(dict.fromkeys([*speaking, *rivals_of(sample, chosen, is_home=best == home)]))
    rivals = [region for region in rivals if not same_country(region, best)]
    if best == home:
        grade = Grade.PROVEN if chosen.callable >= GOOD_SHARE and not rivals else Grade.LIKELY
        return _country(sample, home, grade, rivals)
    return _country(sample, best, Grade.LIKELY, sorted(rivals, key=lambda region: region != home) or [home])


def _worth(there: Fit, spoken_in: Sequence[str], hints: Sequence[str]) -> float:
    fixed = there.callable - there.personal
    said = SPOKEN_WORTH * among(there.region, spoken_in) + HINTED_WORTH * among(there.region, hints)
    return there.personal + FIXED_WORTH * fixed + GROUPED_WORTH * there.grouped + (said if there.callable >= POSSIBLE else 0)


def _international(sample: Sample, grade: Grade, rivals: Sequence[str] = ()) -> FormatSuggestion:
    share = sample.share(INTERNATIONAL)
    evidence = Reason("format_international", {"percent": _percent(share)})
    return FormatSuggestion(INTERNATIONAL, share, grade, evidence, tuple(rivals[:MOST_NAMED]))


def _country(sample: Sample, region: str, grade: Grade, rivals: Sequence[str] = ()) -> FormatSuggestion:
    phone_format = PhoneFormat("national", region)
    share = sample.share(phone_format)
    grade = Grade.LIKELY if grade is Grade.PROVEN and share < HALF and sample.open else grade
    params: Params = {"percent": _percent(share), "region": region}
    evidence = Reason("format_country", params)
    if grade is not Grade.PROVEN and rivals:
        evidence = Reason("format_unclear", params | {"other_region": rivals[0]})
    return FormatSuggestion(phone_format, share, grade, evidence, tuple(rivals[:MOST_NAMED]))


def _lack_plus(sample: Sample, home: str) -> bool:
    """Most cells are whole numbers of other countries once a `+` stands before them."""
    code = code_of(home)
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


def _lack_area_codes(sample: Sample) -> bool:
    """Most are so short that they may be the ends of longer numbers, whose beginnings stand in another column."""
    return 2 * sum(len(number) < SHORTEST_WHOLE for number in sample.numbers) > len(sample.numbers)
