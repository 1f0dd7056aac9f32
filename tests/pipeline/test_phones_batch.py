"""A whole column: exactly what the single cells give, however they are mixed."""

import random
from collections import Counter

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtools.benchmarks.phone_samples import turkish_column, world_column
from imports.pipeline.phones import batch_remainder, compiling, patterns, possible, shapes
from imports.pipeline.phones.batch import normalise_column
from imports.pipeline.phones.batch_column import Column, only
from imports.pipeline.phones.normalise import INTERNATIONAL, PhoneFormat, kinds_of, normalise
from tests.pipeline.phone_cases import CASES, INT

TURKISH = PhoneFormat("national", "TR")
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
unhurried = settings(deadline=None)  # the first number of a country compiles its rules
FORMATS = [
    INTERNATIONAL,
    *(PhoneFormat("national", region) for region in ("TR", "US", "DE", "IT", "AR", "BR", "GB", "JP", "WS", "TJ")),
]


@pytest.fixture(autouse=True, scope="module")
def always_compiled():
    """However few the cells, the fast way is what is to be tested here."""
    enough, compiling.ENOUGH_TO_COMPILE = compiling.ENOUGH_TO_COMPILE, 0
    yield
    compiling.ENOUGH_TO_COMPILE = enough


def differences(texts, phone_format, row_regions=None, home_region=None):
    batch = normalise_column(texts, phone_format, row_regions, home_region)
    singles = [
        normalise(text, phone_format, region, home_region) for text, region in zip(texts, row_regions or [None] * len(texts))
    ]
    return [(text, one, other) for text, one, other in zip(texts, batch, singles, strict=True) if one != other]


@pytest.mark.parametrize("seed", range(2))
def test_numbers_of_all_regions_are_read_alike(seed):
    texts, regions = world_column(12_500, seed)
    assert differences(texts, TURKISH, regions) == []


@pytest.mark.parametrize("seed", range(8, 9))
def test_odd_numbers_of_all_regions_are_read_alike(seed):
    texts, regions = world_column(10_000, seed, hard=True)
    assert differences(texts, TURKISH, regions) == []


@pytest.mark.parametrize("home_region", ["TR", "US", "AR", "DE", "BR", "IT", "GB"])
def test_numbers_of_people_who_moved_are_read_alike(home_region):
    texts, regions = world_column(1_500, seed=17, hard=True)
    neighbours = regions[7:] + regions[:7]
    assert differences(texts, INTERNATIONAL, neighbours, home_region) == []
    assert differences(texts, INTERNATIONAL, ["DE"] * len(texts), home_region) == []


@pytest.mark.parametrize("row_region", ["DE", "IT", "GB", "TR"])
def test_all_cases_in_rows_of_another_country(row_region):
    cells = [cell for _, cell, _ in CASES]
    assert differences(cells, TURKISH, [row_region] * len(cells), "US") == []


@pytest.mark.parametrize("phone_format", FORMATS, ids=lambda each: each.region or INT)
def test_foreign_numbers_are_read_alike_under_every_format(phone_format):
    texts, _ = world_column(1_500, seed=99, hard=True)
    assert differences(texts, phone_format) == []


def test_a_turkish_column_is_read_alike():
    texts, _ = turkish_column(10_000)
    assert differences(texts, TURKISH) == []
    assert sum(bool(result.e164) for result in normalise_column(texts, TURKISH)) > 9_000


@pytest.mark.parametrize("phone_format", FORMATS, ids=lambda each: each.region or INT)
def test_all_cases_in_one_column(phone_format):
    cells = [cell for _, cell, _ in CASES]
    assert differences(cells, phone_format) == []


any_cells = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.text(alphabet="0123456789+ -().,/\n'٥\u00a0", max_size=20),
        st.integers(0, 10**13).map(str),
        st.sampled_from([cell for _, cell, _ in CASES]),
    ),
    max_size=12,
)


@unhurried
@given(any_cells, st.sampled_from(FORMATS))
def test_any_column_is_read_alike(cells, phone_format):
    assert differences(cells, phone_format) == []


@unhurried
@given(any_cells, st.data())
def test_any_column_with_countries_is_read_alike(cells, data):
    regions = data.draw(st.lists(st.none() | st.sampled_from(REGIONS), min_size=len(cells), max_size=len(cells)))
    assert differences(cells, TURKISH, regions, data.draw(st.none() | st.sampled_from(REGIONS))) == []


def test_results_stand_in_the_order_of_the_cells():
    cells = ["+49 170 1234567", "", "0555 123 45 67", "0212\n5551234", "+1 202 555 0123", "0555 123 45 67"]
    assert [result.e164 for result in normalise_column(cells, TURKISH)] == [
        "+491701234567",
        "",
        "+905551234567",
        "",
        "+12025550123",
        "+905551234567",
    ]


def test_no_cells_no_results():
    assert normalise_column([], TURKISH) == []
    assert normalise_column([""], INTERNATIONAL)[0].reason.code == "phone_missing"


def test_a_region_is_needed_for_each_cell_or_for_none():
    with pytest.raises(ValueError, match="2 cells but 1 regions"):
        normalise_column(["1", "2"], TURKISH, ["TR"])


def test_ordinary_columns_hardly_ask_the_library(monkeypatch):
    """What makes it fast: of a thousand Turkish cells fewer than ten go the long way."""
    asked = []
    monkeypatch.setattr(batch_remainder, "read", lambda *given: asked.append(given))
    normalise_column(turkish_column(1_000)[0], TURKISH)
    assert len(asked) < 10


def test_a_few_cells_are_not_worth_compiling_for(monkeypatch):
    monkeypatch.setattr(compiling, "ENOUGH_TO_COMPILE", 100)
    monkeypatch.setattr(compiling, "_cells_seen", Counter())
    monkeypatch.setattr(patterns, "accepting_international", None)
    numbers = ["+12025550123"] * 49 + ["0555 123 45 67"] * 500
    for _ in range(2):
        assert [result.e164 for result in normalise_column(numbers, TURKISH)] == ["+12025550123"] * 49 + ["+905551234567"] * 500


def test_memory_of_shapes_is_bounded():
    rng = random.Random(3)
    cells = ["".join(rng.choice("abcdefgh -.") for _ in range(12)) for _ in range(50_000)]
    normalise_column([*cells, "x" * 30_000], TURKISH)
    assert len(shapes.VERDICTS) <= 20_000
    assert max(map(len, shapes.VERDICTS)) < 100


KINDS = {
    phonenumbers.PhoneNumberType.MOBILE: "mobile",
    phonenumbers.PhoneNumberType.FIXED_LINE: "fixed",
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile_or_fixed",
}


def test_kinds_and_regions_are_those_of_the_library():
    texts, regions = world_column(8_000, seed=7)
    numbers = [result.e164 for result in normalise_column(texts, TURKISH, regions) if result.e164]
    for number, (kind, region) in zip(numbers, kinds_of(numbers), strict=True):
        parsed = phonenumbers.parse(number)
        assert kind == KINDS.get(phonenumbers.number_type(parsed), "other")
        assert (region or "001") == phonenumbers.region_code_for_number(parsed)


def test_no_number_anywhere_is_shorter_than_what_is_looked_at():
    kinds = (*patterns.REFUSED, *patterns.CALLED_SPECIALS, "fixed_line", "mobile")
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        for region in regions:
            metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            found = [
                length for kind in kinds if (each := getattr(metadata, kind)) for length in each.possible_length if length > 0
            ]
            assert len(str(code)) + min(found) >= possible.SHORTEST_ABROAD, (code, region)


def test_a_cell_with_a_line_break_stays_one_line_of_its_column():
    column = Column(["0555 1", "0555\n2", "(0555) 3"])
    assert column.lines.count("\n") == 2 and column.bare == ["05551", "\t", "05553"]
    assert only(column.texts, [2]).bare == ["05553"]
