"""The check: every row in one state, sums that add up, and the same table whatever interrupts it."""

import pytest

from background import metric_sums, shutdown
from campaigns import erasure
from campaigns.models import CampaignNumber, DoNotCall
from imports import counters
from imports.check import run
from imports.check.run import run_check
from imports.intake import steps as intake
from imports.intake import storage
from imports.messages import lookup
from imports.models import ImportJob, ImportRow, JobState, OutgoingMail
from imports.pipeline.process import parent
from imports.pipeline.process.protocol import Chunk
from imports.pipeline.readers import opening
from imports.reports import files
from imports.workflow import steps as workflow
from tests.builders import a_campaign
from tests.imports.conftest import checking as begun
from tests.imports.conftest import csv_of, many, person


def states(job) -> list[tuple[int, str]]:
    return list(job.rows.order_by("row_number").values_list("row_number", "state"))


def table(job) -> list[tuple]:
    return list(job.rows.order_by("row_number").values_list("row_number", "state", "reason", "phone", "cells", "lead", "detail"))


def assert_sums_are_right(job):
    assert counters.recount(job.pk)
    assert sum(counters.states(job.pk).values()) == job.rows.count()


def test_every_row_gets_its_state_and_the_sums_add_up(checked):
    DoNotCall.objects.create(phone_number="+905550000009")
    job = checked(csv_of("0555 000 00 01", "+90 555 000 00 01", "12", "05550000009", "0555 000 00 02", ""))
    assert (job.state, job.total_rows) == (JobState.READY, 6)
    assert states(job) == [
        (2, "pending"),
        (3, "duplicate_in_file"),
        (4, "invalid"),
        (5, "do_not_call"),
        (6, "pending"),
        (7, "invalid"),
    ]
    assert_sums_are_right(job)


def test_a_duplicate_names_the_row_that_came_first_and_keeps_its_lead(checked):
    row = checked(csv_of("05550000001", "05550000002", "05550000001")).rows.get(row_number=4)
    assert (row.reason, row.detail["params"]) == ("duplicate_in_file", {"row": 2})
    assert row.lead["variables"] == {"name": person(4)}


def test_numbers_of_the_campaign_are_known_and_those_of_another_are_not(checked, campaign):
    CampaignNumber.objects.create(campaign=campaign, phone_number="+905550000001")
    assert states(checked(csv_of("05550000001", "05550000002"))) == [(2, "duplicate_in_campaign"), (3, "pending")]


def test_a_row_that_cannot_be_sent_does_not_take_the_number(checked, campaign):
    campaign.required_variables = ["name"]
    campaign.save()
    job = checked("Telefon,Ad Soyad\n05550000001,\n05550000001,Ayşe\n")
    assert states(job) == [(2, "invalid"), (3, "pending")]


def test_with_duplicates_allowed_none_is_held_back_but_do_not_call_still_is(received, campaign):
    CampaignNumber.objects.create(campaign=campaign, phone_number="+905550000001")
    DoNotCall.objects.create(phone_number="+905550000002")
    job = begun(received, csv_of("05550000001", "05550000001", "05550000002"))
    ImportJob.objects.filter(pk=job.pk).update(allow_duplicates=True)
    run_check(job.pk)
    assert states(job) == [(2, "pending"), (3, "pending"), (4, "do_not_call")]


def test_everyday_repairs_are_not_worth_a_word_unusual_ones_are(checked):
    job = checked(csv_of("0555 000 00 01", "'905550000002"))
    assert job.rows.get(row_number=2).detail is None
    assert job.rows.get(row_number=3).detail["repairs"]
    assert counters.of(job.pk)["repair"]


class Killed(BaseException):
    """The process is gone: nothing catches this."""


def check_killed_after(job, chunks: int, monkeypatch) -> None:
    """Run the check until `chunks` more chunks are stored, and die before the next."""
    stored = []

    def dying(*args):
        for message in real(*args):
            if isinstance(message, Chunk):
                if len(stored) == chunks:
                    raise Killed
                stored.append(message)
            yield message

    real = parent.check_file
    with monkeypatch.context() as patch:
        patch.setattr(parent, "check_file", dying)
        with pytest.raises(Killed):
            run_check(job.pk)
    ImportJob.objects.filter(pk=job.pk).update(check_lease_ms=0)  # the dead process's lease runs out


def test_a_number_that_another_import_only_holds_is_not_called_there(checked, received):
    waiting = begun(received, csv_of("05550000001"))
    run_check(waiting.pk)
    CampaignNumber.objects.create(campaign=waiting.campaign, phone_number="+905550000001", holder=waiting.rows.get().pk)
    job = checked(csv_of("05550000001", "05550000002"))
    assert job.campaign == waiting.campaign and states(job) == [(2, "pending"), (3, "pending")]


def test_a_check_killed_after_any_chunk_ends_with_the_same_rows(received, checked, monkeypatch):
    text = many(8_500) + csv_of("05550000000", "12", "05550000007").split("\n", 1)[1]
    undisturbed = table(checked(text))
    for chunks in range(5):
        job = begun(received, text)
        check_killed_after(job, chunks, monkeypatch)
        assert job.rows.count() == 2_000 * chunks
        run_check(job.pk)
        job.refresh_from_db()
        assert (job.state, job.total_rows) == (JobState.READY, 8_503)
        assert table(job) == undisturbed
        assert_sums_are_right(job)
    measured = sum(n for label, n in metric_sums.read("check").items() if "le|" in label)
    assert measured == 2, "the undisturbed one, and the one that was killed before its first chunk"


def test_a_check_killed_again_and_again_but_moving_is_never_given_up(received, monkeypatch):
    job = begun(received, many(9_000))
    for _ in range(4):
        check_killed_after(job, 1, monkeypatch)
    run_check(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.READY


def test_a_worker_that_is_killed_is_not_the_fault_of_the_file(received, monkeypatch):
    """Three kills before the first row was stored: a deployment, or whatever else uses the machine."""
    job = begun(received, many(10))
    for _ in range(5):
        check_killed_after(job, 0, monkeypatch)
    run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.total_rows) == (JobState.READY, 10)


def test_a_file_that_kills_its_worker_is_given_up_after_many_tries(received, monkeypatch, alice):
    job = begun(received, many(10), owner=alice)
    monkeypatch.setattr(run, "MOST_ATTEMPTS", 3)
    for _ in range(3):
        check_killed_after(job, 0, monkeypatch)
    run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.FAILED, "read_crashed")
    assert OutgoingMail.objects.get().recipient == alice


@pytest.mark.parametrize(("kills", "state"), [(2, JobState.READY), (4, JobState.FAILED)])
def test_a_reader_that_is_killed_from_elsewhere_is_started_again_three_times(kills, state, received, monkeypatch):
    started = parent._started

    def killed():
        process = started()
        if len(begun_readers) < kills:
            process.kill()
        begun_readers.append(process)
        return process

    begun_readers: list = []
    job = begun(received, many(10))
    monkeypatch.setattr(parent, "_started", killed)
    run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.reason) == (state, "read_crashed" if state == JobState.FAILED else "") and len(begun_readers) == 3


def test_asked_to_stop_it_stops_between_chunks_and_another_goes_on_at_once(received):
    job = begun(received, many(4_500))
    shutdown.ask()
    try:
        for rows in (2_000, 4_000):
            run_check(job.pk)
            assert job.rows.count() == rows
    finally:
        shutdown.forget()
    run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.total_rows) == (JobState.READY, 4_500)


def test_a_second_process_finds_nothing_to_do_while_the_first_is_at_it(received, monkeypatch):
    job = begun(received, many(4_500))
    real = parent.check_file

    def interrupted(*args):
        for number, message in enumerate(real(*args)):
            if number == 1:
                monkeypatch.setattr(parent, "check_file", real)
                run_check(job.pk)
                assert job.rows.count() == 2_000
            yield message

    monkeypatch.setattr(parent, "check_file", interrupted)
    run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.total_rows) == (JobState.READY, 4_500)


def test_a_process_frozen_past_its_lease_stores_nothing_more(received, monkeypatch):
    job = begun(received, many(4_500))
    real = parent.check_file

    def frozen(*args):
        for number, message in enumerate(real(*args)):
            if number == 1:  # another one takes over and finishes meanwhile
                ImportJob.objects.filter(pk=job.pk).update(check_lease_ms=0)
                monkeypatch.setattr(parent, "check_file", real)
                run_check(job.pk)
            yield message

    monkeypatch.setattr(parent, "check_file", frozen)
    run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.total_rows, job.rows.count()) == (JobState.READY, 4_500, 4_500)
    assert_sums_are_right(job)


def test_a_person_who_cancels_ends_the_check(received, monkeypatch):
    job = begun(received, many(4_500))
    real = parent.check_file

    def cancelled(*args):
        for number, message in enumerate(real(*args)):
            if number == 1:
                workflow.cancel(ImportJob.objects.get(pk=job.pk), None)
            yield message

    monkeypatch.setattr(parent, "check_file", cancelled)
    run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.rows.count()) == (JobState.CANCELLED, 2_000)


def test_a_file_that_changed_between_two_readings_is_not_trusted(received, monkeypatch):
    job = begun(received, many(4_500))
    check_killed_after(job, 1, monkeypatch)
    ImportJob.objects.filter(pk=job.pk).update(check_hash="another")
    run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.FAILED, "check_differs")
    assert not job.rows.exists() and not counters.of(job.pk)


def test_a_file_changed_or_gone_since_its_upload_is_said_so(received):
    changed, gone = begun(received, many(3)), begun(received, many(4))
    storage.path_of(changed).write_text(many(5))
    storage.path_of(gone).unlink()
    for job, reason in ((changed, "file_changed"), (gone, "file_gone")):
        run_check(job.pk)
        job.refresh_from_db()
        assert (job.state, job.reason) == (JobState.FAILED, reason)


def test_more_rows_than_allowed_are_refused(received, settings):
    settings.MAX_ROWS = 2_500
    job = begun(received, many(4_500))
    run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.reason, job.reason_detail) == (JobState.FAILED, "too_many_rows", {"limit": 2_500})


def test_checked_anew_with_other_choices_nothing_of_the_first_check_stays(checked, monkeypatch):
    monkeypatch.setattr(run, "REMOVED_AT_ONCE", 2)
    job = checked(csv_of("5550000001", "5550000002", "5550000003", "+905550000004", "x"))
    intake.set_phone_format(job, sheets_international(), None)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    job.refresh_from_db()
    assert job.rows.count() == job.total_rows == 5
    assert_sums_are_right(job)


def sheets_international():
    from imports.pipeline.phones.normalise import PhoneFormat

    return PhoneFormat("international")


def test_an_unreadable_file_fails_with_its_reason_and_nothing_of_it_stays(received, monkeypatch):
    job = begun(received, many(4_500))

    def broken(*args):
        yield from [next(real(*args))]
        raise opening.UnreadableFile("file_damaged")

    real = parent.check_file
    monkeypatch.setattr(parent, "check_file", broken)
    run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.reason, job.rows.count()) == (JobState.FAILED, "file_damaged", 0)


def test_made_up_lists_are_warned_of(checked):
    job = checked(csv_of(*(f"0555{n:07d}" for n in range(300)), *["05550000001"] * 30))
    assert job.warnings == [["sequential_numbers", {"count": 300, "row": 301}], ["repeated_number", {"count": 31, "row": 302}]]
    assert ImportRow.objects.filter(job=job).count() == 330


CONTACTS = (
    "Telefon,Ad Soyad,secondary_phone_1,secondary_phone_2\n"
    "0555 000 00 01,Ece,0555 000 00 09,0555 000 00 03\n"
    "0555 000 00 02,Ali,0555 000 00 04,\n"
)


def test_contacts_that_must_not_be_called_are_left_out_and_the_row_says_so(checked, campaign):
    DoNotCall.objects.create(phone_number="+905550000009", campaign=campaign)
    DoNotCall.objects.create(phone_number="+905550000004", campaign=a_campaign(campaign.account, "2000"))
    job = checked(CONTACTS)
    first, second = job.rows.order_by("row_number")
    assert [one["phone_number"] for one in first.lead["secondary_contacts"]] == ["+905550000003"]
    assert first.detail["warnings"] == [["secondary_do_not_call", {"position": 1, "phone": "+905550000009"}]]
    assert [one["phone_number"] for one in second.lead["secondary_contacts"]] == ["+905550000004"]  # listed elsewhere
    assert counters.of(job.pk)["warning"] == {"secondary_do_not_call": 1} and first.warned
    assert states(job) == [(2, "pending"), (3, "pending")]
    report = files.report_file(job, "all", "csv", "en").read_text("utf-8-sig")
    assert "it is on the do-not-call list" in report


def test_a_forgotten_number_is_held_back_by_name(checked):
    erasure.record_forgotten("+905550000002")
    job = checked(CONTACTS)
    assert [(row.state, row.reason) for row in job.rows.order_by("row_number")] == [("pending", ""), ("do_not_call", "forgotten")]
    assert "asked to have their data deleted" in lookup.sentence("forgotten")
    assert_sums_are_right(job)
