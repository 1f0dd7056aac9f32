"""Reports come from the rows: whole, in order, the same bytes each time, in the reader's language."""
import csv
import hashlib
import io

import openpyxl
import pytest

from imports import reporting, workflow
from imports.models import ImportJob, JobState
from imports.reporting import report_file
from tests.imports.conftest import csv_of


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.REPORT_DIR = tmp_path / "reports"


@pytest.fixture
def job(checked) -> ImportJob:
    job = checked(csv_of("05550000001", "12", "05550000001", "05550000002", "=1+1"))
    job.rows.filter(row_number=2).update(state="created", remote_id="77")
    job.rows.filter(row_number=5).update(state="refused", reason="validation", detail={"message": "Kara liste"})
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.DONE)
    job.refresh_from_db()
    return job


def lines(path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if text.count(";") > text.count(",") else ","))


def test_the_error_report_has_a_line_for_each_row_not_sent_with_its_own_cells(job):
    table = lines(report_file(job, "errors", "csv", "en"))
    assert table[0] == ["Row", "Outcome", "Reason", "What to do", "Telefon", "Ad Soyad"]
    assert [line[0] for line in table[1:]] == ["3", "4", "5", "6"]
    by_row = {line[0]: line for line in table[1:]}
    assert by_row["3"][4] == "12" and by_row["3"][2] and by_row["3"][3]
    assert "Row 2" in by_row["4"][2]
    assert "Kara liste" in by_row["5"][2]
    assert by_row["6"][4] == "'=1+1"


def test_the_full_result_has_every_row_and_the_sent_leads_their_ids(job):
    assert [line[0] for line in lines(report_file(job, "all", "csv", "en"))[1:]] == ["2", "3", "4", "5", "6"]
    sent = lines(report_file(job, "sent", "csv", "en"))
    assert sent[1][:3] == ["2", "+905550000001", "77"]


def test_the_workbook_says_the_same_as_text(job):
    sheet = openpyxl.load_workbook(report_file(job, "errors", "xlsx", "en")).active
    table = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert [line[0] for line in table[1:]] == [3, 4, 5, 6]
    assert table[-1][4] == "=1+1" and sheet.cell(5, 5).data_type == "s"


@pytest.mark.parametrize("file_format", reporting.FORMATS)
@pytest.mark.parametrize("kind", reporting.KINDS)
def test_a_lost_report_comes_again_byte_for_byte(job, kind, file_format):
    path = report_file(job, kind, file_format, "en")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    path.unlink()
    assert report_file(job, kind, file_format, "en") == path
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_it_is_made_once_and_anew_when_a_row_changes(job):
    path = report_file(job, "errors", "csv", "en")
    made = path.stat().st_mtime_ns
    assert report_file(job, "errors", "csv", "en").stat().st_mtime_ns == made
    workflow.correct_row(job, 3, ["05550000009", "Ece"], None)
    newer = report_file(job, "errors", "csv", "en")
    assert [line[:2] for line in lines(newer)[1:3]] == [["3", "corrected, not sent"], ["4", "duplicate in this file"]]
    assert [entry.name for entry in newer.parent.iterdir()] == [newer.name]


def test_half_a_report_is_never_left_behind(job, monkeypatch):
    monkeypatch.setattr(reporting, "_words", lambda *row: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        report_file(job, "errors", "csv", "en")
    assert list((reporting.settings.REPORT_DIR / str(job.file_key)).iterdir()) == []


def test_excel_of_the_reader_s_language_opens_it(job):
    turkish = report_file(job, "errors", "csv", "tr").read_bytes()
    assert turkish.startswith(b"\xef\xbb\xbf") and b'";"' in turkish
