"""The sample file of a campaign is read without a question, whatever the assistant's variables are called."""

import csv
import io

import openpyxl
import pytest

from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.suggest import suggest_mapping
from imports.pipeline.phones.normalise import INTERNATIONAL, normalise
from imports.pipeline.readers.opening import open_sheet
from imports.pipeline.reports.sample_file import sample_headers, write_sample

VARIABLES = [
    [],
    ["name"],
    ["name", "company", "appointment_date"],
    ["first_name", "last_name", "email", "city"],
    ["musteri_adi", "borc_tutari"],
    ["phone"],
    ["country"],
    ["telefon", "ad"],
    ["x1", "ref_no"],
]


def test_headers_are_exactly_those_of_the_contract():
    assert sample_headers(["name"], contacts=2) == [
        "phone_number",
        "name",
        "secondary_phone_1",
        "secondary_1_name",
        "secondary_phone_2",
        "secondary_2_name",
    ]
    assert len(sample_headers(["a", "b"])) == 1 + 2 + 10 * 3


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("variables", VARIABLES)
def test_it_comes_back_mapped_as_it_went_out(tmp_path, kind, language, variables):
    path = tmp_path / f"sample.{kind}"
    with open(path, "wb") as file:
        write_sample(file, kind, variables, language)
    sheet = open_sheet(path)
    rows = [row.cells for row in sheet.rows()]
    assert sheet.headers == sample_headers(variables) and len(rows) == 2
    suggestion = suggest_mapping(sheet.headers, rows, lead_fields(variables))
    assert suggestion.sure and suggestion.unmapped == []
    assert {key: sheet.headers[index] for key, index in suggestion.mapping.items()} == {
        key: key for key in sample_headers(variables)
    }
    assert all(normalise(cells[0], INTERNATIONAL).e164 == cells[0] for cells in rows)


def test_phone_cells_are_text_in_the_workbook():
    file = io.BytesIO()
    write_sample(file, "xlsx", ["name"])
    cell = openpyxl.load_workbook(file).active["A2"]
    assert (cell.value, cell.number_format, cell.data_type in ("s", "inlineStr")) == ("+905551234567", "@", True)


def test_numbers_typed_below_the_examples_keep_their_zero():
    file = io.BytesIO()
    write_sample(file, "xlsx", ["name"])
    sheet = openpyxl.load_workbook(file).active
    assert {sheet.column_dimensions[letter].number_format for letter in "ABCD"} == {"@"} and sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold and sheet["A4"].value is None


def test_examples_are_the_assistants_own_values_where_it_has_them():
    file = io.BytesIO()
    write_sample(file, "csv", ["name", "product"], "tr", {"product": "Altın Paket"})
    rows = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:3] == ["+905551234567", "Ayşe Yılmaz", "Altın Paket"]
    assert rows[1][3].startswith("+90") and rows[2][3] == "", "one row with a secondary contact, one without"
