"""Which sheet is read when nobody says, and tables that stand in one column."""

import io
import zipfile

import pytest
import xlsxwriter

from imports.pipeline.readers.opening import open_workbook, preview
from imports.pipeline.readers.sheet_choice import first_with_data, first_with_numbers, named_sheet
from imports.pipeline.readers.table import ReadOptions, UnreadableFile

LEADS = [["Ad Soyad", "Telefon"], ["Ayşe Çağrı", "0532 123 45 67"], ["Ömer Işık", "5422345678"]]
COVER = [["Güneş A.Ş."], ["Müşteri Listesi 2026"]]
SUMMARY = [["Şube", "Adet", "Tarih"], ["Kadıköy", "3", "2026-05-01 13:30"]]
PACKED = [["Ad,Soyad,Telefon"], ['Ayşe,"Çağrı, Dr.",0532 123 45 67'], ["Ömer,Işık,5422345678"]]


def workbook(**sheets: list[list[str]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    return buffer.getvalue()


@pytest.fixture
def seen(tmp_path):
    def read(content: bytes, **options):
        path = tmp_path / "list"
        path.write_bytes(content)
        return preview(path, ReadOptions(**options))

    return read


@pytest.mark.parametrize(
    ("sheets", "chosen", "skipped"),
    [
        ({"Kapak": COVER, "Liste": LEADS}, "Liste", "Kapak"),
        ({"Özet": SUMMARY, "Liste": LEADS, "Eski": LEADS}, "Liste", "Özet"),
        ({"Liste": LEADS, "Eski": LEADS}, "Liste", None),
        ({"Boş": [], "Özet": SUMMARY, "Not": COVER}, "Özet", None),
        ({"Kara Liste": LEADS, "Liste": LEADS}, "Liste", None),
        ({"Opt-out": LEADS, "Liste": LEADS}, "Liste", None),
    ],
)
def test_a_sheet_with_numbers_comes_before_covers_and_summaries(seen, sheets, chosen, skipped):
    found = seen(workbook(**sheets))
    said = [note.params for note in found.notes if note.code == "sheet_without_numbers"]
    assert (found.sheet, said) == (chosen, [{"sheet": chosen, "skipped": skipped}] if skipped else [])


def test_a_damaged_sheet_is_no_better_one(seen):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(Özet=SUMMARY, Liste=LEADS))) as whole, zipfile.ZipFile(buffer, "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, b"<worksheet><sheetData><row" if name.endswith("sheet2.xml") else whole.read(name))
    assert seen(buffer.getvalue()).sheet == "Özet"


def test_the_sheet_that_a_person_chose_is_read_whatever_it_holds(seen):
    assert seen(workbook(Kapak=COVER, Liste=LEADS), sheet="Kapak").headers == ["Güneş A.Ş."]


@pytest.mark.parametrize(
    "content",
    [
        workbook(Liste=PACKED),
        "\r\n".join('"' + line.replace('"', '""') + '"' for [line] in PACKED).encode("cp1254"),
        "\r\n".join('"' + line.replace('"', '""') + '";;' for [line] in PACKED).encode(),
    ],
)
def test_a_table_in_one_column_is_taken_apart(seen, content):
    found = seen(content)
    assert found.headers == ["Ad", "Soyad", "Telefon"]
    assert [tuple(row) for row in found.sample] == [
        (2, ["Ayşe", "Çağrı, Dr.", "0532 123 45 67"]),
        (3, ["Ömer", "Işık", "5422345678"]),
    ]
    assert ("columns_unpacked", {"delimiter": ","}) in found.notes


@pytest.mark.parametrize(
    "rows",
    [
        [["Telefon"], ["0532 123 45 67, 0533 123 45 67"], ["0532 123 45 68, 0533 123 45 68"]],
        [["Adres, il"], ["Kadıköy, İstanbul"], ["Çankaya, Ankara"]],
        [["0532 123 45 67;Ali"], ["0532 123 45 68;Su"]],
    ],
)
def test_commas_in_a_single_column_are_no_table(seen, rows):
    assert len(seen(workbook(Liste=rows)).headers) == 1


def test_names_are_found_whatever_their_case_and_unknown_ones_are_refused(tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(Kapak=COVER, Liste=LEADS))
    book = open_workbook(path, ReadOptions())
    assert named_sheet(book, " liste ") == first_with_numbers(book) == "Liste"
    assert first_with_data(book) == "Kapak"
    with pytest.raises(UnreadableFile, match="sheet_unknown"):
        named_sheet(book, "Ek")
