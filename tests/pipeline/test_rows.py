"""A row becomes a lead or a reason: required variables, secondary contacts, countries, what is left out."""
import json

import pytest

from imports.pipeline import rows as rows_module
from imports.pipeline.columns import lead_fields
from imports.pipeline.phones import INTERNATIONAL, PhoneFormat
from imports.pipeline.reasons import REASONS, Reason
from imports.pipeline.rows import LONGEST_VALUE, CheckSettings, check_row, check_rows
from imports.pipeline.sheets import BadRow, Row
from tests.effort import calls
from tests.figures import record_figure

TURKISH = PhoneFormat("national", "TR")
CALLS_A_ROW = 27
ALI, AYSE, CEM = "+905321234567", "+905552345678", "+905449876543"


def settings(mapping: dict[str, int], required=(), phone_format=TURKISH, variables=("name", "city")) -> CheckSettings:
    fields = [f for f in lead_fields(list(variables), required) if f.key in mapping or f.required]
    return CheckSettings(mapping, fields, phone_format)


PLAIN = settings({"name": 0, "phone_number": 1, "city": 2}, required=("name",))


def check(*cells: str, by: CheckSettings = PLAIN):
    return check_row(Row(7, list(cells)), by)


def warning_codes(row) -> list[str]:
    return [code for code, _ in row.warnings]


def test_a_good_row_is_pending_with_its_lead():
    row = check(" Ali Yılmaz ", "0532 123 45 67", "")
    assert (row.number, row.state, row.phone, row.reason) == (7, "pending", ALI, "")
    assert row.variables == {"name": "Ali Yılmaz"}, "stripped, and an empty variable is left to the assistant's default"
    assert row.cells == [" Ali Yılmaz ", "0532 123 45 67", ""], "the spreadsheet's own cells stay as they are"
    assert row.warnings == [] and row.secondary == []


def test_repairs_are_told():
    assert "trunk_zero_removed" in check("Ali", "0532 123 45 67", "").repairs


def test_a_bad_phone_keeps_the_phone_reason():
    row = check("Ali", "0532 123", "")
    assert (row.state, row.phone) == ("invalid", "")
    assert row.reason in REASONS and row.reason != "missing_required"


def test_an_empty_phone_is_a_missing_required_field():
    row = check("Ali", "  ", "")
    assert (row.state, row.reason, row.reason_params) == ("invalid", "missing_required", {"field": "phone_number"})


def test_an_empty_required_variable_is_named():
    row = check("  ", "0532 123 45 67", "Bursa")
    assert (row.state, row.reason, row.reason_params) == ("invalid", "missing_required", {"field": "name"})
    assert row.phone == ALI, "the number is known all the same"


def test_a_required_variable_without_a_column_is_missing_in_every_row():
    row = check("x", "0532 123 45 67", by=settings({"phone_number": 1}, required=("name", "city")))
    assert row.reason_params == {"field": "name, city"}


def test_a_second_problem_is_told_beside_the_first():
    row = check("", "0532 123", "")
    assert row.reason != "missing_required"
    assert ["missing_required", {"field": "name"}] in row.warnings


@pytest.mark.parametrize(("length", "state"), [(LONGEST_VALUE, "pending"), (LONGEST_VALUE + 1, "invalid")])
def test_a_value_has_a_longest_length(length, state):
    row = check("A" * length, "0532 123 45 67", "")
    assert row.state == state
    assert (row.reason == "value_too_long") == (state == "invalid")


def test_ragged_rows_read_as_empty_cells():
    row = check("Ali")
    assert row.reason_params == {"field": "phone_number"}
    assert check("Ali", "0532 123 45 67").state == "pending"


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#div/0!", "#YOK"])
def test_a_spreadsheet_error_is_no_value(error):
    row = check("Ali", "0532 123 45 67", error)
    assert row.variables == {"name": "Ali"}
    assert row.warnings == [["cell_error", {"field": "city", "value": error}]]
    assert check(error, "0532 123 45 67", "").reason == "missing_required"


def test_text_with_a_hash_is_text():
    assert check("Ali #1", "0532 123 45 67", "").variables == {"name": "Ali #1"}


def test_damaged_characters_are_flagged_and_kept():
    row = check("Ay\ufffde", "0532 123 45 67", "")
    assert row.state == "pending" and row.variables["name"] == "Ay\ufffde"
    assert warning_codes(row) == ["damaged_characters"]


def test_rows_the_reader_rejected_keep_their_place_and_reason():
    rows = [Row(2, ["Ali", "05321234567"]), BadRow(3, ["TOPLAM", "2"], Reason("missing_required", {"field": "x"})), Row(4, ["Ayşe", "05552345678"])]
    checked = check_rows(rows, PLAIN)
    assert [(row.number, row.state) for row in checked] == [(2, "pending"), (3, "invalid"), (4, "pending")]
    assert checked[1].reason == "missing_required" and checked[1].cells == ["TOPLAM", "2"]
    assert (checked[1].phone, checked[1].variables) == ("", {})


# -- country column --------------------------------------------------------------------------------------------

BY_COUNTRY = settings({"phone_number": 0, "country": 1})


@pytest.mark.parametrize(("phone", "country", "expected"), [
    ("0532 123 45 67", "Türkiye", ALI),
    ("030 12345678", "Germany", "+493012345678"),
    ("0151 23456789", "DE", "+4915123456789"),
    ("+90 532 123 45 67", "Germany", ALI),
    ("0532 123 45 67", "", ALI),
])
def test_each_row_is_read_in_its_own_country(phone, country, expected):
    assert check(phone, country, by=BY_COUNTRY).phone == expected


def test_an_unknown_country_is_told_and_the_files_own_used():
    row = check("0532 123 45 67", "Atlantis", by=BY_COUNTRY)
    assert row.phone == ALI and row.warnings == [["country_unknown", {"country": "Atlantis"}]]


# -- secondary contacts ----------------------------------------------------------------------------------------

CONTACTS = settings({
    "phone_number": 0, "secondary_phone_2": 1, "secondary_phone_1": 2, "secondary_1_name": 3, "secondary_phone_10": 4,
})


def test_secondary_contacts_stand_in_the_order_of_their_numbers():
    row = check("05321234567", "05552345678", "05449876543", "Cem", "", by=CONTACTS)
    assert row.secondary == [
        {"phone_number": CEM, "variables": {"name": "Cem"}}, {"phone_number": AYSE, "variables": {}},
    ]
    assert row.warnings == []


@pytest.mark.parametrize(("second", "code"), [
    ("0555 234", "secondary_invalid"),
    ("0532 123 45 67", "secondary_same_as_primary"),
    ("+90 544 987 65 43", "secondary_repeated"),
])
def test_a_bad_or_repeated_contact_is_dropped_with_a_warning(second, code):
    row = check("05321234567", second, "05449876543", "Cem", "", by=CONTACTS)
    assert row.state == "pending", "never the lead"
    assert [contact["phone_number"] for contact in row.secondary] == [CEM]
    [(told, params)] = row.warnings
    assert told == code and params["position"] == 2
    assert set(params) == set(REASONS[code])
    assert code != "secondary_invalid" or params["why"] in REASONS


def test_contacts_of_an_uncallable_row_are_kept_for_its_correction():
    row = check("0532", "05552345678", "", "", "", by=CONTACTS)
    assert row.state == "invalid" and [contact["phone_number"] for contact in row.secondary] == [AYSE]


# -- settings and batches --------------------------------------------------------------------------------------

@pytest.mark.parametrize("by", [PLAIN, BY_COUNTRY, CONTACTS, settings({"phone_number": 0}, phone_format=INTERNATIONAL)])
def test_settings_survive_json(by):
    again = CheckSettings.from_json(json.loads(json.dumps(by.to_json())))
    assert again == by
    cells = ["0532 123 45 67", "0555 234 56 78", "0544 987 65 43", "Cem", ""]
    assert check_row(Row(2, cells), again) == check_row(Row(2, cells), by)


def test_a_batch_says_of_every_row_what_the_row_alone_says():
    texts = ["0532 123 45 67", "", "abc", "+90 555 234 56 78", "5321234567", "#N/A"]
    rows = [Row(n, [f"P{n}" if n % 3 else "", text, "x" * n]) for n, text in enumerate(texts * 5, start=2)]
    assert check_rows(rows, PLAIN) == [check_row(row, PLAIN) for row in rows]


def test_no_rows_give_no_rows():
    assert check_rows([], PLAIN) == []


def test_a_row_costs_little_besides_its_phone(monkeypatch):
    good = rows_module.normalise_column(["0532 123 45 67"], TURKISH)[0]
    monkeypatch.setattr(rows_module, "normalise_column", lambda texts, *_: [good] * len(texts))
    by = settings({"name": 0, "phone_number": 1, "city": 2, "amount": 3, "email": 4, "date": 5}, ["name"], TURKISH,
                  ["name", "city", "amount", "email", "date"])
    rows = [Row(n, ["Ali Yılmaz", "0532", "Bursa", "1.250,00", f"a{n}@example.com", "2026-05-01"]) for n in range(2_000)]

    work = calls(lambda: check_rows(rows, by)) / len(rows)
    record_figure("rows", f"{work:.0f} calls to check a row of 6 columns, besides its phone")
    assert work <= CALLS_A_ROW
