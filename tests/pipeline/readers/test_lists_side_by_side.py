"""Lists side by side on one sheet: found by headers and cells, told apart from several contacts of one lead."""

import pytest

from imports.pipeline.readers.layout import find_layout
from imports.pipeline.readers.lists_side_by_side import find_lists
from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import ReadOptions, Row, UnreadableFile
from imports.pipeline.row_place import LIST_SPAN, encoded, place_of
from tests.pipeline.columns.test_labelled_headers import CASES

PEOPLE = [
    "Ayşe Çağrı",
    "Ömer Işık",
    "Ece Öz",
    "Can Demir",
    "Su Kaya",
    "İsmail Şen",
    "Zeynep Ak",
    "Ali Veli",
    "Deniz Tan",
    "Mert Uz",
]
OTHERS = [
    "Hasan Bey",
    "Gül Taş",
    "Emre Koç",
    "Naz Er",
    "Kaan Ural",
    "Pelin Sarı",
    "Onur Kurt",
    "Lale Bal",
    "Tarık Ün",
    "Bora Ata",
]


def phone(n: int) -> str:
    return f"0532 1{n % 9}{n % 7} 22 {n:02d}"


def two(header: list[str], first: int = 5, second: int = 5, between: int = 0, before: list[list[str]] = ()) -> list[list[str]]:
    """Rows of two lists of people with so many rows each."""
    rows = []
    for n in range(max(first, second)):
        left = [PEOPLE[n], phone(n)] if n < first else ["", ""]
        right = [OTHERS[n], phone(n + 40)] if n < second else ["", ""]
        rows.append(left + [""] * between + right)
    return [*before, *([header] if header else []), *rows]


def numbered(rows: list[list[str]]) -> list[Row]:
    return [Row(number, list(cells)) for number, cells in enumerate(rows, 1)]


def layout_of(rows: list[list[str]], lists: int | None = None):
    return find_layout(iter(numbered(rows)), None, 250, False, lists)


def read(rows: list[list[str]], lists: int | None = None) -> list[tuple]:
    layout = layout_of(rows, lists)
    return [(*place_of(row.number), *row.cells) for row in layout.data_rows(iter(numbered(rows)))]


@pytest.mark.parametrize(
    ("row", "index", "number"), [(5, 0, 5), (1_048_576, 0, 1_048_576), (5, 1, LIST_SPAN + 5), (7, 99, 99 * LIST_SPAN + 7)]
)
def test_a_row_number_says_where_it_stands(row, index, number):
    assert encoded(row, index) == number
    assert place_of(number) == (row, index)


@pytest.mark.parametrize(
    ("rows", "starts"),
    [
        (two(["Ad", "Tel", "Ad", "Tel"]), [0, 2]),
        (two(["AD SOYAD", "Telefon", "Ad Soyad ", "TELEFON"]), [0, 2]),
        (two(["Ad", "Tel", "Ad", "Tel"], 8, 3), [0, 2]),
        (two(["Ad", "Tel", "Ad", "Tel"], 3, 8), [0, 2]),
        (two(["Ad", "Tel", "Ad 2", "Tel 2"], 8, 5), [0, 2]),
        (two(["Ad", "Tel", "Ad (2)", "Tel (2)"], 8, 5), [0, 2]),
        (two(["Ad", "Tel", "Ad.1", "Tel.1"], 8, 5), [0, 2]),
        (two(["Ad", "Tel", "", "Ad", "Tel"], between=1), [0, 3]),
        (two(["Ad", "Tel", "", "", "Ad", "Tel"], between=2), [0, 4]),
        (two(["Firma", "Telefon", "Firma", "Telefon"]), [0, 2]),
        (
            [
                ["Tel", "Ad"] * 3,
                *([phone(n), PEOPLE[n], phone(n + 20), OTHERS[n], phone(n + 40), PEOPLE[-n - 1]] for n in range(5)),
            ],
            [0, 2, 4],
        ),
        (
            [
                ["No", "Ad", "Tel"] * 2,
                *([str(n + 1), PEOPLE[n], phone(n), str(n + 11), OTHERS[n], phone(n + 40)] for n in range(5)),
            ],
            [0, 3],
        ),
        (
            [["Ad", "Soyad", "Tel"] * 2, *([*PEOPLE[n].split(), phone(n), *OTHERS[n].split(), phone(n + 40)] for n in range(6))],
            [0, 3],
        ),
    ],
)
def test_lists_side_by_side_are_proven(rows, starts):
    layout = layout_of(rows)
    assert (layout.list_starts, layout.lists.doubt) == (starts, None)
    assert ("lists_side_by_side", {"count": len(starts)}) in layout.notes


@pytest.mark.parametrize(
    ("rows", "starts", "doubt"),
    [
        (two(["Ad", "Tel", "Ad 2", "Tel 2"]), [0, 2], "lists_numbered"),
        (two(["Ad", "Tel", "Ad", "Tel"], 1, 1), [0, 2], "lists_too_short"),
        (two([]), [0, 2], "lists_without_headers"),
        (
            [["No", "Ad", "Tel", "Ad", "Tel"], *([str(n + 1), PEOPLE[n], phone(n), OTHERS[n], phone(n + 40)] for n in range(5))],
            [1, 3],
            "lists_share_numbering",
        ),
        # read as one table, and asked
        (two(["Ad 1", "Tel 1", "Ad 2", "Tel 2"]), [0], "lists_numbered"),
        (two(["Veli Adı", "Veli Tel", "Veli Adı", "Veli Tel"]), [0], "lists_of_roles"),
        (two(["Ad", "Tel", "Ad", "Tel"], before=[["Anne", "", "Baba", ""]]), [0], "lists_of_roles"),
        (two(["Ad", "Tel", "Ad", "Tel"], before=[["Ankara", "", "İzmir", ""]]), [0], "lists_under_titles"),
        (two(["Name", "Phone", "Name", "Phone"], before=[["Customer", "", "Sales rep", ""]]), [0], "lists_under_titles"),
        (
            [
                ["Firma", "Ad", "Tel", "Ad", "Tel"],
                *([f"Firma {n}", PEOPLE[n], phone(n), OTHERS[n], phone(n + 40)] for n in range(5)),
            ],
            [0],
            "lists_share_columns",
        ),
        (
            [["Ad", "Tel", "Şehir", "Ad", "Tel"], *([PEOPLE[n], phone(n), "İzmir", OTHERS[n], phone(n + 40)] for n in range(5))],
            [0],
            "lists_share_columns",
        ),
        (
            [
                ["Ad", "Tel", "Ad", "Tel"],
                *([PEOPLE[n], phone(n), *([OTHERS[n], phone(n + 40)] if n % 2 else ["", ""])] for n in range(8)),
            ],
            [0],
            "lists_with_gaps",
        ),
        (
            [
                ["Ad", "Tel", "Ad", "Tel"],
                *([PEOPLE[n], phone(n), f"Eşi {PEOPLE[n].split()[1]}", phone(n + 40)] for n in range(5)),
            ],
            [0],
            "lists_agree",
        ),
    ],
)
def test_what_is_not_certain_is_said(rows, starts, doubt):
    layout = layout_of(rows)
    assert (layout.list_starts, layout.lists.doubt and layout.lists.doubt.code) == (starts, doubt)
    assert layout.lists.lists is not None


@pytest.mark.parametrize(
    "rows",
    [
        [["Ad", "Tel", "Tel 2"], *([PEOPLE[n], phone(n), phone(n + 40)] for n in range(5))],
        [["Ad", "Tel 1", "Tel 2", "Tel 3", "Tel 4"], *([PEOPLE[n], *map(phone, range(n, n + 4))] for n in range(5))],
        [
            ["Ad", "Tel", "Tarih", "Tutar", "Tarih", "Tutar"],
            *([PEOPLE[n], phone(n), "01.05.2024", "5", "02.05.2024", "6"] for n in range(5)),
        ],
        [["Ad", "Tel", "Adres 1", "Adres 2"], *([PEOPLE[n], phone(n), f"Gül Sk. {n}", f"Lale Cd. {n}"] for n in range(5))],
        [
            ["Name", "Phone", "Phone Type", "Phone", "Phone Type"],
            *([PEOPLE[n], phone(n), "Mobile", phone(n + 40), "Work"] for n in range(5)),
        ],
        [[PEOPLE[n], phone(n), "İzmir", f"{n}"] for n in range(5)],
        [["Ad", "Tel"], *([PEOPLE[n], phone(n)] for n in range(5))],
    ],
)
def test_one_table_is_not_doubted(rows):
    layout = layout_of(rows)
    assert (layout.list_starts, layout.lists.doubt, layout.lists.lists) == ([0], None, None)


def test_the_parents_of_a_pupil_are_one_row_without_a_question_but_may_be_taken_apart():
    rows = [
        ["Veli 1 Adı", "Veli 1 Tel", "Veli 2 Adı", "Veli 2 Tel", "Öğrenci"],
        *([PEOPLE[n], phone(n), OTHERS[n], phone(n + 40), f"Öğrenci {n}"] for n in range(3)),
    ]
    assert (layout_of(rows).list_starts, layout_of(rows).lists.doubt) == ([0], None)
    assert read(rows, 2)[:2] == [(2, 0, PEOPLE[0], phone(0), "Öğrenci 0"), (2, 1, OTHERS[0], phone(40), "Öğrenci 0")]


def test_no_table_of_a_real_tool_is_taken_for_lists():
    taken = [
        case.id
        for case in CASES
        if any(case.values[0]["headers"]) and layout_of([case.values[0]["headers"], *case.values[0]["rows"]]).lists.chosen
    ]
    assert taken == []


def test_every_list_gives_its_own_rows():
    rows = two(["Ad", "Tel", "", "Ad", "Tel"], 2, 3, between=1)
    assert read(rows) == [
        (2, 0, PEOPLE[0], phone(0)),
        (2, 1, OTHERS[0], phone(40)),
        (3, 0, PEOPLE[1], phone(1)),
        (3, 1, OTHERS[1], phone(41)),
        (4, 1, OTHERS[2], phone(42)),
    ]


def test_what_only_one_list_has_stays_with_it():
    rows = [["Ad", "Tel", "Şehir", "Ad", "Tel"], [PEOPLE[0], phone(0), "İzmir", OTHERS[0], phone(40)]]
    assert read(rows, 2) == [(2, 0, PEOPLE[0], phone(0), "İzmir"), (2, 1, OTHERS[0], phone(40), "")]


def test_a_row_of_shared_columns_alone_is_not_lost():
    rows = [["Firma", "Ad", "Tel", "Ad", "Tel"], ["Acme", PEOPLE[0], phone(0), OTHERS[0], phone(40)], ["Beta", "", "", "", ""]]
    assert read(rows, 2)[2:] == [(3, 0, "Beta", "", "")]


def test_totals_below_one_list_end_that_list_alone():
    rows = [*two(["Ad", "Tel", "Ad", "Tel"], 5, 5), ["Toplam: 5", "", OTHERS[5], phone(45)]]
    layout = layout_of(rows)
    last = [*layout.data_rows(iter(numbered(rows)))][-2:]
    assert last[0].reason.code == "totals_row" and last[1] == Row(encoded(7, 1), [OTHERS[5], phone(45)])


@pytest.mark.parametrize("lists", [1, 2])
def test_a_person_s_word_is_obeyed(lists):
    layout = layout_of(two(["Ad", "Tel", "Ad", "Tel"]), lists)
    assert (len(layout.list_starts), layout.lists.doubt) == (lists, None)


def test_lists_with_headers_of_their_own_are_read_when_a_person_says_so():
    rows = two(["Ad", "Tel", "Name", "Phone"])
    assert layout_of(rows).list_starts == [0]
    assert layout_of(rows, 2).headers == ["Ad", "Tel"] and layout_of(rows, 2).list_starts == [0, 2]


def test_so_many_lists_that_there_cannot_be_are_refused():
    with pytest.raises(UnreadableFile) as refusal:
        layout_of(two(["Ad", "Tel", "Ad", "Tel"]), 3)
    assert refusal.value.reason == ("lists_not_found", {"lists": 3})


def test_what_was_found_out_is_read_again_in_the_same_way(tmp_path):
    path = tmp_path / "lists.csv"
    path.write_text("\n".join(";".join(cells) for cells in two(["Ad", "Tel", "Ad", "Tel"], 8, 3)))
    found = preview(path)
    assert (found.headers, found.list_starts, found.possible_lists, found.row_estimate) == (["Ad", "Tel"], [0, 2], 2, 11)
    assert type(found).from_json(found.to_json()) == found
    again = open_sheet(
        path, ReadOptions(found.encoding, found.delimiter, found.sheet, found.header_row, lists=len(found.list_starts))
    )
    assert list(again.rows()) == list(open_sheet(path).rows())


def test_a_number_of_lists_that_the_columns_cannot_make_is_refused():
    body = [Row(2, ["Ali", "0532 111 22 33", "Can"])]
    assert find_lists(["Ad", "Tel", "Ad"], body, 3, [], 1).read is None
    with pytest.raises(UnreadableFile, match="lists_not_found"):
        find_lists(["Ad", "Tel", "Ad"], body, 3, [], 2)
