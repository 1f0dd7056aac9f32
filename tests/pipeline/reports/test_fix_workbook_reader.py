"""The "fix in Excel" workbook read back: only what a person has changed."""

import openpyxl
import pytest

from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.reports.fix_workbook_reader import read_corrections
from tests.pipeline.reports.fix_workbooks import HEADERS, KEY


@pytest.fixture
def edit(path):
    """Change the workbook as a person would; it is saved by openpyxl."""

    def edited(work) -> list[tuple[int, list[str]]]:
        book = openpyxl.load_workbook(path)
        work(book.active)
        book.save(path)
        return list(read_corrections(path, KEY, HEADERS))

    return edited


def column(sheet, header: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == header)


def row_of(sheet, number: int) -> int:
    return next(row[0].row for row in sheet.iter_rows(min_row=2) if (row[0].value or "").split(":")[1:2] == [str(number)])


def put(sheet, number: int, header: str, value) -> None:
    sheet.cell(row_of(sheet, number), column(sheet, header)).value = value


def test_an_untouched_workbook_corrects_nothing(path, edit):
    assert list(read_corrections(path, KEY, HEADERS)) == []
    assert edit(lambda sheet: None) == []


def test_only_the_changed_row_comes_back_whole(edit):
    [(number, cells)] = edit(lambda sheet: put(sheet, 9, "Telefon", "0555 234 56 78"))
    assert number == 9
    assert [cell.split() for cell in cells] == [["Ayşe"], ["0555", "234", "56", "78"], ["iki", "satır"], ["+905552345678"]]


def test_a_number_typed_as_a_number_comes_back_whole(edit):
    [(number, cells)] = edit(lambda sheet: put(sheet, 5, "Telefon", 905321234567))
    assert (number, cells[1]) == (5, "905321234567")


def test_spaces_alone_are_no_correction(edit):
    assert edit(lambda sheet: put(sheet, 5, "Ad", "  Ali ")) == []


def test_emptying_a_cell_is_a_correction(edit):
    assert edit(lambda sheet: put(sheet, 12, "Not", None)) == [(12, ["", "05321234567", "", "007"])]


def test_rows_may_be_sorted_deleted_and_added(edit):
    def work(sheet):
        put(sheet, 12, "Ad", "Zeynep")
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        sheet.delete_rows(2, len(rows))
        for row in reversed(rows[1:]):
            sheet.append(row)
        sheet.append([None, None, None, None, "New", "05551112233"])

    assert edit(work) == [(12, ["Zeynep", "05321234567", "-", "007"])]


def test_columns_may_be_added_and_moved(edit):
    def work(sheet):
        put(sheet, 5, "Telefon", "05321112233")
        sheet.insert_cols(6)
        sheet["F1"], sheet["F2"] = "My notes", "called twice"
        moved, last = column(sheet, "Ad"), sheet.max_column
        for row in sheet.iter_rows():
            row[0].offset(0, last).value = row[moved - 1].value
        sheet.delete_cols(moved)

    assert edit(work) == [(5, ["Ali", "05321112233", "=1+1", ""])]


def test_a_title_above_the_header_is_forgiven(edit):
    def work(sheet):
        put(sheet, 5, "Telefon", "05321112233")
        sheet.insert_rows(1)
        sheet["E1"] = "Ayşe's corrections"

    assert [number for number, _ in edit(work)] == [5]


def test_a_row_copied_and_changed_counts_once(edit):
    def work(sheet):
        put(sheet, 5, "Telefon", "05321112233")
        sheet.append([cell.value for cell in sheet[row_of(sheet, 5)]])

    assert [number for number, _ in edit(work)] == [5]


def test_surplus_cells_are_seen_and_can_be_removed(edit):
    def work(sheet):
        put(sheet, 40, "▸ …", None)

    assert edit(work) == [(40, ["Cem", "0544", "", ""])]


def test_it_may_come_back_as_a_csv(path, tmp_path):
    sheet = openpyxl.load_workbook(path).active
    put(sheet, 5, "Telefon", "05321112233")
    lines = [";".join('"' + str(cell.value or "").replace('"', '""') + '"' for cell in row) for row in sheet.iter_rows()]
    saved = tmp_path / "fix.csv"
    saved.write_text("\r\n".join(lines), "utf-8-sig")
    assert list(read_corrections(saved, KEY, HEADERS)) == [(5, ["Ali", "05321112233", "=1+1", ""])]


def refusal(path, key=KEY, headers=HEADERS) -> str:
    with pytest.raises(UnreadableFile) as refused:
        list(read_corrections(path, key, headers))
    return refused.value.reason.code


def test_a_workbook_of_another_import_is_refused(path):
    assert refusal(path, key="another") == "workbook_of_another_import"


def test_a_workbook_that_is_not_ours_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Ad", "Telefon"])
    book.active.append(["Ali", "05321234567"])
    book.save(tmp_path / "other.xlsx")
    assert refusal(tmp_path / "other.xlsx") == "workbook_not_ours"


def test_a_removed_column_is_named(path, edit):
    with pytest.raises(UnreadableFile) as refused:
        edit(lambda sheet: sheet.delete_cols(column(sheet, "Not")))
    assert refused.value.reason == ("workbook_column_missing", {"header": "Not"})


def test_what_is_no_spreadsheet_is_refused_by_name(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"%PDF-1.7 nothing")
    assert refusal(tmp_path / "x.xlsx") not in ("workbook_not_ours", "workbook_of_another_import")
