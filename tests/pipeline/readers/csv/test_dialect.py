"""Escapes, quotation marks and separators that a text file proves by its own rows, and what a person says instead."""

import pytest

from imports.pipeline.readers.csv.dialect import found_dialect, known_delimiter, known_escape, separator_line, usual_width
from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import BadRow, ReadOptions, UnreadableFile

HEADER = ["Ad", "Not", "Telefon"]


def phone(n: int) -> str:
    return f"0532 111 {n // 100:02} {n % 100:02}"


def read(path, content: str | bytes, **options):
    """(sheet, good rows by number, reasons of the bad ones by number)"""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    sheet = open_sheet(path, ReadOptions(**options))
    rows = list(sheet.rows())
    good = {row.number: row.cells for row in rows if not isinstance(row, BadRow)}
    return sheet, good, {row.number: row.reason.code for row in rows if isinstance(row, BadRow)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.csv"


def quoted(cells, delimiter=",", end="\n", quote='"'):
    return delimiter.join(f"{quote}{cell}{quote}" for cell in cells) + end


# -- escapes ---------------------------------------------------------------------------------------------------------
def test_backslashes_before_quotes_in_some_rows(path):
    rows = [["Ali", r"Kat 5\", arka" if n % 4 == 0 else "yok", phone(n)] for n in range(200)]
    sheet, good, bad = read(path, quoted(HEADER) + "".join(map(quoted, rows)))
    assert bad == {} and len(good) == 200 and sheet.escape == "\\"
    assert good[2] == ["Ali", 'Kat 5", arka', phone(0)]
    assert [note.params for note in sheet.notes if note.code == "escape_found"] == [{"escape": "\\"}]


def test_backslashes_before_quotes_in_every_row(path):
    rows = [[r"Ali \"Can\" Su", r"\"", phone(n)] for n in range(20)]
    sheet, good, bad = read(path, quoted(HEADER, ";") + "".join(quoted(row, ";") for row in rows))
    assert bad == {} and good[21] == ['Ali "Can" Su', '"', phone(19)] and sheet.delimiter == ";"


def test_what_mysql_writes_into_outfiles(path):
    content = (
        "Ad\tNot\tTelefon\n"
        + f"Ali\t\\N\t{phone(1)}\n"
        + f"Veli\tiki\\\tsekme\t{phone(2)}\n"
        + f"Can\tüst\\\nalt\t{phone(3)}\n"
        + f"Ece\tC:\\\\temp\\new\t{phone(4)}\n"
        + f"Su\t-\t{phone(5)}\n"
    )
    sheet, good, bad = read(path, content)
    assert bad == {} and sheet.escape == "\\"
    assert good == {
        2: ["Ali", "", phone(1)],
        3: ["Veli", "iki\tsekme", phone(2)],
        4: ["Can", "üst\nalt", phone(3)],
        5: ["Ece", "C:\\temp\\new", phone(4)],
        6: ["Su", "-", phone(5)],
    }


def test_an_escaped_line_break_with_a_carriage_return(path):
    _, good, bad = read(path, f"Ad,Not,Telefon\r\nAli,üst\\\r\nalt,{phone(1)}\r\nVeli,a\\,b,{phone(2)}\r\nCan,c,{phone(3)}\r\n")
    assert bad == {} and good[2] == ["Ali", "üst\nalt", phone(1)] and good[3] == ["Veli", "a,b", phone(2)]


def test_doubled_and_escaped_quotes_in_one_file(path):
    rows = [r'Boru 5"" uzun' if n % 2 else r"Boru 5\" uzun" for n in range(10)]
    _, good, bad = read(path, quoted(HEADER) + "".join(quoted(["Ali", row, phone(n)]) for n, row in enumerate(rows)))
    assert bad == {} and {cells[1] for cells in good.values()} == {'Boru 5" uzun'}


def test_an_escape_far_down_the_file_counts_too(path):
    rows = [["Ali", r"5\" boru" if n == 40_000 else "yok", phone(n % 10_000)] for n in range(40_010)]
    sheet, good, bad = read(path, quoted(HEADER) + "".join(map(quoted, rows)))
    assert bad == {} and good[40_002][1] == '5" boru' and sheet.escape == "\\"


def test_paths_that_end_in_a_backslash_are_no_escapes(path):
    rows = [["Ali", "C:\\liste\\", phone(n)] for n in range(20)]
    sheet, good, bad = read(path, quoted(HEADER) + "".join(map(quoted, rows)))
    assert bad == {} and sheet.escape == "" and good[2][1] == "C:\\liste\\"


def test_backslashes_that_tear_nothing_stay(path):
    sheet, good, _ = read(path, f"Ad;Not;Telefon\nAli;AC\\DC \\N \\\\;{phone(1)}\nVeli;\\N;{phone(2)}\n")
    assert sheet.escape == "" and good == {2: ["Ali", "AC\\DC \\N \\\\", phone(1)], 3: ["Veli", "\\N", phone(2)]}


def test_another_escape_that_mends_every_row(path):
    rows = [["Ali", '5/" boru, kısa', phone(n)] for n in range(12)]
    sheet, good, bad = read(path, quoted(HEADER) + "".join(map(quoted, rows)))
    assert bad == {} and sheet.escape == "/" and good[2][1] == '5" boru, kısa'


def test_a_person_says_which_escape_there_is(path):
    content = quoted(HEADER) + quoted(["Ali", r"5\", uzun", phone(1)]) + quoted(["Veli", "yok", phone(2)])
    assert read(path, content)[1][2][1] == '5", uzun'
    sheet, _, bad = read(path, content, escape="")
    assert sheet.escape == "" and set(bad) == {2}
    assert read(path, "Ad;Telefon\nA~;li;0532\nVeli;0533\n", escape="~", delimiter=";")[1][2] == ["A;li", "0532"]
    assert read(path, content, escape="backslash")[0].escape == "\\"
    for wrong in ("ab", ";", '"', "a", "\n"):
        with pytest.raises(UnreadableFile, match="escape_unknown"):
            read(path, content, escape=wrong)


def test_the_preview_shows_the_escape_and_reading_by_it_is_the_same(path):
    path.write_text(quoted(HEADER) + "".join(quoted(["Ali", r"5\" x", phone(n)]) for n in range(5)))
    shown = preview(path)
    again = preview(path, ReadOptions(shown.encoding, shown.delimiter, header_row=shown.header_row, escape=shown.escape))
    assert shown.escape == "\\" and again.sample == shown.sample
    path.write_text("Ad;Telefon\nAli;0532 111 22 33\n")
    assert preview(path).escape == ""


# -- quotation marks -------------------------------------------------------------------------------------------------
def test_apostrophes_as_quotation_marks(path):
    rows = [["O''Brien, Ali", "x", phone(n)] for n in range(5)]
    _, good, bad = read(path, quoted(HEADER, quote="'") + "".join(quoted(row, quote="'") for row in rows))
    assert bad == {} and good[2] == ["O'Brien, Ali", "x", phone(0)]


def test_apostrophes_only_where_a_cell_needs_them(path):
    rows = "".join(f"'Su, Ali',x,{phone(n)}\n" if n % 5 == 0 else f"Veli,x,{phone(n)}\n" for n in range(30))
    _, good, bad = read(path, "Ad,Not,Telefon\n" + rows)
    assert bad == {} and good[2] == ["Su, Ali", "x", phone(0)] and good[3] == ["Veli", "x", phone(1)]


def test_apostrophes_that_are_text(path):
    _, good, bad = read(path, f"Ad;Telefon\n'Ali';'{phone(1)}\nD'Arc;'{phone(2)}\nCan;'{phone(3)}\n")
    assert bad == {} and good[2] == ["'Ali'", f"'{phone(1)}"] and good[3] == ["D'Arc", f"'{phone(2)}"]


def test_a_quote_left_open_costs_only_its_row(path):
    content = f'Ad;Not;Telefon\nAli;x;{phone(1)}\nVeli;"y;{phone(2)}\nCan;z;{phone(3)}\nEce;"a;b";{phone(4)}\n'
    sheet, good, bad = read(path, content)
    assert bad == {3: "quote_left_open"} and good[4] == ["Can", "z", phone(3)] and good[5] == ["Ece", "a;b", phone(4)]
    assert [note.params for note in sheet.notes if note.code == "quotes_left_open"] == [{"count": 1, "row": 3}]


def test_a_quote_left_open_in_the_last_row(path):
    _, good, bad = read(path, f'Ad;Not;Telefon\nAli;x;{phone(1)}\nVeli;"y;{phone(2)}\n')
    assert bad == {3: "quote_left_open"} and list(good) == [2]


def test_a_quote_left_open_among_cells_with_line_breaks(path):
    content = (
        f'Ad;Not;Telefon\nAli;"bir\niki";{phone(1)}\nVeli;"y;{phone(2)}\nCan;"üç\ndört";{phone(3)}\n'
        f'Ece;"beş\naltı\n";{phone(4)}\n'
    )
    _, good, bad = read(path, content)
    assert bad == {3: "quote_left_open"}
    assert good == {2: ["Ali", "bir\niki", phone(1)], 4: ["Can", "üç\ndört", phone(3)], 5: ["Ece", "beş\naltı\n", phone(4)]}


def test_lines_of_no_other_row_stay_with_the_open_quote(path):
    path.write_text(f'Ad;Not;Telefon\nAli;"bir\nkaldı\nCan;z;{phone(3)}\nEce;x;{phone(4)}\n')
    rows = list(open_sheet(path).rows())
    assert rows[0].number == 2 and rows[0].cells[:2] == ["Ali", "bir\nkaldı"]
    assert [row.cells for row in rows if not isinstance(row, BadRow)][-2:] == [["Can", "z", phone(3)], ["Ece", "x", phone(4)]]


def test_rows_that_two_stray_quotes_made_one_cell_of_are_not_lost_silently(path):
    content = f'Ad;Telefon;Şehir\nAli;{phone(1)};"Ankara\nVeli;0532 111 22 34;Bursa"\nCan;{phone(3)};İzmir\n'
    _, good, bad = read(path, content)
    assert bad == {2: "rows_in_a_cell"} and good == {3: ["Can", phone(3), "İzmir"]}


def test_an_address_over_several_lines_is_a_cell(path):
    content = f'Ad,Adres,Telefon\nAli,"Gül Sok., 5\nÇankaya, Ankara, TR\n",{phone(1)}\nVeli,x,{phone(2)}\n'
    _, good, bad = read(path, content)
    assert bad == {} and good[2][1] == "Gül Sok., 5\nÇankaya, Ankara, TR\n"


@pytest.mark.slow
def test_many_quotes_left_open_in_a_large_file(path):
    lines = [f'"Ali{n};x;{phone(n % 10_000)}' if n % 1000 == 7 else f"Ali{n};x;{phone(n % 10_000)}" for n in range(60_000)]
    _, good, bad = read(path, "Ad;Not;Telefon\n" + "\n".join(lines))
    assert set(bad.values()) == {"quote_left_open"} and len(bad) == 60 and len(good) == 59_940


# -- separators ------------------------------------------------------------------------------------------------------
def test_columns_aligned_by_spaces(path):
    rows = [
        ("Ad Soyad", "Telefon", "Şehir"),
        ("Ali Veli", "0532 111 22 33", "Ankara"),
        ("Can", "", "İzmir"),
        ("Ayşe Nur Su", "0542 111 22 34", ""),
        ("Ece Ak", "0552 111 22 35", "Muğla"),
    ]
    _, good, bad = read(path, "".join(f"{a:<16}{b:<18}{c}".rstrip() + "\n" for a, b, c in rows))
    assert bad == {} and good == {number: list(cells) for number, cells in enumerate(rows[1:], 2)}


def test_text_across_aligned_columns_is_refused_by_row(path):
    rows = [("Ad", "Telefon"), *((f"Kişi {n}", phone(n)) for n in range(40))]
    content = "".join(f"{a:<12}{b}\n" for a, b in rows) + f"Çok uzun bir isim {phone(77)}\n"
    _, good, bad = read(path, content)
    assert bad == {42: "columns_overlap"} and len(good) == 40


def test_two_spaces_between_cells(path):
    _, good, bad = read(path, f"Ad Soyad  Telefon\nAli Veli  {phone(1)}\nCan Su  {phone(2)}\nEce Nur Ak  {phone(3)}\n")
    assert bad == {} and good[4] == ["Ece Nur Ak", phone(3)]


def test_single_spaces_with_quoted_cells(path):
    _, good, _ = read(path, '"Ad Soyad" Telefon\n"Ali Veli" 05321112233\n"Can Su" 05321112234\n"Ece" 05321112235\n')
    assert good[2] == ["Ali Veli", "05321112233"]


def test_single_spaces_beside_whole_numbers(path):
    _, good, _ = read(path, "Ad Telefon\nAli 05321112233\nCan 05321112234\nEce 05321112235\n")
    assert good[4] == ["Ece", "05321112235"]


def test_spaces_inside_numbers_separate_nothing(path):
    sheet, good, _ = read(path, "Telefon\n0532 111 22 33\n0542 111 22 34\n0552 111 22 35\n")
    assert sheet.headers == ["Telefon"] and good[2] == ["0532 111 22 33"]
    sheet, good, _ = read(path, "Phone Number\n0532 1112233\n0542 1112234\n0552 1112235\n")
    assert sheet.headers == ["Phone Number"] and good[2] == ["0532 1112233"]


@pytest.mark.parametrize("delimiter", "^~¦§")
def test_rare_delimiters_are_found_where_no_other_cuts(path, delimiter):
    rows = [["Ad", "Telefon"], ["Ali", "0532 111 22 33"], ["Can", "0532 111 22 34"]]
    sheet, good, _ = read(path, "\n".join(map(delimiter.join, rows)))
    assert (sheet.headers, good[2]) == (rows[0], rows[1])


@pytest.mark.parametrize(("name", "delimiter"), [("space", " "), ("spaces", "  "), ("pipe", "|")])
def test_separators_by_name(path, name, delimiter):
    path.write_text("Ad Telefon\nAli 05321112233\nCan 05321112234\n")
    assert open_sheet(path, ReadOptions(delimiter=name)).delimiter == delimiter


def test_what_a_person_names_is_one_character_or_its_name():
    assert (known_delimiter("Tab"), known_delimiter(";"), known_escape("backslash"), known_escape("none")) == (
        "\t",
        ";",
        "\\",
        "",
    )
    for choose in (known_delimiter, known_escape):
        with pytest.raises(UnreadableFile):
            choose("ab")


def test_the_dialect_of_the_first_lines():
    lines = ["Ad;Not\n", "Ali;a, b\n", "Can;c\n"]
    assert found_dialect(lines, None, None).delimiter == ";" and usual_width(lines, found_dialect(lines, None, None)) == 2
    assert separator_line(["sep=|\n"]) == "|" and separator_line(lines) is separator_line([]) is None
