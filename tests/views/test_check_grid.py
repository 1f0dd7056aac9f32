"""The grid of the check page: all numbers agree after every kind of edit, also with a reload; all rows, narrowed and searched."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imports import counters
from imports.check.run import run_check
from imports.intake import steps as intake
from imports.models import ImportRow
from imports.pages.rows import matching
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import steps as workflow

SHEET = (
    "Ad Soyad;Telefon;Teklif\n"
    "Ayşe Yılmaz;0532 123 45 67;A\nÇağrı Öz;0533 123 45 68;B\nMehmet Kaya;12;HAZİRAN\nAyşe Yılmaz;0532 123 45 67;D\nSu Ak;13;Isparta\n"
)


@pytest.fixture
def alices(alice, as_):
    return as_(alice)


@pytest.fixture
def job(campaign, alice):
    """Rows 2 and 3 can be sent, 4 and 6 cannot, 5 repeats 2."""
    job = intake.receive_upload([SHEET.encode()], "leads.csv", campaign, alice)
    intake.set_mapping(job, {"phone_number": 1, "name": 0, "offer": 2}, alice)
    intake.set_phone_format(job, PhoneFormat("national", "TR"), alice)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    job.refresh_from_db()
    return job


def url(name, job, *args):
    return reverse(f"imports:{name}", args=[job.pk, *args])


def numbers(page: str) -> dict[str, list[str]]:
    """Every number of the page that a correction may move, by the part that says it."""
    parts = re.split(r'id="(?=(?:ready-title|sums|send|reasons|edits)")', page)[1:]
    texts = {part.partition('"')[0]: re.split(r"</section>|</h1>|</ul>|<div id", part)[0] for part in parts}
    plain = {name: re.sub(r"<[^>]*>", " ", text.partition(">")[2]) for name, text in texts.items()}
    return {name: re.findall(r"(?:Undo|Redo): [\w ]+\w" if name == "edits" else r"\d+", text) for name, text in plain.items()}


def test_after_every_kind_of_edit_all_numbers_agree_with_each_other_and_with_a_reload(alices, job):
    grid = {"kind": "invalid", "on_check": "yes", "how": "all"}
    steps = [
        ("correct", 4, {"cell-1": "0534 123 45 69"}),
        ("correct", 4, {"cell-1": "15"}),
        ("correct", 3, {"cell-1": "0532 123 45 67"}),
        ("leave_out", 2, {}),
        ("leave_out", 6, {}),
        ("take_back", 6, {}),
        ("take_back", 2, {}),
    ]
    for name, row, cells in steps:
        answer = alices.post(url(name, job, row), {**grid, **cells}, headers={"HX-Request": "true"}).content.decode()
        page = alices.get(url("check", job)).content.decode()
        assert numbers(answer) == numbers(page), (name, row)
        assert {"ready-title", "sums", "send", "reasons", "edits"} <= numbers(answer).keys()
        states = counters.states(job.pk)
        ready, invalid = str(states["pending"]), str(states["invalid"])
        shown = numbers(page)
        assert ready == "0" or ready in shown["ready-title"] and ready in shown["send"]
        assert shown["reasons"][:1] == [invalid] and sum(map(int, shown["reasons"][1:])) == int(invalid)
        assert f"{invalid} row" in re.search(r'id="said"[^>]*>([^<]*)<', answer)[1]
        assert counters.recount(job.pk)


def test_without_javascript_the_same_forms_come_back_to_the_row(alices, job):
    reason = ImportRow.objects.get(job=job, row_number=4).reason
    answer = alices.post(url("leave_out", job, 2), {"back": "show=all"})
    assert answer.url == url("check", job) + "?show=all#row-2"
    page = alices.get(url("check", job) + "?show=all").content.decode()
    assert "Undo: row 2 left out" in page and "Take row 2 back" in page and "Row 2 is left out." in page
    page = alices.post(url("undo_edit", job), follow=True).content.decode()
    assert "Redo: row 2 left out" in page and "1 row was changed back." in page
    page = alices.post(url("redo_edit", job), follow=True).content.decode()
    assert "Undo: row 2 left out" in page
    page = alices.get(url("check", job) + f"?reason={reason}").content.decode()
    assert "Leave all 2 rows out" in page
    page = alices.post(url("fix_all", job), {"kind": f"leave_out:{reason}"}, follow=True).content.decode()
    assert "2 rows were left out." in page and "Undo: 2 rows left out" in page
    report = _report(alices, job)
    assert "left out" in report and "Somebody left this row out; it is not sent." in report
    page = alices.get(url("rows", job) + "?show=left_out").content.decode()
    assert "Take all 3 rows back" in page
    page = alices.post(url("fix_all", job), {"kind": "take_back:all"}, follow=True).content.decode()
    assert "3 rows were taken back." in page and "Undo: 3 rows taken back" in page and counters.recount(job.pk)


def _report(client, job) -> str:
    answer = client.get(reverse("imports:download", args=[job.pk, "errors", "csv"]))
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_pasted_cells_are_one_edit_and_what_is_no_cell_is_left_alone(alices, job):
    cells = {
        "cell-4-1": "0534 123 45 69",
        "cell-6-1": "0534 123 45 70",
        "cell-6-2": "New",
        "cell-99-1": "x",
        "cell-6-99": "x",
        "cell-a-b": "x",
    }
    page = alices.post(url("paste", job), {**cells, "unplaced": "3"}, follow=True).content.decode()
    assert "3 pasted cells were left out" in page and "2 rows were changed." in page and "Undo: cells pasted into 2 rows" in page
    rows = dict(ImportRow.objects.filter(job=job).values_list("row_number", "corrected"))
    assert rows[6] == ["Su Ak", "0534 123 45 70", "New"] and rows[2] is None
    alices.post(url("undo_edit", job))
    assert not ImportRow.objects.filter(job=job, corrected__isnull=False).exists() and counters.recount(job.pk)


def test_a_fixed_row_says_so_and_can_be_changed_again_as_can_one_that_will_be_sent(alices, job):
    for cell in ("0534 123 45 69", "0534 123 45 70"):
        answer = alices.post(url("correct", job, 4), {"cell-1": cell}, headers={"HX-Request": "true"}).content.decode()
        assert "fixed</span>" in answer and f'value="{cell}"' in answer
    page = alices.get(url("rows", job) + "?show=ready").content.decode()
    assert page.count('<input type="text"') == 9 and page.count("fixed</span>") == 1


@pytest.mark.parametrize("query", ["HAZİRAN", "haziran", "Haziran", "kaya MEHMET", "HAZIRAN"])
def test_rows_are_found_by_words_in_any_case(alices, job, query):
    page = alices.get(url("rows", job), {"show": "all", "q": query}).content.decode()
    assert re.findall(r'<tr id="row-(\d+)"', page) == ["4"]
    assert "No row found" in alices.get(url("rows", job), {"show": "ready", "q": query}).content.decode()


def test_a_search_among_many_rows_stops_and_goes_on(alices, job, monkeypatch):
    monkeypatch.setattr("imports.pages.row_search.LOOKED_AT", 2)
    monkeypatch.setattr("imports.pages.row_search.AT_ONCE", 2)
    page = alices.get(url("rows", job), {"show": "all", "q": "haziran"}).content.decode()
    assert "Searched up to row 3: search on" in page and 'hx-trigger="click, load"' in page, "it goes on by itself"
    page = alices.get(url("rows", job), {"show": "all", "q": "haziran", "after": 3}).content.decode()
    assert re.findall(r'<tr id="row-(\d+)"', page) == ["4"]


@pytest.mark.parametrize("reason", ["", "phone_too_short"])
@pytest.mark.parametrize("kind", ["all", "ready", "invalid", "left_out", "repaired", "warned"])
def test_every_list_is_read_from_an_index_in_its_order(job, kind, reason):
    rows = matching(job, kind, reason if kind in ("all", "invalid") else "").filter(row_number__gt=3).order_by("row_number")[:26]
    if connection.vendor == "postgresql":  # of so few rows it would read and sort all: asked is whether an index has the order
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    plan = rows.explain()
    sorts = [line for line in plan.splitlines() if "Seq Scan" in line or "Sort" in line or "TEMP B-TREE" in line]
    assert "row_" in plan and not sorts and "SCAN" not in plan.replace("SCAN USING", ""), plan


def test_a_correction_asks_for_the_rows_of_its_numbers_alone(alices, job):
    """However many rows there are: no query of it reads all rows in a state."""
    with CaptureQueriesContext(connection) as asked:
        alices.post(url("correct", job, 4), {"cell-1": "0532 123 45 67"}, headers={"HX-Request": "true"})
    rows = ImportRow._meta.db_table
    looked = [one["sql"] for one in asked if f'FROM "{rows}"' in one["sql"] and "ORDER BY" in one["sql"]]
    by_number = [sql for sql in looked if '"phone" IN' in sql]
    assert len(by_number) >= 2 and all("LIMIT" in sql for sql in looked if sql not in by_number)


def test_rows_swapped_into_the_check_page_still_move_all_of_its_numbers(alices, job):
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{url('check', job)}?show=all"}
    answer = alices.get(url("rows", job), {"show": "invalid", "reason": ""}, headers=headers)
    assert 'name="on_check"' in answer.content.decode() and answer.headers["HX-Replace-Url"] == "?show=invalid&reason="
    alone = alices.get(url("rows", job), headers=headers | {"HX-Current-URL": f"http://testserver{url('rows', job)}"})
    assert 'name="on_check"' not in alone.content.decode()


@pytest.mark.parametrize(
    "odd", ["\x00", "leave_out:\x00", "leave_out:", "undo:" + "9" * 70, "edit:x", "redo:٣", "copy:1", "\ud7ff"]
)
def test_odd_texts_get_a_page_and_change_nothing(alices, job, odd):
    before = list(job.rows.values_list("state", "corrected"))
    answers = [
        alices.get(url("rows", job), {"show": "all", "reason": odd, "q": odd, "at": odd, "after": odd}),
        alices.post(url("fix_all", job), {"kind": odd}),
        alices.post(url("fixes", job), {"fix": "replace", "column": odd, "find": odd, "by": odd}),
        alices.get(url("fixes", job), {"fix": "region", "region": odd, "after": odd}),
        alices.post(url("paste", job), {f"cell-{odd}-1": "x", "back": odd}),
        alices.post(url("leave_out", job, 999999999), {"back": odd}),
        alices.post(url("undo_edit", job)),
    ]
    assert {answer.status_code for answer in answers} <= {200, 302, 400}
    assert list(job.rows.values_list("state", "corrected")) == before
