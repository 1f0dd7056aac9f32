"""What is too large for a click is done by a worker: a page waits for it, tells what came of it, and ends by itself."""

import shutil

import pytest
from django.urls import reverse

from background import queue
from imports.check.corrections import correct_row
from imports.models import ImportRow, Operation, RowState
from imports.operations import runner
from imports.reports import files
from people.models import AuditEntry
from tests.views.test_check_correcting import give_back, workbook_of

BAD_ROW = 4


@pytest.fixture(autouse=True)
def everything_is_large(settings, tmp_path, monkeypatch, no_worker_yet):
    settings.ROWS_IN_A_REQUEST = 0
    settings.REPORT_DIR = tmp_path
    monkeypatch.setattr(queue, "_send", lambda *message: None)


@pytest.fixture
def alices(alice, as_):
    return as_(alice)


def report(job, kind: str = "all", file_format: str = "csv") -> str:
    return reverse("imports:download", args=[job.pk, kind, file_format])


def text(answer) -> str:
    return answer.content.decode()


def test_a_large_report_is_waited_for_and_then_downloaded(alices, checked):
    waiting = alices.get(report(checked), follow=True)
    assert "Your file is being made" in text(waiting) and "hx-get" in text(waiting) and "Reload" in text(waiting)
    runner.run(Operation.objects.get().pk)
    page = waiting.request["PATH_INFO"]
    part = text(alices.get(page, HTTP_HX_REQUEST="true"))
    assert "Your file is ready" in part and "hx-get" not in part and "<html" not in part
    download = alices.get(f"{page}file/")
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert len(b"".join(download.streaming_content).splitlines()) == 5
    assert AuditEntry.objects.filter(action="download").exists()


def test_what_was_made_before_is_one_click(alices, checked):
    files.report_file(checked, "all", "csv", "en")
    assert alices.get(report(checked)).status_code == 200
    assert not Operation.objects.exists()


def test_a_report_says_when_rows_have_changed_since(alices, alice, checked):
    page = alices.get(report(checked), follow=True).request["PATH_INFO"]
    runner.run(Operation.objects.get().pk)
    assert "Some have changed since" not in text(alices.get(page))
    correct_row(checked, BAD_ROW, ["Mehmet Kaya", "0534 123 45 69", "C"], alice)
    assert "Some have changed since" in text(alices.get(page)) and report(checked) in text(alices.get(page))
    assert alices.get(f"{page}file/").status_code == 200
    shutil.rmtree(files.folder_of(checked))
    assert alices.get(f"{page}file/").url == report(checked)


def test_nobody_at_work_is_said(alices, checked):
    assert "Nothing is running in the background" in text(alices.get(report(checked), follow=True))


def test_a_report_that_breaks_says_so(alices, checked):
    page = alices.get(report(checked), follow=True).request["PATH_INFO"]
    Operation.objects.update(attempts=3)
    runner.run(Operation.objects.get().pk)
    assert "tried three times" in text(alices.get(page)) and "Make it again" in text(alices.get(page))
    assert alices.get(f"{page}file/").status_code == 404


def test_the_workbook_goes_out_and_comes_back(alices, checked):
    alices.get(reverse("imports:workbook", args=[checked.pk]))
    runner.run(Operation.objects.get().pk)
    book = workbook_of(alices, checked)
    sheet = book.active
    sheet.cell(2, [cell.value for cell in sheet[1]].index("Telefon") + 1).value = "0534 123 45 69"
    waiting = give_back(alices, checked, book)
    assert "Rows are being corrected" in text(waiting)
    runner.run(Operation.objects.latest("pk").pk)
    page = waiting.request["PATH_INFO"]
    assert "1 row was corrected." in text(alices.get(f"{page}?small", follow=True))  # where the worker was quick
    page = text(alices.get(page))
    assert "1 row was corrected." in page and reverse("imports:show", args=[checked.pk]) in page
    assert ImportRow.objects.get(job=checked, row_number=BAD_ROW).state == RowState.PENDING


def test_many_numbers_of_one_country(alices, checked):
    checked.rows.filter(row_number=BAD_ROW).update(cells=["Jo", "030 901820", "C"])
    waiting = alices.post(reverse("imports:fix_all", args=[checked.pk]), {"kind": "region:DE"}, follow=True)
    assert "See how far it is" in text(alices.get(reverse("imports:check", args=[checked.pk])))
    runner.run(Operation.objects.get().pk)
    assert "1 row was corrected." in text(alices.get(waiting.request["PATH_INFO"]))
    assert checked.rows.get(row_number=BAD_ROW).phone == "+4930901820"


def test_a_correction_nobody_knows_ends_in_words(alices, checked):
    waiting = alices.post(reverse("imports:fix_all", args=[checked.pk]), {"kind": "x" * 200}, follow=True)
    runner.run(Operation.objects.get().pk)
    assert "This correction is not known." in text(alices.get(waiting.request["PATH_INFO"]))


def test_an_operation_of_one_import_is_not_found_under_another(alices, as_, charlie, checked):
    page = alices.get(report(checked), follow=True).request["PATH_INFO"]
    assert alices.get(page.replace(f"/imports/{checked.pk}/", f"/imports/{checked.pk + 1}/")).status_code == 404
    assert as_(charlie).get(page).status_code == 404 and as_(charlie).get(f"{page}file/").status_code == 404


def test_a_small_workbook_that_was_waited_for_leads_back_by_itself(alices, alice, checked):
    operation = Operation.objects.create(job=checked, kind=Operation.Kind.TAKE_WORKBOOK, what="gone.xlsx", asked_by=alice)
    page = reverse("imports:operation", args=[checked.pk, operation.pk])
    assert f'hx-get="{page}?small"' in text(alices.get(f"{page}?small"))
    runner.run(operation.pk)
    answer = alices.get(f"{page}?small", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("imports:show", args=[checked.pk]) and not answer.content
