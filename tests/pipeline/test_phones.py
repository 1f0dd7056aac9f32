"""One cell: the right number or no number, and the name of what stands there instead."""

import random
import re

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from devtools.benchmarks.phone_samples import plain_e164, sample_number, world_column
from imports.messages.lookup import MESSAGES
from imports.messages.phone_reasons import REPAIRS as REPAIR_LABELS
from imports.pipeline.phones.normalise import (
    INTERNATIONAL,
    REPAIRS,
    PhoneFormat,
    kinds_of,
    normalise,
    normalise_column,
    regions,
)
from imports.pipeline.phones.refusals import LONGEST_ECHO
from imports.pipeline.reasons import REASONS
from tests.pipeline.phone_cases import CASES, INT
from tests.pipeline.phone_cases import REPAIRS as REPAIR_CASES

TURKISH = PhoneFormat("national", "TR")
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
unhurried = settings(deadline=None)  # the first number of a country loads its rules
E164 = re.compile(r"\+[1-9][0-9]{5,17}")


def phone_format(name: str) -> PhoneFormat:
    return INTERNATIONAL if name == INT else PhoneFormat("national", name)


@pytest.mark.parametrize(("name", "cell", "expected"), CASES)
def test_what_a_cell_means(name, cell, expected):
    result = normalise(cell, phone_format(name))
    assert (result.e164 or result.reason.code) == expected


def test_the_cases_cover_the_world_and_every_reason():
    assert len({name for name, _, _ in CASES}) >= 40
    expected = {expected for _, _, expected in CASES if not expected.startswith("+")}
    assert {code for code in REASONS if re.match(r"phone_", code)} - COLUMN_REASONS == expected


COLUMN_REASONS = {
    "phone_cells_not_valid",
    "phone_column_guessed",
    "phone_column_missing",
    "phone_column_shortened",
    "phone_columns_alike",
    "phone_fax_replaced",
    "phone_label_column",
    "phone_label_fax",
    "phone_order_by_label",
}


@pytest.mark.parametrize(("cell", "repairs"), REPAIR_CASES)
def test_repairs_are_told(cell, repairs):
    result = normalise(cell, TURKISH)
    assert result.e164 == "+905551234567"
    assert result.repairs == repairs


def test_every_repair_and_reason_has_words():
    assert set(REPAIR_LABELS) == set(REPAIRS)
    assert [code for code in REASONS if code not in MESSAGES] == []


@pytest.mark.parametrize(
    ("cell", "file_format", "row_region", "expected"),
    [
        ("0170 1234567", TURKISH, "DE", "+491701234567"),
        ("0555 123 45 67", TURKISH, None, "+905551234567"),
        ("0555 123 45 67", INTERNATIONAL, "TR", "+905551234567"),
        ("+90 555 123 45 67", TURKISH, "DE", "+905551234567"),
        ("0090 555 123 45 67", INTERNATIONAL, "US", "+905551234567"),
        ("2025550123", TURKISH, "US", "+12025550123"),
    ],
)
def test_plus_wins_over_the_row_and_the_row_over_the_file(cell, file_format, row_region, expected):
    assert normalise(cell, file_format, row_region).e164 == expected


def test_reasons_say_where_and_how_much():
    assert normalise("555123456", TURKISH).reason.params == {"region": "TR", "digits": 9}
    assert normalise("+49 30 12", TURKISH).reason.params == {"region": "DE", "digits": 4}
    assert normalise("+39 (0)331 1234567", TURKISH).reason.params == {"first": "+3903311234567", "second": "+393311234567"}
    assert normalise("0555!", TURKISH).reason.params == {"characters": "!"}


def test_a_long_cell_is_not_repeated_in_full():
    for text in ("x" * 50_000, "0555 123 45 67 " + "y" * 500, "0" * 300_000, "(" * 60_000, "1 " * 40_000, "'" * 60_000):
        params = normalise(text, TURKISH).reason.params
        assert all(len(str(value)) <= LONGEST_ECHO for value in params.values())


def test_a_national_format_needs_its_region():
    with pytest.raises(ValueError, match="region"):
        PhoneFormat("national")
    with pytest.raises(ValueError, match="kind"):
        PhoneFormat("local", "TR")


@pytest.mark.parametrize(
    ("number", "kind", "region"),
    [
        ("+905551234567", "mobile", "TR"),
        ("+902125551234", "fixed", "TR"),
        ("+12025550123", "mobile_or_fixed", "US"),
        ("+14165550123", "mobile_or_fixed", "CA"),
        ("+908501234567", "other", "TR"),
        ("+39021234567", "fixed", "IT"),
        ("+390669821234", "fixed", "VA"),
    ],
)
def test_kind_and_region_of_a_number(number, kind, region):
    assert kinds_of([number]) == [(kind, region)]


def test_regions_have_their_dialing_codes():
    codes = dict(regions())
    assert len(codes) >= 245
    assert (codes["TR"], codes["US"], codes["TT"], codes["GB"]) == ("90", "1", "1", "44")


@pytest.mark.slow
def test_ten_thousand_generated_cells_all_get_a_number_or_a_known_reason():
    rng = random.Random(20)
    for _ in range(10_000):
        region = rng.choice(REGIONS)
        cell = sample_number(region, rng, hard=True)
        result = normalise(cell, rng.choice((TURKISH, INTERNATIONAL, PhoneFormat("national", region))))
        assert_well_formed(result)


def assert_well_formed(result):
    if result.reason is None:
        assert E164.fullmatch(result.e164)
        assert phonenumbers.is_valid_number(phonenumbers.parse(result.e164))
        assert set(result.repairs) <= set(REPAIRS)
        return
    assert result.e164 == "" and result.repairs == ()
    assert set(result.reason.params) == set(REASONS[result.reason.code])


# --- what holds for every text ------------------------------------------------------------

any_region = st.sampled_from(REGIONS)
any_format = st.one_of(st.just(INTERNATIONAL), any_region.map(lambda region: PhoneFormat("national", region)))
phone_like = st.text(alphabet="0123456789" * 3 + "+ -().,/;x'*\u00a0\u200e٥５", max_size=24)


@st.composite
def numbers_and_formats(draw):
    """A number of a country, more or less right, in a file of that country, of another one or of none."""
    region = draw(any_region)
    text = sample_number(region, random.Random(draw(st.integers(0, 10**9))), hard=draw(st.booleans()))
    home = PhoneFormat("national", region)
    return text, draw(st.sampled_from((home, home, home, INTERNATIONAL, TURKISH)))


cells_and_formats = st.one_of(numbers_and_formats(), numbers_and_formats(), st.tuples(phone_like, any_format))


@unhurried
@given(cells_and_formats | st.tuples(st.text(max_size=40), any_format), st.none() | any_region)
def test_any_text_gets_a_valid_number_or_a_known_reason(cell_and_format, row_region):
    assert_well_formed(normalise(*cell_and_format, row_region))


@unhurried
@given(cells_and_formats)
@example(("+54 343 15 555 1212", INTERNATIONAL))
def test_no_digit_is_sent_that_the_cell_does_not_hold(cell_and_format):
    text, file_format = cell_and_format
    result = normalise(text, file_format)
    if result.reason:
        return
    number = phonenumbers.parse(result.e164)
    national, code = phonenumbers.national_significant_number(number), str(number.country_code)
    written = "".join(str(int(character)) for character in text if character.isdecimal())
    if "mobile_prefix_rewritten" in result.repairs:
        # Argentina: the 15 of the cell is what 9 says abroad.
        assert code == "54" and national[0] == "9" and "15" in written
        return
    assert national in written
    home_code = file_format.region and str(phonenumbers.country_code_for_region(file_format.region))
    assert code == home_code or code in written.rpartition(national)[0]


@unhurried
@given(cells_and_formats, any_format)
def test_a_number_once_found_stays_what_it_is(cell_and_format, other_format):
    result = normalise(*cell_and_format)
    if result.e164:
        assert normalise(result.e164, other_format) == (result.e164, (), None)


OUR_RULES = {
    # what we refuse though the library takes it
    "phone_premium",
    "phone_service",
    "phone_shared_cost",
    "phone_pager",
    "phone_repeated_digit",
    "phone_ambiguous",
    "phone_personal",
    "phone_satellite",
    "phone_ip_address",
    "phone_area_code_missing",
    "phone_date",
    "phone_decimal",
    "phone_two_numbers",
    "phone_extension",
}
BEYOND_THE_LIBRARY = {"plus_added", "plus_removed", "international_prefix_replaced"}


def test_the_library_agrees_but_for_our_rules():
    for text, region in zip(*world_column(10_000, seed=5)):
        result, library = normalise(text, PhoneFormat("national", region)), plain_e164(text, region)
        if result.reason:
            assert not library or result.reason.code in OUR_RULES, (text, region)
        elif not set(result.repairs) & BEYOND_THE_LIBRARY:
            assert result.e164 == library, (text, region)


GERMAN = PhoneFormat("national", "DE")
MOBILE_OR_GOSLAR = {"first": "+495321112610", "second": "+905321112610"}


@pytest.mark.parametrize(
    ("cell", "file_format", "row_region", "home_region", "expected"),
    [
        # a mobile at home and a line where the row is: only a dialing code tells
        ("0532 111 26 10", TURKISH, "DE", None, "phone_ambiguous"),
        ("532 111 26 10", TURKISH, "DE", None, "phone_ambiguous"),
        ("0532 111 26 10", INTERNATIONAL, "DE", "TR", "phone_ambiguous"),
        ("0532 111 26 10", GERMAN, "DE", "TR", "phone_ambiguous"),
        ("Cep: 0532 111 26 10", TURKISH, "DE", None, "phone_ambiguous"),
        ("٠٥٣٢١١١٢٦١٠", TURKISH, "DE", None, "phone_ambiguous"),
        ("+90 532 111 26 10", TURKISH, "DE", None, "+905321112610"),
        ("0049 5321 112610", TURKISH, "DE", None, "+495321112610"),
        # no doubt: no mobile at home, no row region, the same dialing code, or no number there
        ("0151 23456789", TURKISH, "DE", None, "+4915123456789"),
        ("0212 555 12 34", TURKISH, "DE", None, "+492125551234"),
        ("0532 111 26 10", INTERNATIONAL, "DE", None, "+495321112610"),
        ("0532 111 26 10", GERMAN, None, "TR", "+495321112610"),
        ("0532 111 26 10", TURKISH, "TR", "TR", "+905321112610"),
        ("07797 712345", PhoneFormat("national", "GB"), "JE", "GB", "+447797712345"),
        ("0532 111 22 10", TURKISH, "FR", None, "phone_too_long"),
    ],
)
def test_a_mobile_at_home_is_not_called_as_a_line_abroad(cell, file_format, row_region, home_region, expected):
    result = normalise(cell, file_format, row_region, home_region)
    assert (result.e164 or result.reason.code) == expected
    assert normalise_column([cell], file_format, [row_region], home_region) == [result]
    if expected == "phone_ambiguous":
        assert result.reason.params == MOBILE_OR_GOSLAR
