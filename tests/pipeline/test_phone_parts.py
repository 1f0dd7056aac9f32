"""The parts of which reading a phone number is made, each by itself; the whole is in `test_phones.py`."""

import pytest

from imports.pipeline.phones import batch_rules, cuts, metadata, phone_likeness
from imports.pipeline.phones.cell_labels import is_labelled_fax, without_labels
from imports.pipeline.phones.characters import fold, is_invisible
from imports.pipeline.phones.cleaning import Cleaned, clean, digits_of, merged, whatsapp_number
from imports.pipeline.phones.countries import countries, country_name, region_of_country
from imports.pipeline.phones.dialled_at_home import dialled_at_home
from imports.pipeline.phones.examples import awkward_first
from imports.pipeline.phones.fit import fit, is_grouped_as, same_country
from imports.pipeline.phones.guess_sample import Sample
from imports.pipeline.phones.homes import homes_besides
from imports.pipeline.phones.kinds import is_mobile, kinds_of
from imports.pipeline.phones.match_lengths import match_lengths
from imports.pipeline.phones.normalise import INTERNATIONAL, PhoneFormat, normalise_column
from imports.pipeline.phones.parsing import read
from imports.pipeline.phones.pieces import read_cell, starts_a_number
from imports.pipeline.phones.why_not import is_valid_short_number, why_not
from imports.pipeline.reasons import Reason


def test_characters_of_other_scripts_become_ascii_and_invisible_ones_go():
    assert fold("+90 555\u200e 123–45•67")[0] == "+90 555 123-45*67"
    assert digits_of("٠٥٥٥") == "0555" and is_invisible("\u200b") and not is_invisible("5")


@pytest.mark.parametrize(
    ("text", "kept", "is_fax"),
    [
        ("tel: 0555 123 45 67", "0555 123 45 67", False),
        ("0555 123 45 67 (cep)", "0555 123 45 67", False),
        ("0212 5 fax", None, True),
    ],
)
def test_labels_beside_digits(text, kept, is_fax):
    assert is_labelled_fax(text) is is_fax
    assert kept is None or without_labels(text) == (kept, True)


def test_a_cell_is_cleaned_or_refused():
    cleaned = clean("+90 (555) 123-45-67")
    assert isinstance(cleaned, Cleaned) and cleaned.dialled == "+905551234567"
    assert isinstance(clean("call me"), Reason)
    assert whatsapp_number("https://wa.me/905551234567") == "905551234567" and whatsapp_number("0555") == ""
    assert merged(["a", "b"], ["b", "c"]) == ("a", "b", "c")


@pytest.mark.parametrize(("text", "region"), [("Türkiye (+90)", "TR"), ("49", "DE"), ("#N/A", None), ("somewhere", None)])
def test_a_country_is_known_by_name_code_or_dialing_code(text, region):
    assert region_of_country(text) == region


def test_countries_have_names_in_both_languages():
    assert (country_name("DE"), country_name("DE", "tr")) == ("Germany", "Almanya")
    assert ("TR", "Türkiye", "90") in countries("tr")
    assert metadata.code_of("TR") == "90" and metadata.dialing_code_of("4930123456") == "49"
    assert metadata.national_prefix("TR") == "0" and metadata.regions_of("90") == ("TR",)
    assert metadata.belongs_to_no_country("881") and not metadata.belongs_to_no_country("90")


def test_kinds_of_numbers():
    assert kinds_of(["+905551234567", "+902125551234"]) == [("mobile", "TR"), ("fixed", "TR")]
    assert is_mobile("+12125551234") and not is_mobile("+902125551234")  # North American numbers do not tell


def test_lengths_of_an_expression():
    assert match_lengths("5[0-9]{2}(?:1|23)") == {4, 5}
    with pytest.raises(ValueError):
        match_lengths("5.*")


def test_digits_are_read_in_a_region_or_refused_with_what_is_wrong():
    assert read(Cleaned("05551234567", ()), "TR").e164 == "+905551234567"
    listed = clean("2. 0555 123 45 67")
    assert isinstance(listed, Cleaned) and read_cell(listed, "TR").e164 == "+905551234567"
    assert why_not("112", "TR").code == "phone_emergency" and why_not("0000000", "TR").code == "phone_repeated_digit"
    assert is_valid_short_number("112", "TR") and not is_valid_short_number("5551234567", "TR")


@pytest.mark.parametrize(("dialled", "starts"), [("+90555", True), ("0090555", True), ("0555", True), ("555", False)])
def test_how_a_whole_number_starts(dialled, starts):
    assert starts_a_number(dialled, "TR") is starts


def test_where_a_cell_may_be_parted():
    assert cuts.is_strongly_parted("2) 0555 123 45 67") and not cuts.is_strongly_parted("0555 123 45 67")
    lead = cuts.lead_of("2. 0555 123 45 67")
    assert lead is not None and (lead.number, lead.rest) == ("2", "0555 123 45 67")
    assert [gap.after.strip() for gap in cuts.gaps("0555 123 45 67 - 68")][-1] == "68"


def test_another_home_is_one_with_another_dialing_code():
    germany = PhoneFormat("national", "DE")
    assert homes_besides("TR", germany, "TR") == ["DE"] and homes_besides("DE", germany, "DE") == [] == homes_besides(
        None, germany, "DE"
    )


def test_a_number_that_is_dialled_without_a_trunk_prefix():
    assert dialled_at_home("2125551234") and not dialled_at_home("1")


def test_how_well_numbers_fit_a_region():
    mobiles = [f"0532 111 22 {n:02}" for n in range(20)]
    assert fit(mobiles, "TR").mobile == 1 and fit(mobiles, "DE").mobile == 0
    assert is_grouped_as("06.12.34.56.78", "FR") and same_country("US", "CA") and not same_country("US", "TR")
    assert Sample([*mobiles, ""], None).fit("TR").callable == 1


def test_running_numbers_are_told_from_phones():
    assert phone_likeness.counts_upwards([str(1000 + n) for n in range(20)])
    assert not phone_likeness.counts_upwards(["0532 111 22 33", "0212 555 12 34", "0555 000 11 22", "0544 999 88 77"])


def test_examples_begin_with_what_is_refused_or_repaired():
    texts = ["+905551234567", "0555 123 45 6", "+905551234568"]
    assert [index for index, _result in awkward_first(texts, normalise_column(texts, INTERNATIONAL), 2)] == [1, 0]


def test_repairs_of_a_column_are_looked_up_by_what_stood_before():
    table = batch_rules.RepairsByPrefix(("separators_removed",), lambda prefix: ("trunk_removed",) if prefix else ())
    assert table["0"] == ("separators_removed", "trunk_removed") and table[""] == ("separators_removed",)
    assert "55555555" in batch_rules.JUNK


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("(11) 98765-4321 1", "BR"),
        ("(21) 98765-4321-2", "BR"),
        ("0812 3456 7890 1", "ID"),
        ("0812-3456-7890-1", "ID"),
        ("021 123 4567 1", "NZ"),
        ("0176 123 4567 8", "DE"),
        ("040 123 4567 8", "FI"),
        ("0664 1234567-1", "AT"),
        ("0664 1234567-12", "AT"),
    ],
)
def test_a_digit_alone_after_a_complete_number_is_no_part_of_it(text, region):
    for result in normalise_column([text] * 120, PhoneFormat("national", region)):
        assert result.reason is not None and result.reason.code == "phone_two_numbers"


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("347 123 456 7", "IT", "+393471234567"),
        ("0664 12 34 56 7", "AT", "+436641234567"),
        ("0664 123-4567", "AT", "+436641234567"),
        ("030 1234-0", "DE", "+493012340"),
        ("+352 4301-1", "LU", "+35243011"),
    ],
)
def test_a_digit_alone_that_ends_a_number(text, region, number):
    assert [result.e164 for result in normalise_column([text] * 120, PhoneFormat("national", region))] == [number] * 120
