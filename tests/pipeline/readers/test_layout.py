"""Where the table begins and ends: header rows of real tools, bare, under titles and left out; rows that are no leads."""

import pytest

from imports.pipeline.readers.layout import find_layout
from imports.pipeline.readers.opening import preview
from imports.pipeline.readers.table import BadRow, Row, UnreadableFile
from tests.effort import cpu_seconds
from tests.figures import record_figure
from tests.pipeline.columns.test_labelled_headers import CASES

TABLES = [(case.values[0]["headers"], case.values[0]["rows"]) for case in CASES if any(case.values[0]["headers"])]

TITLES = [Row(1, ["Müşteri Listesi"]), Row(3, ["Tarih", "01.05.2024"])]


def layout_of(rows: list[Row], header_row: int | None = None, strict_width: bool = True):
    return find_layout(iter(rows), header_row, 250, strict_width)


def numbered(rows: list[list[str]], first: int = 1) -> list[Row]:
    return [Row(number, list(cells)) for number, cells in enumerate(rows, first)]


def test_header_rows_of_real_tools_are_found():
    found = {
        "bare": [layout_of(numbered([headers, *rows])).header_row == 1 for headers, rows in TABLES],
        "under titles": [layout_of(TITLES + numbered([headers, *rows], 4)).header_row == 4 for headers, rows in TABLES],
        "left out": [layout_of(numbered(rows)).header_row == 0 for _, rows in TABLES],
    }
    record_figure("header rows", ", ".join(f"{sum(right)} of {len(right)} {name}" for name, right in found.items()))
    assert all(sum(right) / len(right) >= 0.98 for right in found.values())


@pytest.mark.parametrize(
    ("rows", "header_row"),
    [
        ([["Ad", "Telefon"], ["Ali", "yok"], ["Su", "0532 111 22 33"], ["Can", "0532 111 22 34"]], 1),
        ([["Ad", "Telefon", "2023", "2024"], ["Ali", "0532 111 22 33", "5", "7"], ["Su", "0532 111 22 34", "1", "2"]], 1),
        ([["Ali Can"], ["Su Ay"], ["Ece Öz"]], 1),
        ([["0532 111 22 33"], ["0532 111 22 34"]], 0),
        ([["a@x.tr", "Ali"], ["b@x.tr", "Su"]], 0),
        (
            [
                ["Tarih:", "01.05.2024", "Şube:", "3"],
                ["Ad", "Soyad", "GSM", "Şehir", "E-posta"],
                ["Ali", "Can", "0532 111 22 33", "Ankara", "a@x.tr"],
                ["Su", "Ay", "0532 111 22 34", "Bursa", "b@x.tr"],
            ],
            2,
        ),
    ],
)
def test_header_row(rows, header_row):
    assert layout_of(numbered(rows)).header_row == header_row


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["Toplam", "", "", "1.350,40"], "totals_row"),
        (["Genel Toplam: 120 kayıt", "", "", ""], "totals_row"),
        (["", "TOTAL", "", "5"], "totals_row"),
        (["Toplam Kayıt Sayısı: 60", "", "", ""], "totals_row"),
        (["Page 3 of 7", "", "", ""], "totals_row"),
        (["Rapor Tarihi: 01.05.2024", "", "", ""], "totals_row"),
        (["Copyright (c) 2000-2024 salesforce.com, inc.", "", "", ""], "totals_row"),
        (["Ad", "Telefon", "Firma", "Tutar"], "repeated_header"),
        (["Total", "0532 111 22 33", "", ""], None),
        (["Total Enerji", "0532 111 22 33", "Total Enerji A.Ş.", "5"], None),
        (["Toplam Kalite Ltd.", "", "", ""], None),
        (["Sayfa Kitabevi", "0532 111 22 33", "", ""], None),
        (["Sum Ting", "+90 532 111 22 33", "", ""], None),
    ],
)
def test_rows_that_are_no_leads(cells, code):
    layout = layout_of(numbered([["Ad", "Telefon", "Firma", "Tutar"], ["Ali", "0532 111 22 33", "x", "5"]]))
    (row,) = layout.data_rows(iter([Row(9, cells)]))
    assert (row.reason.code if isinstance(row, BadRow) else None) == code


def test_blank_rows_are_no_rows():
    layout = layout_of(numbered([["Ad", "Telefon"], ["Ali", "0532 111 22 33"]]))
    assert list(layout.data_rows(iter([Row(2, ["", ""]), Row(3, [" ", "\t"]), Row(4, []), Row(5, ["", "x"])]))) == [
        Row(5, ["", "x"])
    ]


def test_a_note_far_to_the_right_makes_no_columns_of_a_sheet():
    rows = numbered([["Ad", "Telefon"], ["Ali", "0532"], ["Su", "0533", *[""] * 30, "sormuştu"], ["Can", "0534"]])
    assert layout_of(rows, strict_width=False).headers == ["Ad", "Telefon"]


def test_columns_without_a_name_are_kept_where_rows_fill_them():
    rows = numbered([["Ad", "Telefon"], ["Ali", "0532", "", "not"], ["Su", "0533", "", "not"], ["Can", "0534"]])
    assert layout_of(rows, strict_width=False).headers == ["Ad", "Telefon", "Column C", "Column D"]


def test_a_chosen_header_row_that_is_blank_is_told():
    with pytest.raises(UnreadableFile) as refusal:
        layout_of([Row(1, ["Ad"]), Row(3, ["Ali"])], header_row=2)
    assert refusal.value.reason == ("header_row_empty", {"row": 2})


@pytest.mark.parametrize(
    "cell",
    [
        "x" * 50_000,
        "1" * 50_000,
        "1 " * 25_000 + "x",
        " " * 50_000 + "x",
        "a@" * 25_000,
        "a@a." * 12_500 + " ",
        "Toplam" + " " * 50_000 + "x",
        "Toplam:" + "1" * 50_000 + "x",
        "Toplam " * 7_000,
        "Toplam kayıt " * 4_000 + "!",
        "1," * 25_000 + "x",
        "-" * 50_000,
        "(" * 50_000,
        "ad" * 25_000,
        "01.05.2024 " * 5_000,
    ],
)
def test_no_cell_keeps_us_busy(cell):
    """50 kB in every cell of a header and of a row that is looked at closely, within 50 ms each."""

    def look() -> None:
        layout = layout_of(numbered([[cell, cell], ["Ali", "0532 111 22 33"], [cell, ""]]))
        list(layout.data_rows(iter(numbered([[cell, ""], ["", cell]], 9))))

    assert cpu_seconds(look) < 0.05 * 10  # ten looks at such a cell


def test_a_line_for_programs_as_wide_as_the_header_is_above_it(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "EXTF;700;16\nKonto;Name;Telefon\n10001;Jürgen Weiß;030 23125020\n10002;Heike Krämer;0151 23456704\n", "utf-8"
    )
    assert preview(path).header_row == 2
