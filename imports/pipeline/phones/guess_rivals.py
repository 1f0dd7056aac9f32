"""Other countries in which the numbers of a column could be dialled: what speaks for them, and what refutes them."""

from collections import Counter
from collections.abc import Sequence

from .fit import Fit, among, is_grouped_as, likely_fits, main_regions, same_country
from .guess_sample import SCAN_SAMPLE, Sample
from .guess_thresholds import FEW, FIXED_WORTH, GOOD_SHARE, GROUPED_WORTH, HALF, MOST_NAMED, NEARLY_ALL, POSSIBLE
from .metadata import code_of, dialing_code_of

FINALISTS = 6  # countries tried on the whole sample
OTHER_COUNTRY_CELLS = 0.1  # numbers with another country's dialing code, from which they speak for it
NORTH_AMERICA, AREA_CODE = "US", 3  # a region of its dialing code, and the digits of its area codes
GROUPED_CELLS = 3  # cells with separators, from which their grouping says something
ENOUGH_CELLS = 8  # numbers, from which it is noticed that all begin alike
# Of countries that fit equally well, the one more likely to be meant is proposed first.
LIKELY_REGIONS = tuple("TR US DE GB FR IN RU IT ES NL BR SA AE AZ UA PL CN ID PK EG IR IQ MX JP".split())


def speaking_for_others(sample: Sample, home: str, spoken_in: Sequence[str], hints: Sequence[str]) -> list[str]:
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


def _where_all_fit(sample: Sample, home: str) -> list[str]:
    """Countries in which nearly all cells are somebody's own phone, also those that cannot be called at home: each of these
    speaks for them."""
    if sample.fit(home).callable > NEARLY_ALL:
        return []
    return [
        region
        for region, _callable, _mobile in likely_fits(sample.scanned, NEARLY_ALL)
        if not same_country(region, home) and sample.fit(region).personal >= NEARLY_ALL
    ]


def _would_be_fixed_lines(sample: Sample, home: str, region: str) -> bool:
    """Mobiles of home that would be fixed lines in the region, not written as there."""
    there = sample.fit(region)
    return sample.fit(home).mobile >= GOOD_SHARE and there.mobile < FEW and there.grouped < HALF


def _grouped_as_others(sample: Sample, home: str) -> list[str]:
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


def rivals_of(sample: Sample, best: Fit, is_home: bool) -> list[str]:
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
    return sorted(left, key=rank)


def of_one_town(sample: Sample, at_home: Fit) -> list[str]:
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


def finalists_of(sample: Sample) -> list[str]:
    """The few regions worth an exact look: those whose dialing code many numbers begin with, then the most fitting."""
    numbers = sample.scanned
    codes = Counter(map(dialing_code_of, numbers))
    named = [region for region in main_regions() if codes[code_of(region)] > len(numbers) / 2]
    texts = sample.open[:SCAN_SAMPLE]
    scores = {
        region: mobile
        + FIXED_WORTH * (share - mobile)
        + GROUPED_WORTH * sum(is_grouped_as(text, region) for text in texts) / len(texts)
        for region, share, mobile in likely_fits(numbers, FEW)
    }
    best = sorted(scores, key=lambda region: (-round(scores[region], 2), rank(region)))
    return [*named, *best[:FINALISTS]]


def rank(region: str) -> int:
    return LIKELY_REGIONS.index(region) if region in LIKELY_REGIONS else len(LIKELY_REGIONS)
