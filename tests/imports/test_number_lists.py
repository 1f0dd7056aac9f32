"""Whole lists of numbers that must not be called: read in the background, gone on with after a kill, never a 500."""

import pytest
from django.urls import reverse

from campaigns.models import DoNotCall
from imports.do_not_call import lists, numbers, search
from imports.intake import storage
from imports.models import NumberList
from imports.scheduling import dispatcher
from tests.builders import a_campaign
from tests.web.conftest import as_  # noqa: F401

SHEET = "Ad;Telefon\n" + "".join(f"Ali {n};0555 {n:07d}\n" for n in range(5_000)) + "Veli;12\n"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"


@pytest.fixture
def page(as_, bob):
    return as_(bob), reverse("imports:do_not_call")


def a_list(text: str = SHEET, name: str = "list.csv", **options) -> NumberList:
    return lists.accept([text.encode()], name, **{"campaign": None, "note": "", "user": None, **options})


def read(one: NumberList) -> NumberList:
    lists.run(one.pk)
    one.refresh_from_db()
    return one


def test_a_spreadsheet_is_read_and_its_doubtful_rows_are_named(db, bob):
    campaign = a_campaign()
    one = read(a_list(campaign=campaign, note="asked", user=bob))
    assert (one.state, one.progress["new"], one.progress["doubtful"]) == ("done", 5_000, 1)
    assert one.progress["named"] == [[5_002, "12", "phone_too_short", one.progress["named"][0][3]]]
    entry = DoNotCall.objects.first()
    assert (entry.campaign, entry.note, entry.source, entry.added_by) == (campaign, "asked", "file", bob)
    assert not storage.kept_path(one.file_key).exists()


def test_a_list_that_was_cut_short_goes_on_and_counts_each_number_once(db, monkeypatch):
    one, add = a_list(), lists._add
    monkeypatch.setattr(lists, "_add", lambda *part: (add(*part), (_ for _ in ()).throw(KeyboardInterrupt)))
    with pytest.raises(KeyboardInterrupt):
        lists.run(one.pk)
    monkeypatch.undo()
    assert 0 < DoNotCall.objects.count() < 5_000 and lists.due_ids() == []
    NumberList.objects.update(lease_ms=0)
    assert read(one).progress["new"] == 5_000 == DoNotCall.objects.count()


@pytest.mark.parametrize("text, reason", [("", "upload_empty"), ("Ad;Not\nAli;x\n", "phone_not_mapped"), ("\x00\x01\x02", None)])
def test_what_cannot_be_read_says_why(db, page, text, reason):
    browser, address = page
    try:
        one = read(a_list(text))
    except Exception as error:
        assert error.reason.code == reason
        return
    assert one.state == "failed" and (reason is None or one.reason[0] == reason) and not DoNotCall.objects.exists()
    assert browser.get(address).status_code == 200


def test_the_dispatcher_has_lists_read_and_new_entries_searched_for(db):
    one, enqueued = a_list("0555 000 00 01\n", ""), []
    dispatcher.dispatch_due_work(lambda name, *ids: enqueued.append((name, *ids)))
    assert ("read_number_list", one.pk) in enqueued
    read(one)
    dispatcher._enqueue_do_not_call(lambda name, *ids: enqueued.append((name, *ids)))
    assert ("search_do_not_call",) in enqueued


@pytest.mark.any_database
def test_three_hundred_thousand_pasted_lines_are_taken(db, page, settings):
    browser, address = page
    pasted = "".join(f"0555 {n:07d}\r\n" for n in range(300_000))
    answer = browser.post(address, {"numbers": pasted})
    assert answer.status_code == 302 and not DoNotCall.objects.exists()  # the web process reads none of it
    one = read(NumberList.objects.get())
    assert (one.state, one.progress["new"], DoNotCall.objects.count()) == ("done", 300_000, 300_000)
    assert search.search_new() == 300_000
    shown = browser.get(address, headers={"accept-language": "en"}).content.decode()
    assert "Pasted lines" in shown and "300,000 numbers added." in shown


def test_a_spreadsheet_through_the_page(page, tmp_path):
    browser, address = page
    path = tmp_path / "list.csv"
    path.write_text(SHEET)
    with open(path, "rb") as file:
        assert browser.post(address, {"file": file, "note": "asked"}).status_code == 302
    read(NumberList.objects.get())
    shown = browser.get(address).content.decode()
    assert "5,000 numbers added." in shown and "1 line has no clear number" in shown and "list.csv" in shown


def test_nothing_entered_is_said_so(page):
    browser, address = page
    answer = browser.post(address, {"numbers": " "})
    assert answer.status_code == 422 and "Enter a number, or choose a spreadsheet." in answer.content.decode()


def test_lines_of_a_text_that_are_read_again_are_the_same_parts(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("".join(f"0555 {n:07d}\n" for n in range(12_000)))
    parts = list(numbers.of_text_file(path))
    assert [part.number for part in parts] == [0, 1, 2] and list(numbers.of_text_file(path, skip=1)) == parts[1:]


def test_numbers_in_any_phone_column_count_whichever_comes_first(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Ad;Telefon;Cep;Not\nAli;0532 111 22 33;0533 111 22 34;x\nVeli;0532 111 22 35;;y\n")
    (part,) = numbers.of_spreadsheet(path)
    assert sorted(part.numbers) == ["+905321112233", "+905321112235", "+905331112234"] and part.doubtful == []


def test_numbers_of_no_certain_country_are_doubtful(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Name;Telefon\nHans;0151 23456789\nUwe;0170 1234567\n")
    (part,) = numbers.of_spreadsheet(path)
    assert part.numbers == [] and [one.reason for one in part.doubtful] == ["phone_no_dialing_code"] * 2
