"""A row becomes a lead or a reason: required variables, secondary contacts, countries, what is left out."""

import json
from dataclasses import replace

import orjson
import pytest

from imports.pipeline import placeholders as nothing_module
from imports.pipeline import rows as rows_module
from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.source import Joined
from imports.pipeline.phones.normalise import INTERNATIONAL, PhoneFormat, normalise_column
from imports.pipeline.readers.table import BadRow, Row
from imports.pipeline.reasons import REASONS, Reason
from imports.pipeline.rows import LONGEST_VALUE, CheckSettings, check_row, check_rows
from tests.effort import calls
from tests.figures import record_figure

TURKISH = PhoneFormat("national", "TR")
CALLS_A_ROW = 5
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
    rows = [
        Row(2, ["Ali", "05321234567"]),
        BadRow(3, ["TOPLAM", "2"], Reason("missing_required", {"field": "x"})),
        Row(4, ["Ayşe", "05552345678"]),
    ]
    checked = check_rows(rows, PLAIN)
    assert [(row.number, row.state) for row in checked] == [(2, "pending"), (3, "invalid"), (4, "pending")]
    assert checked[1].reason == "missing_required" and checked[1].cells == ["TOPLAM", "2"]
    assert (checked[1].phone, checked[1].variables) == ("", {})


# -- country column --------------------------------------------------------------------------------------------

BY_COUNTRY = settings({"phone_number": 0, "country": 1})


@pytest.mark.parametrize(
    ("phone", "country", "expected"),
    [
        ("0532 123 45 67", "Türkiye", ALI),
        ("030 12345678", "Germany", "+493012345678"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("+90 532 123 45 67", "Germany", ALI),
        ("0532 123 45 67", "", ALI),
    ],
)
def test_each_row_is_read_in_its_own_country(phone, country, expected):
    assert check(phone, country, by=BY_COUNTRY).phone == expected


def test_in_a_country_that_is_not_known_a_number_is_read_only_by_its_own_code():
    row = check("0532 123 45 67", "Atlantis", by=BY_COUNTRY)
    assert (row.state, row.phone, row.reason, row.reason_params) == ("invalid", "", "country_unknown", {"country": "Atlantis"})
    for phone in ("+90 532 123 45 67", "0090 532 123 45 67", "905321234567"):
        assert check(phone, "Atlantis", by=BY_COUNTRY).phone == ALI
    for nothing in ("-", "n/a", "yok"):
        assert check("0532 123 45 67", nothing, by=BY_COUNTRY).phone == ALI


# -- secondary contacts ----------------------------------------------------------------------------------------

CONTACTS = settings(
    {
        "phone_number": 0,
        "secondary_phone_2": 1,
        "secondary_phone_1": 2,
        "secondary_1_name": 3,
        "secondary_phone_10": 4,
    }
)


def test_secondary_contacts_stand_in_the_order_of_their_numbers():
    row = check("05321234567", "05552345678", "05449876543", "Cem", "", by=CONTACTS)
    assert row.secondary == [
        {"phone_number": CEM, "variables": {"name": "Cem"}},
        {"phone_number": AYSE, "variables": {}},
    ]
    assert row.warnings == []


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ("0555 234", "secondary_invalid"),
        ("0532 123 45 67", "secondary_same_as_primary"),
        ("+90 544 987 65 43", "secondary_repeated"),
    ],
)
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
    good = normalise_column(["0532 123 45 67"], TURKISH)[0]
    monkeypatch.setattr(rows_module, "normalise_rows", lambda texts, *_: [good] * len(texts))
    by = settings(
        {"name": 0, "phone_number": 1, "city": 2, "amount": 3, "email": 4, "date": 5},
        ["name"],
        TURKISH,
        ["name", "city", "amount", "email", "date"],
    )
    rows = [Row(n, ["Ali Yılmaz", "0532", "Bursa", "1.250,00", f"a{n}@example.com", "2026-05-01"]) for n in range(2_000)]

    work = calls(lambda: check_rows(rows, by)) / len(rows)
    record_figure("rows", f"{work:.0f} calls to check a row of 6 columns, besides its phone")
    assert work <= CALLS_A_ROW


# -- joined columns ------------------------------------------------------------------------------------------


def test_a_value_from_several_columns_is_joined_without_what_is_empty():
    by = settings({"phone_number": 0, "name": Joined((1, 2, 3)), "city": Joined((5, 4), ", ")})
    assert check("05321234567", " Ayşe ", "", "Yılmaz", "Bursa", "Nilüfer", by=by).variables == {
        "name": "Ayşe Yılmaz",
        "city": "Nilüfer, Bursa",
    }
    assert check("05321234567", "Ayşe", by=by).variables == {"name": "Ayşe"}, "a row may end early"
    assert check("05321234567", "", "", "", "", "Nilüfer", by=by).variables == {"city": "Nilüfer"}


def test_a_required_joined_value_is_missing_when_every_part_is():
    by = settings({"phone_number": 0, "name": Joined((1, 2))}, required=("name",))
    assert check("05321234567", "", "Yılmaz", by=by).state == "pending"
    assert check("05321234567", " ", "", by=by).reason_params == {"field": "name"}


def test_an_area_code_apart_makes_the_number_whole():
    by = settings({"phone_number": Joined((0, 1), ""), "secondary_phone_1": Joined((0, 2), "")})
    row = check("532", "123 45 67", "234 56 78", by=by)
    assert (row.phone, [one["phone_number"] for one in row.secondary]) == (ALI, ["+905322345678"])
    assert check("", "", by=by).reason_params == {"field": "phone_number"}
    assert check("", "0532 123 45 67", by=by).phone == ALI, "a number that is whole already"


def test_settings_survive_the_way_to_the_reading_process():
    by = CheckSettings(
        {"phone_number": 0, "name": Joined((2, 1), ", "), "consent": 3}, PLAIN.fields, TURKISH, consent_inverted=True
    )
    again = CheckSettings.from_json(json.loads(orjson.dumps(by.to_json())))
    assert again == by and again.mapping["name"].separator == ", "


# -- nothing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nothing",
    [
        r"\N",
        "NULL",
        "null",
        "(null)",
        "<null>",
        "nan",
        "NaN",
        "None",
        "undefined",
        "undefined undefined",
        '"NULL"',
        "#N/A N/A",
        "1.#QNAN",
        "-nan",
        "NaT",
        "[object Object]",
    ],
)
def test_what_programs_write_for_nothing_is_no_value(nothing):
    row = check(nothing, "0532 123 45 67", nothing, by=settings({"name": 0, "phone_number": 1, "city": 2}))
    assert (row.state, row.variables, row.warnings) == ("pending", {}, [])
    assert check(nothing, "0532 123 45 67", "", by=PLAIN).reason_params == {"field": "name"}


def test_every_word_for_nothing_is_found_by_how_it_begins():
    for word in nothing_module._WRITTEN_BY_PROGRAMS - {"#n/a"}:
        for written in (word, word.upper(), f" {word} ", f'"{word}"', f"{word} {word}"):
            if nothing_module.means_nothing(written):
                assert check(written, "0532 123 45 67", by=settings({"name": 0, "phone_number": 1})).variables == {}, written


@pytest.mark.parametrize("name", ["Nan", "Nat", "Null Ahmet", "Nuri", "Undine", "Non", "Noe", "-", "Yok", "0"])
def test_values_that_only_look_like_nothing_stay(name):
    assert check(name, "0532 123 45 67", "", by=PLAIN).variables == {"name": name}


# -- consent -------------------------------------------------------------------------------------------------

CONSENT = settings({"name": 0, "phone_number": 1, "consent": 2}, required=("name",))
FORBIDDING = replace(CONSENT, consent_inverted=True)


@pytest.mark.parametrize(
    ("by", "text", "state", "reason"),
    [
        (CONSENT, "Evet", "pending", ""),
        (CONSENT, "ONAY", "pending", ""),
        (CONSENT, "Hayır", "no_consent", "no_consent"),
        (CONSENT, "RET", "no_consent", "no_consent"),
        (CONSENT, "belki", "invalid", "consent_unclear"),
        (FORBIDDING, "TRUE", "no_consent", "no_consent"),
        (FORBIDDING, "0", "pending", ""),
        (FORBIDDING, "?", "invalid", "consent_unclear"),
    ],
)
def test_consent_decides_whether_a_row_is_sent(by, text, state, reason):
    row = check("Ali", "0532 123 45 67", text, by=by)
    assert (row.state, row.reason) == (state, reason)
    assert row.reason_params == ({"text": text} if reason else {}) and row.phone == ALI


@pytest.mark.parametrize("text", ["", "NULL"])
def test_where_only_agreement_is_marked_an_empty_cell_is_none(text):
    row = check("Ali", "0532 123 45 67", text, by=replace(CONSENT, consent_by_marks=True))
    assert (row.state, row.reason) == ("invalid", "consent_unmarked")


@pytest.mark.parametrize(
    "note", ["ARAMAYIN!", "vip, DNC", "bitte nicht mehr anrufen", "Customer: do not call", "Aranmak istemiyor"]
)
def test_a_note_that_forbids_calls_is_a_no(note):
    assert check("Ali", "0532 123 45 67", note).state == "no_consent"
    assert check("Ali", "0532 123 45 67", "Ankara", note).state == "no_consent", "whatever the column is for"


@pytest.mark.parametrize("note", ["DNC Tekstil AŞ", "arandı", "call back", "Kara", "Robinson", "nicht erreicht", "called twice"])
def test_other_notes_forbid_nothing(note):
    assert check("Ali", "0532 123 45 67", note).state == "pending"


@pytest.mark.parametrize("text", ["", "  ", "NULL", "MESAJ RET"])
def test_a_cell_that_says_nothing_of_calls_is_a_remark(text):
    row = check("Ali", "0532 123 45 67", text, by=CONSENT)
    assert (row.state, warning_codes(row)) == ("pending", ["consent_missing"])
    assert check("Ali", "0532 123 45 67", text, by=FORBIDDING).warnings == [], "where a mark forbids, most cells are empty"


def test_a_no_counts_for_more_than_any_other_problem():
    row = check("", "12", "Hayır", by=CONSENT)
    assert (row.state, row.reason, row.warnings) == ("no_consent", "no_consent", [])
    assert check("", "12", "belki", by=CONSENT).reason.startswith("phone_"), "the phone is told of first"
    assert "consent_unclear" in warning_codes(check("", "12", "belki", by=CONSENT))


def test_consent_to_several_channels_is_read_with_its_kind():
    by = settings({"phone_number": 0, "consent": Joined((1, 2))})
    said = [
        check("0532 123 45 67", kind, status, by=by).state
        for kind, status in (("ARAMA", "RET"), ("ARAMA", "ONAY"), ("MESAJ", "RET"), ("EPOSTA", "RET"))
    ]
    assert said == ["no_consent", "pending", "pending", "pending"]


# -- labels beside phones ------------------------------------------------------------------------------------

CARD = settings(
    {
        "phone_label": 0,
        "phone_number": 1,
        "secondary_phone_1_label": 2,
        "secondary_phone_1": 3,
        "secondary_phone_2_label": 4,
        "secondary_phone_2": 5,
    }
)
FIRST, SECOND, THIRD = "0532 123 45 67", "0555 234 56 78", "0544 987 65 43"


def called(*cells: str, by: CheckSettings = CARD) -> tuple:
    row = check(*cells, by=by)
    return row.phone, [one["phone_number"] for one in row.secondary], row.reason, row.warnings


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("Mobile", FIRST, "Work", SECOND), (ALI, [AYSE], "", [])),
        (("", FIRST, "Mobile", SECOND), (ALI, [AYSE], "", [])),  # no label, no other order
        (("Work", FIRST, "Mobile", SECOND), (AYSE, [ALI], "", [["phone_order_by_label", {"labels": "Mobile, Work"}]])),
        (
            ("Home", FIRST, "* Other", SECOND, "Cep", THIRD),
            (CEM, [ALI, AYSE], "", [["phone_order_by_label", {"labels": "Cep, Home, * Other"}]]),
        ),
        (
            ("Mobile", FIRST, "Home", SECOND, "Work", THIRD),
            (ALI, [CEM, AYSE], "", [["phone_order_by_label", {"labels": "Mobile, Work, Home"}]]),
        ),
        (("Work Fax", FIRST), ("", [], "phone_label_fax", [])),
        (
            ("FAKS", FIRST, "Ev", SECOND, "Cep", THIRD),
            (CEM, [AYSE], "", [["phone_fax_replaced", {"label": "FAKS", "phone": CEM}]]),
        ),
        (("FAKS", FIRST, "", SECOND), (AYSE, [], "", [["phone_fax_replaced", {"label": "FAKS", "phone": AYSE}]])),
        (
            ("FAKS", FIRST, "Home Fax", SECOND),
            ("", [], "phone_label_fax", [["secondary_fax", {"position": 1, "label": "Home Fax"}]]),
        ),
        (("Cep", FIRST, "Fax", SECOND), (ALI, [], "", [["secondary_fax", {"position": 1, "label": "Fax"}]])),
        (("Fax", "", "Cep", SECOND), ("", [AYSE], "missing_required", [])),
    ],
)
def test_labels_refuse_a_fax_and_order_the_rest(cells, expected):
    assert called(*cells) == expected


def test_a_fax_is_refused_by_its_label():
    row = check("Work Fax", FIRST, by=CARD)
    assert (row.state, row.reason_params) == ("invalid", {"label": "Work Fax"})


def test_another_person_is_never_called_in_the_leads_place():
    by = settings(
        {"phone_label": 0, "phone_number": 1, "secondary_phone_1_label": 2, "secondary_phone_1": 3, "secondary_1_name": 4}
    )
    assert called("Fax", FIRST, "Mobile", SECOND, "Fatma", by=by) == ("", [AYSE], "phone_label_fax", [])
    assert called("Work", FIRST, "Mobile", SECOND, "Fatma", by=by) == (ALI, [AYSE], "", [])


def test_a_bad_number_stays_the_problem_of_its_row():
    assert called("Work", "12", "Mobile", SECOND)[0::2] == ("", check("Work", "12", by=CARD).reason)
