"""What stands above and below a table: no lead is made of it without a word, and no lead is lost to it."""

import pytest

from imports.pipeline.readers.around_table import doubt_of_header, notes_above
from imports.pipeline.readers.layout import find_layout
from imports.pipeline.readers.opening import preview
from imports.pipeline.readers.table import BadRow, Row
from tests.pipeline.readers.test_sheet_choice import COVER, LEADS, workbook

HEADER = ["Ad Soyad", "Telefon"]
WIDE = ["Ad Soyad", "Telefon", "Firma", "Şehir", "Not"]
PEOPLE = [
    ["Ayşe Çağrı", "0532 123 45 67"],
    ["Ömer Işık", "0542 234 56 78"],
    ["Ece Öz", "0555 111 22 33"],
    ["Can Demir", "0533 111 22 33"],
]
BLANK = ["", ""]


def numbered(rows: list[list[str]]) -> list[Row]:
    return [Row(number, list(cells)) for number, cells in enumerate(rows, 1)]


def read(rows: list[list[str]]):
    """What becomes of the rows after the first people, and all that is said."""
    layout = find_layout(iter(numbered(rows)), None, 250, False)
    found = {row.number: row.reason.code if isinstance(row, BadRow) else None for row in layout.data_rows(iter(numbered(rows)))}
    return found, {note.code: note.params for note in [*layout.notes, *layout.notes_below]}


@pytest.mark.parametrize(
    "line",
    [
        ["Genel Merkez: 0212 555 00 00", ""],
        ["", "Genel Merkez: 0212 555 00 00"],
        ["Güneş A.Ş. Genel Merkez Tel: 0212 555 00 00", ""],
        ["Genel Merkez", "0212 555 00 00"],
        ["Merkez:", "0212 555 00 00"],
        ["Head Office", "+90 212 555 00 00"],
        ["Bilgi için: 0212 555 00 00", ""],
        ["Bilgi için", "0212 555 00 00"],
        ["Detaylı bilgi için arayınız", "0212 555 00 00"],
        ["İletişim:", "0212 555 00 00"],
        ["İletişim", "0212 555 00 00"],
        ["Hazırlayan", "0532 999 88 77"],
        ["Hazırlayan: Ali Veli", "0532 999 88 77"],
        ["Hazırlayan Ali Veli Tel 0532 999 88 77", ""],
        ["Prepared by John", "0532 999 88 77"],
        ["İmza", "0532 999 88 77"],
        ["Destek: 0850 222 00 00", ""],
        ["For information", "0212 555 00 00"],
        ["Rückfragen an", "030 12345678"],
        ["Para más información", "91 555 00 00"],
        ["Sayfa 1/1", "0850 222 00 00"],
    ],
)
@pytest.mark.parametrize("blank_rows", [0, 1, 3])
def test_a_line_about_the_list_is_no_lead(line, blank_rows):
    found, said = read([HEADER, *PEOPLE, *[BLANK] * blank_rows, line])
    at = len(PEOPLE) + blank_rows + 2
    assert found[at] in ("contact_line", "totals_row")
    assert said["rows_left_out_below"] == {"count": 1, "row": at}
    assert [found[number] for number in range(2, 6)] == [None] * 4


@pytest.mark.parametrize(
    "line",
    [
        ["Genel Merkez", "0212 555 00 00", "", "", ""],
        ["", "", "", "Hazırlayan", "0532 999 88 77"],
        ["Merkez Ofis: 0212 555 00 00", "", "", "", ""],
        ["", "", "", "", "Bilgi için: 0212 555 00 00"],
    ],
)
def test_so_is_one_below_a_wide_table(line):
    rows = [WIDE, *([*person, "Acme", "İzmir", "not"] for person in PEOPLE), [""] * 5, line]
    assert read(rows)[0][7] == "contact_line"


@pytest.mark.parametrize("heading", ["Aranmayacaklar", "Do not call:", "Kara Liste", "Nicht anrufen!"])
@pytest.mark.parametrize("again", [[], [HEADER]])
def test_whoever_stands_below_a_heading_of_noes_is_not_called(heading, again):
    found, _ = read([HEADER, *PEOPLE, [heading, ""], *again, *PEOPLE])
    assert [found[number] for number in range(2, 6)] == [None] * 4
    assert [found[number] for number in range(7 + len(again), 11 + len(again))] == ["below_list_of_noes"] * 4


def test_a_person_named_robinson_is_no_heading():
    assert read([HEADER, ["Robinson", ""], *PEOPLE])[0][3] is None


def test_a_bare_number_below_the_table_is_no_lead():
    assert read([HEADER, *PEOPLE, BLANK, ["", "0212 555 00 00"]])[0][7] == "contact_line"


@pytest.mark.parametrize(
    "rows",
    [
        [HEADER, ["Genel Merkez", "0212 555 00 00"], ["Kadıköy Şubesi", "0216 555 00 00"], ["Bornova Şubesi", "0232 555 00 00"]],
        [HEADER, *PEOPLE, ["", "0212 555 00 00"], *PEOPLE],
        [HEADER, *PEOPLE, ["İletişim Yayınları", "0212 555 00 00"]],
        [HEADER, *PEOPLE, ["Merkez", "0212 555 00 00"]],
        [HEADER, *PEOPLE, ["Mavi Call Center", "0212 555 00 00"]],
        [HEADER, *PEOPLE, ["İmza Mobilya", "0212 555 00 00"]],
        [HEADER, *PEOPLE, ["Signature Homes", "0212 555 00 00"]],
        [HEADER, *PEOPLE, ["Contact Lens Ltd", "0212 555 00 00"]],
        [["Telefon"], *([phone] for _, phone in PEOPLE), ["0212 555 00 00"]],
        [HEADER, *PEOPLE, ["", "Tel: 0212 555 00 00"], *PEOPLE],
        [HEADER, *PEOPLE, ["Ali Cep", "telefon yok"], *PEOPLE],
        [["Ad", "Tip", "Telefon"], ["Ayşe", "Cep", "0532 123 45 67"], ["Ömer", "Cep", ""], ["Ece", "Ev", "0212 111 22 33"]],
    ],
)
def test_a_lead_is_not_taken_for_a_line_about_the_list(rows):
    assert set(read(rows)[0].values()) == {None}


def test_a_few_leads_below_blank_rows_are_imported_and_said():
    found, said = read([HEADER, *PEOPLE, BLANK, BLANK, ["Güneş A.Ş.", "0212 555 00 00"]])
    assert found[8] is None and said["rows_after_blank_rows"] == {"row": 8, "count": 1}


def test_blank_rows_between_leads_are_nothing_to_speak_of():
    assert read([HEADER, *PEOPLE, BLANK, *PEOPLE])[1] == {}


@pytest.mark.parametrize("gap", [0, 1, 3])
@pytest.mark.parametrize("header", [["Şube", "Telefon"], ["Firma", "GSM"], ["Telefon No", "İsim"]])
def test_another_table_below_is_refused_by_name(header, gap):
    rows = [HEADER, *PEOPLE, *[BLANK] * gap, header, ["Kadıköy", "0216 555 11 22"], ["Bornova", "0232 555 11 22"]]
    if header[0] == "Telefon No":
        rows[-2:] = [["0216 555 11 22", "Kadıköy"], ["0232 555 11 22", "Bornova"]]
    at = 6 + gap
    found, said = read(rows)
    assert [found[at], found[at + 1], found[at + 2]] == ["another_table"] * 3
    assert said["another_table_below"] == {"row": at}
    assert [found[number] for number in range(2, 6)] == [None] * 4


@pytest.mark.parametrize("again", [HEADER, ["AD SOYAD", "TELEFON"], ["Ad Soyad ", " Telefon"]])
def test_below_the_same_headers_the_list_goes_on(again):
    found, said = read(
        [HEADER, *PEOPLE, BLANK, again, *PEOPLE, ["Şube", "Telefon"], ["Kadıköy", "0216 555 11 22"], again, *PEOPLE]
    )
    assert found[7] == "repeated_header" and found[8] is None
    assert (found[13], found[14], found[15]) == ("another_table", "repeated_header", None)
    assert said == {"another_table_below": {"row": 12}}


def test_numbers_above_the_header_are_said():
    found, said = read([["Güneş A.Ş. – 0212 555 00 00", ""], ["Tarih: 01.05.2024 13:30", ""], HEADER, *PEOPLE])
    assert said == {"rows_above_header": {"count": 2}, "numbers_above_header": {"count": 1, "row": 1}}
    assert set(found) == {4, 5, 6, 7}


def test_numbers_above_a_chosen_header_row_are_said_too():
    rows = numbered([["0532 999 88 77", ""], BLANK, ["Liste", ""], HEADER, *PEOPLE])
    notes = find_layout(iter(rows), 4, 250, False).notes
    assert ("numbers_above_header", {"count": 1, "row": 1}) in notes and ("rows_above_header", {"count": 2}) in notes


@pytest.mark.parametrize(
    "cell",
    [
        "9,05E+11",
        "9.05321E+11",
        "5,32E+09",
        "0532 111 22 33 dahili 12",
        "0212 555 00 00 / 12",
        "Cep: 0532 111 22 33",
        "Telefon No: 0532 111 22 33",
        "[0532 111 22 33]",
        "(0532) 111 22 33",
        "(0532 111 22 33)",
        '="05321112233"',
        "'05321112233",
        "٠٥٣٢١١١٢٢٣٣",
        "+90 (532) 111 22 33",
        "tel:+905321112233",
        "0532.111.22.33",
        "905321112233.0",
        "0532 111 22 33 ext. 5",
        "0532 111 22 33 (dahili 5)",
        "00905321112233",
        '="0532 111 22 33"',
    ],
)
def test_a_first_row_with_a_number_in_any_dress_is_data(cell):
    rows = numbered([["Şirket Müdürü Ali", cell], ["Ömer Işık", cell], ["Ece Öz", cell]])
    layout = find_layout(iter(rows), None, 250, False)
    assert (layout.header_row, layout.doubt) == (0, None)


@pytest.mark.parametrize("name", ["GSM (5321234567)", "Telefon (örn. 0532 123 45 67)", "Tel 1", "Telefon 2024", "Cep (10 hane)"])
def test_a_header_that_shows_how_to_write_numbers_is_a_header(name):
    assert find_layout(iter(numbered([["Ad Soyad", name], *PEOPLE])), None, 250, False).header_row == 1


@pytest.mark.parametrize(
    ("rows", "doubt"),
    [
        ([HEADER, *PEOPLE], None),
        ([["Имя", "Номер"], *PEOPLE], None),
        (PEOPLE, None),
        ([["Liste", ""], HEADER, *PEOPLE], None),
        ([["Santral 0212 555 00 00", ""], HEADER, *PEOPLE], "numbers_above_header"),
        ([["Ad Soyad", "GSM (5321234567)"], *PEOPLE], "header_holds_number"),
        ([["Ad Soyad", ""], *PEOPLE], None),
        ([["Ali Can", "numara yok"], *PEOPLE], "header_without_name"),
        ([["Ali Can", "sn"], *PEOPLE], "header_without_name"),  # a word for "no number" that is not known
        ([["Ali Can", "yok"], *PEOPLE], "header_row_missing"),
        ([["Ali Can", ""], *PEOPLE], "header_without_name"),
        ([["Ad Soyad", "Şehir"], ["Ali", "İzmir"]], None),
    ],
)
def test_whether_the_header_row_is_certain(rows, doubt):
    found = find_layout(iter(numbered(rows)), None, 250, False).doubt
    assert (found and found.code) == doubt


def test_other_sheets_with_numbers_are_said(tmp_path):
    path = tmp_path / "months.xlsx"
    path.write_bytes(workbook(Ocak=LEADS, Şubat=LEADS, Kapak=COVER, Mart=LEADS))
    found = preview(path)
    assert [(sheet.name, sheet.has_numbers) for sheet in found.sheets] == [
        ("Ocak", True),
        ("Şubat", True),
        ("Kapak", False),
        ("Mart", True),
    ]
    assert ("other_sheets_with_numbers", {"sheets": "Şubat, Mart", "count": 2}) in found.notes


def test_hidden_sheets_with_numbers_are_said(tmp_path):
    import xlsxwriter

    path = tmp_path / "hidden.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Liste", "Eski"):
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(LEADS):
                sheet.write_row(number, 0, cells)
        sheet.hide()
    assert preview(path).notes == [("hidden_sheets_with_numbers", {"sheets": "Eski", "count": 1})]


def test_a_single_sheet_has_no_others(tmp_path):
    path = tmp_path / "one.xlsx"
    path.write_bytes(workbook(Liste=LEADS, Kapak=COVER))
    assert preview(path).notes == []


def test_a_header_row_chosen_too_high_loses_no_rows():
    rows = numbered([["Liste", "Mayıs"], HEADER, *PEOPLE])
    found = list(find_layout(iter(rows), 1, 250, False).data_rows(iter(rows)))
    assert [row.number for row in found] == [2, 3, 4, 5, 6] and not any(isinstance(row, BadRow) for row in found)


def test_the_header_row_is_certain_where_its_cells_rule_all_else_out():
    head = [Row(1, ["Ad", "Telefon"]), Row(2, ["Ali", "0532 111 22 33"])]
    assert doubt_of_header(head, 0, head[1:], 2, []) is None
    assert doubt_of_header([Row(1, ["", ""]), head[1]], 0, head[1:], 2, []) == ("header_without_name", {"row": 1})
    assert doubt_of_header([Row(1, ["Ad", "0532 111 22 34"]), head[1]], 0, head[1:], 2, []) == ("header_holds_number", {"row": 1})


def test_rows_above_the_header_are_noted():
    assert notes_above([]) == []
    assert [note.code for note in notes_above([Row(1, ["Ali 0532 111 22 33"])])] == ["rows_above_header", "numbers_above_header"]
