"""Reports come from the rows: whole, in order, the same bytes each time, in the reader's language."""

import csv
import hashlib
import io

import openpyxl
import pytest

from imports import counters
from imports.check.corrections import correct_row
from imports.check.run import run_check
from imports.intake import steps as intake
from imports.models import ImportJob, JobState
from imports.reports import files
from imports.reports.files import report_file, rows_in
from imports.workflow import steps as workflow
from tests.imports.conftest import TURKEY, csv_of


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


@pytest.mark.parametrize("file_format", files.FORMATS)
@pytest.mark.parametrize("kind", files.KINDS)
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
    correct_row(job, 3, ["05550000009", "Ece"], None)
    newer = report_file(job, "errors", "csv", "en")
    assert [line[:2] for line in lines(newer)[1:3]] == [["3", "corrected, not sent"], ["4", "duplicate in this file"]]
    assert [entry.name for entry in newer.parent.iterdir()] == [newer.name]


def test_half_a_report_is_never_left_behind(job, monkeypatch):
    monkeypatch.setattr(files, "_words", lambda *row: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        report_file(job, "errors", "csv", "en")
    assert list((files.settings.REPORT_DIR / str(job.file_key)).iterdir()) == []


def test_excel_of_the_reader_s_language_opens_it(job):
    turkish = report_file(job, "errors", "csv", "tr").read_bytes()
    assert turkish.startswith(b"\xef\xbb\xbf") and b'";"' in turkish


@pytest.fixture
def with_contacts(received) -> ImportJob:
    """Row 2 has a second phone that is none, row 3 its own number again, row 4 a good one."""
    job = received("Telefon,Ad,İkinci\n05550000001,Ece,12\n05550000002,Ali,0555 000 00 02\n05550000003,Can,05550000004\n")
    intake.preview_of(job)
    intake.set_mapping(job, {"phone_number": 0, "name": 1, "secondary_phone_1": 2}, None)
    intake.set_phone_format(job, TURKEY, None)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    job.rows.update(state="created", remote_id="7")
    counters.recount(job.pk)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.DONE)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(("language", "words"), [("en", "Secondary phone 1 was left out"), ("tr", "1. ek telefon")])
def test_a_contact_that_was_left_out_is_told_of_a_row_that_was_sent(with_contacts, language, words):
    table = lines(report_file(with_contacts, "errors", "csv", language))
    assert [line[0] for line in table[1:]] == ["2", "3"]
    assert all(words.lower() in line[2].lower() and line[3] for line in table[1:])
    assert table[1][6] == "12" and rows_in(with_contacts, "errors") == 2


def test_a_contact_left_out_later_is_told_too(with_contacts):
    """By whatever kept it from being called."""
    row = with_contacts.rows.get(row_number=4)
    row.detail = {"warnings": [["secondary_same_as_primary", {"position": 1, "phone": "+905550000004"}], ["consent_missing", {}]]}
    row.save()
    assert [line[0] for line in lines(report_file(with_contacts, "errors", "csv", "en"))[1:]] == ["2", "3", "4"]
    row.detail = {"warnings": [["consent_missing", {}]]}
    row.save()
    ImportJob.objects.filter(pk=with_contacts.pk).update(moved_at="2026-05-01T00:00Z")
    with_contacts.refresh_from_db()
    assert [line[0] for line in lines(report_file(with_contacts, "errors", "csv", "en"))[1:]] == ["2", "3"]


@pytest.mark.parametrize("kind", ["errors", "all"])
def test_a_corrected_row_shows_the_cell_that_its_reason_speaks_of(job, kind):
    correct_row(job, 3, ["abc", "Ece"], None)
    job.refresh_from_db()
    line = next(line for line in lines(report_file(job, kind, "csv", "en")) if line[0] == "3")
    assert line[-2:] == ["abc", "Ece"] and "abc" in line[2] and "12" not in line
