"""The "fix in Excel" workbook over the web: out with the problem rows, back with what a person has changed."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from imports.check.fix_workbook import Taken, take_workbook
from imports.models import ImportRow
from tests.builders import a_job


@pytest.fixture
def workbook(as_, alice, checked) -> Callable[..., bytes]:
    """`workbook({"12": "0533 …"})`: as downloaded, then with each of these cells typed over."""
    content = b"".join(as_(alice).get(f"/imports/{checked.pk}/workbook/").streaming_content)

    def edited(changes: dict[str, str]) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(content))
        for cell in (cell for row in book.active.iter_rows() for cell in row if cell.value in changes):
            cell.value = changes[cell.value]
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()

    return edited


def give_back(client, job, content: bytes):
    file = SimpleUploadedFile("corrected.xlsx", content)
    return client.post(f"/imports/{job.pk}/workbook/take/", {"workbook": file}, follow=True)


def row(job, number: int) -> ImportRow:
    return ImportRow.objects.get(job=job, row_number=number)


def test_problem_rows_go_out_with_reason_and_remedy(workbook):
    head, *rows = openpyxl.load_workbook(io.BytesIO(workbook({}))).active.values
    assert head[4:7] == ("Ad Soyad", "Telefon", "Teklif")
    assert [line[1] for line in rows] == ["4"]
    assert rows[0][4:7] == ("Mehmet Kaya", "12", "C") and rows[0][2] and rows[0][3]


@pytest.mark.parametrize(
    ("typed", "said"), [("13", "1 row still has a problem."), ("0532 123 45 67", "1 corrected row is held back")]
)
def test_what_is_still_not_right_is_said(as_, alice, checked, workbook, typed, said):
    assert said in give_back(as_(alice), checked, workbook({"12": typed})).content.decode()
    assert row(checked, 4).state != "pending"


def test_a_row_sent_meanwhile_stays_as_it_is(tmp_path, alice, checked, workbook):
    path = tmp_path / "corrected.xlsx"
    path.write_bytes(workbook({"12": "0535 123 45 69"}))
    ImportRow.objects.filter(job=checked, row_number=4).update(state="created", remote_id="7")
    assert take_workbook(checked, path, alice) == Taken(late=1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n" + b"x" * 400, "This is a PDF"),
        (b"name,phone\nAli,1\n", "This is not the “fix in Excel” workbook of this import."),
        (b"", "The submitted file is empty."),
    ],
)
def test_another_file_is_refused_by_name(as_, alice, checked, content, said):
    assert said in give_back(as_(alice), checked, content).content.decode()


def test_no_file_at_all(as_, alice, checked):
    page = as_(alice).post(f"/imports/{checked.pk}/workbook/take/", follow=True)
    assert "Choose the corrected workbook first." in page.content.decode()


def test_the_workbook_of_another_import_is_refused(as_, alice, checked, workbook, campaign):
    other = a_job(campaign, 1, owner=alice, state="ready", preview=checked.preview, mapping=checked.mapping)
    assert "belongs to another import" in give_back(as_(alice), other, workbook({"12": "0535 123 45 69"})).content.decode()


def test_a_row_that_ends_before_its_phone_cell_goes_out_too(as_, alice, checked):
    ImportRow.objects.filter(job=checked, row_number=4).update(
        cells=["Mehmet Kaya"], reason="missing_required", detail={"params": {"field": "phone_number"}}
    )
    content = b"".join(as_(alice).get(f"/imports/{checked.pk}/workbook/").streaming_content)
    cell = openpyxl.load_workbook(io.BytesIO(content)).active.cell(2, 6)
    assert cell.value is None and cell.fill.fgColor.rgb == "FFFFD9D2"
