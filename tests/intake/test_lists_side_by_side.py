"""Several lists side by side, from the file to the reports: each row is known by its row and the column of its list."""

import csv
import io
import json

import openpyxl
import pytest

from imports import counters
from imports.check import fix_workbook
from imports.check.chunk_judge import ChunkJudge
from imports.check.corrections import correct_row
from imports.forms.reading import ReadingForm
from imports.intake import field_settings
from imports.intake import steps as intake
from imports.models import JobState
from imports.pipeline.process import child
from imports.pipeline.readers.table import ReadOptions
from imports.pipeline.row_place import LIST_SPAN
from imports.reports import files
from imports.reports.files import report_file
from imports.row_place_labels import shown_place
from imports.templatetags.imports import row_place
from tests.imports.conftest import TURKEY, csv_of

D = LIST_SPAN  # the first list begins in column A, the second in column D
TWO = """Ad;Telefon;;Ad;Telefon
Ayşe Çağrı;0555 123 45 67;;Hasan Bey;0555 123 45 71
Ömer Işık;0555 123 45 68;;Gül Taş;12
Ece Öz;0555 123 45 71;;Emre Koç;0555 123 45 67
;;;Naz Er;0555 123 45 73
"""


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.REPORT_DIR = tmp_path / "reports"


@pytest.fixture
def job(checked):
    return checked(TWO)


def states(job) -> dict[int, str]:
    return dict(job.rows.values_list("row_number", "state"))


def lines(path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if text.count(";") > text.count(",") else ","))


def test_each_row_of_each_list_is_one_lead(job):
    assert states(job) == {
        2: "pending",
        3: "pending",
        4: "duplicate_in_file",
        D + 2: "pending",
        D + 3: "invalid",
        D + 4: "duplicate_in_file",
        D + 5: "pending",
    }
    assert job.headers == ["Ad", "Telefon"] and job.mapping == {"phone_number": 1, "name": 0}
    assert job.rows.get(row_number=D + 2).lead == {"variables": {"name": "Hasan Bey"}, "secondary_contacts": []}
    assert ["lists_side_by_side", {"count": 2}] in job.notes


def test_duplicates_name_the_place_of_the_first(job):
    assert job.rows.get(row_number=4).detail["params"] == {"row": 2, "list_column": "D"}
    assert job.rows.get(row_number=D + 4).detail["params"] == {"row": 2, "list_column": "A"}


def test_a_place_is_shown_with_its_column_only_where_there_are_lists(job, checked):
    assert [shown_place(job, number) for number in (4, D + 5)] == ["4, column A", "5, column D"]
    assert row_place(D + 5, job) == "5, column D"
    assert row_place(3, checked(csv_of("05550000001", "05550000002"))) == "3"
    assert tuple(job.rows.get(row_number=D + 5).place) == (5, 1)


def test_the_report_has_a_column_of_its_own_for_the_list(job):
    table = lines(report_file(job, "errors", "csv", "en"))
    assert table[0] == ["Row", "Column", "Outcome", "Reason", "What to do", "Ad", "Telefon"]
    assert [line[:2] for line in table[1:]] == [["4", "A"], ["3", "D"], ["4", "D"]]
    assert "Row 2, column D has the same number." in table[1][3]
    assert lines(report_file(job, "sent", "csv", "en"))[0][:2] == ["Row", "Column"]


def test_ready_leads_say_where_they_stand(job, tmp_path):
    files.write_ready(job, tmp_path / "ready")
    ready = [json.loads(line) for line in (tmp_path / "ready").read_text().splitlines()]
    assert [(lead["row"], lead["column"], lead["phone_number"][-2:]) for lead in ready] == [
        (2, "A", "67"),
        (3, "A", "68"),
        (2, "D", "71"),
        (5, "D", "73"),
    ]


def test_a_correction_of_the_second_list_is_that_of_its_own_row(job):
    correct_row(job, D + 3, ["Gül Taş", "0555 123 45 73"], None)
    assert job.rows.get(row_number=D + 3).detail["params"] == {"row": 5, "list_column": "D"}
    correct_row(job, D + 3, ["Gül Taş", "0555 123 45 74"], None)
    assert states(job)[D + 3] == "pending" and states(job)[3] == "pending"
    assert job.rows.get(row_number=3).corrected is None
    assert counters.recount(job.pk)


def test_the_workbook_goes_out_and_comes_back(job, tmp_path):
    path = tmp_path / "fix.xlsx"
    with open(path, "wb") as file:
        assert fix_workbook.write_workbook(job, file) == 1
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert [cell.value for cell in sheet[2]][1] == "3, column D"
    assert [cell.value for cell in sheet[2]][4:6] == ["Gül Taş", "12"]
    sheet["F2"] = "0555 123 45 79"
    book.save(path)
    assert fix_workbook.take_workbook(job, path, None) == (1, 0, 0, 0)
    assert job.rows.get(row_number=D + 3).phone == "+905551234579"


def test_a_check_cut_short_goes_on_to_the_same_rows(received, monkeypatch):
    people = "".join(
        f"Ayşe{n} Ak;0555 {n:03d} 00 {n % 90:02d};;Hasan{n} Er;0555 {n - 1 if n % 5 == 0 else 500 + n:03d} 00 {(n - 1) % 90:02d}\n"
        for n in range(100, 160)
    )
    text = "Ad;Telefon;;Ad;Telefon\n" + people
    monkeypatch.setattr(child, "CHUNK_ROWS", 7)
    whole = [row for row in rows_of(received(text))]
    job = received(text)
    first = list(child.answered(request(job, 0)))
    again = list(child.answered(request(job, 5)))
    assert again[1:] == first[5:] and b'"skipped":5' in again[0]
    assert sorted(number for number, _ in whole) == sorted([*range(2, 62), *range(D + 2, D + 62)])


def request(job, skip: int) -> dict:
    from imports.intake import storage

    if not job.mapping:
        intake.set_mapping(job, intake.suggestion_for(job).mapping, None)
        intake.set_phone_format(job, TURKEY, None)
    return {
        "mode": "check",
        "path": str(storage.path_of(job)),
        "options": field_settings.read_options(job).to_json(),
        "settings": field_settings.check_settings(job).to_json(),
        "skip_chunks": skip,
    }


def rows_of(job) -> list[tuple[int, str]]:
    from imports.pipeline.process.protocol import Chunk, unpack

    chunks = [unpack(line) for line in child.answered(request(job, 0))]
    return [(row[0], row[3]) for chunk in chunks if isinstance(chunk, Chunk) for row in chunk.rows]


def test_after_an_interruption_a_duplicate_still_names_the_row_that_is_sent(job):
    """Row 4 of the first list repeats row 2 of the second: the number of the row that came first is the higher one."""
    judge = ChunkJudge.of(job)
    assert judge.first_rows.seen("+905551234571", 9) == D + 2
    assert judge.first_rows.seen("+905551234567", 9) == 2


def test_the_check_reads_as_the_preview_did(job):
    assert field_settings.read_options(job).lists == 2
    intake.reread(job, field_settings.read_options(job).__class__(lists=1))
    assert field_settings.read_options(job).lists == 1 and job.headers[:2] == ["Ad", "Telefon"]
    assert len(job.headers) > 2 and job.state == JobState.UPLOADED


def form_of(job, **changes):
    preview = intake.preview_of(job)
    data = {
        "header_row": preview.header_row,
        "encoding": preview.encoding,
        "delimiter": preview.delimiter,
        "lists": len(preview.list_starts),
    }
    form = ReadingForm(preview, data | changes, before=ReadOptions.from_json(job.read_options))
    assert form.is_valid(), form.errors
    return form.options()


def test_a_person_may_say_that_it_is_one_table_and_back(job):
    assert form_of(job).lists is None and form_of(job, encoding="cp1254").lists is None
    assert form_of(job, lists=1).lists == 1
    intake.reread(job, form_of(job, lists=1))
    assert intake.preview_of(job).list_starts == [0]
    assert form_of(job).lists == 1, "said before"
    assert form_of(job, lists=2).lists == 2
    assert form_of(job, header_row=0).lists is None, "other rows, other lists"


def test_nobody_is_asked_about_lists_where_there_are_none(received):
    assert "lists" not in ReadingForm(intake.preview_of(received(csv_of("05550000001")))).fields
