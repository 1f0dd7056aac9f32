"""Rows put right: in their table, all at once, and in Excel; nothing else moves."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports import counters
from imports.models import ImportRow, RowState

BAD_ROW = 4  # "Mehmet Kaya;12;C"


@pytest.fixture
def alices(alice, as_):
    return as_(alice)


def states(job) -> dict[int, str]:
    return dict(ImportRow.objects.filter(job=job).values_list("row_number", "state"))


def workbook_of(client, job) -> openpyxl.Workbook:
    answer = client.get(reverse("imports:workbook", args=[job.pk]))
    return openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))


def give_back(client, job, book: openpyxl.Workbook):
    file = BytesIO()
    book.save(file)
    upload = SimpleUploadedFile("corrected.xlsx", file.getvalue())
    return client.post(reverse("imports:take_workbook", args=[job.pk]), {"workbook": upload}, follow=True)


def test_a_cell_corrected_in_the_table_is_checked_at_once(alices, checked):
    answer = alices.post(
        reverse("imports:correct", args=[checked.pk, BAD_ROW]), {"cell-1": "0534 123 45 69"}, HTTP_HX_REQUEST="true"
    )
    assert "+905341234569" in answer.content.decode() and "hx-swap-oob" in answer.content.decode()
    row = ImportRow.objects.get(job=checked, row_number=BAD_ROW)
    assert (row.state, row.cells[1], row.corrected[1]) == (RowState.PENDING, "12", "0534 123 45 69")


def test_without_javascript_the_same_form_says_what_came_of_it(alices, checked):
    answer = alices.post(reverse("imports:correct", args=[checked.pk, BAD_ROW]), {"cell-1": "0534"}, follow=True)
    assert "still has a problem" in answer.content.decode()


def test_sums_follow_every_correction(alices, checked):
    alices.post(reverse("imports:correct", args=[checked.pk, BAD_ROW]), {"cell-1": "0534 123 45 69"})
    assert counters.recount(checked.pk)


def test_the_workbook_comes_back_with_one_row_corrected(alices, checked):
    before = states(checked)
    book = workbook_of(alices, checked)
    sheet = book.active
    headers = [cell.value for cell in sheet[1]]
    assert {"Ad Soyad", "Telefon", "Teklif"} <= set(headers)
    assert sheet.max_row == 2
    sheet.cell(2, headers.index("Telefon") + 1).value = "0534 123 45 69"
    answer = give_back(alices, checked, book)
    assert "1 row was corrected." in answer.content.decode()
    assert states(checked) == before | {BAD_ROW: RowState.PENDING}


def test_a_workbook_without_changes_changes_nothing(alices, checked):
    before = states(checked)
    assert "No row of this workbook was changed" in give_back(alices, checked, workbook_of(alices, checked)).content.decode()
    assert states(checked) == before


def test_a_workbook_of_something_else_is_refused_in_words(alices, checked):
    before = states(checked)
    answer = give_back(alices, checked, openpyxl.Workbook())
    assert "notice-bad" in answer.content.decode()
    assert states(checked) == before


def test_many_numbers_of_one_country_are_put_right_at_once(alices, checked):
    checked.rows.filter(row_number=BAD_ROW).update(cells=["Jo", "030 901820", "C"])
    answer = alices.post(reverse("imports:fix_all", args=[checked.pk]), {"kind": "region:DE"}, follow=True)
    assert "1 row was corrected." in answer.content.decode()
    assert checked.rows.get(row_number=BAD_ROW).phone == "+4930901820"


def test_a1_a_correction_after_sending_is_collected_and_sent_by_its_own_button(alices, checked, campaign):
    checked.rows.filter(state=RowState.PENDING).update(state=RowState.CREATED, remote_id="1")
    counters.recount(checked.pk)
    type(checked).objects.filter(pk=checked.pk).update(state="done")
    type(campaign).objects.filter(pk=campaign.pk).update(status="in-progress")
    answer = alices.post(
        reverse("imports:correct", args=[checked.pk, BAD_ROW]), {"cell-1": "0534 123 45 69"}, HTTP_HX_REQUEST="true"
    )
    assert "Send 1 corrected lead" in answer.content.decode()
    assert states(checked)[BAD_ROW] == RowState.CORRECTED
    for url in (reverse("imports:show", args=[checked.pk]), reverse("imports:rows", args=[checked.pk]) + "?show=corrected"):
        page = alices.get(url).content.decode()
        assert "1 corrected lead is not sent yet" in page and "This campaign is calling: this person will be called." in page
    send = reverse("imports:send_corrected", args=[checked.pk])
    for _click in range(2):
        alices.post(send, {"n": "1"})
    assert states(checked)[BAD_ROW] == RowState.PENDING
    page = alices.post(send, {"n": "7"}, follow=True).content.decode()
    assert "not sent yet" not in page


def test_a1_a_corrected_workbook_of_a_sent_import_is_collected_too(alices, checked):
    type(checked).objects.filter(pk=checked.pk).update(state="done")
    book = workbook_of(alices, checked)
    headers = [cell.value for cell in book.active[1]]
    book.active.cell(2, headers.index("Telefon") + 1).value = "0534 123 45 69"
    assert "Send 1 corrected lead" in give_back(alices, checked, book).content.decode()
    assert states(checked)[BAD_ROW] == RowState.CORRECTED
    assert "No row of this workbook was changed" in give_back(alices, checked, book).content.decode()
