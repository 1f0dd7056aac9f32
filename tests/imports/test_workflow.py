"""The steps of an import: what is allowed when, and that pressing twice does no harm."""

import pytest

from imports import counters
from imports.check.run import run_check
from imports.errors import WorkflowError
from imports.intake import steps as intake
from imports.intake.open_questions import choices_to_store, choices_with_format, decisions_of_named_columns
from imports.models import ColumnMemory, ImportJob, JobState
from imports.pipeline.phones.normalise import PhoneFormat
from imports.pipeline.readers.table import Preview, ReadOptions
from imports.workflow import steps as workflow
from people.models import AuditEntry
from tests.builders import a_job, add_rows, phone
from tests.imports.conftest import TURKEY, csv_of

STEPS = {
    "start_check": lambda job, user: workflow.start_check(job, in_background=False),
    "confirm": lambda job, user: workflow.confirm(job, user, in_background=False),
    "pause": workflow.pause,
    "resume": lambda job, user: workflow.resume(job, user, in_background=False),
    "retry_failed": lambda job, user: workflow.retry_failed(job, user, in_background=False),
    "cancel": workflow.cancel,
    "undo": workflow.undo,
}
# step -> states in which it may be pressed (also those in which it has nothing left to do)
ALLOWED = {
    "start_check": {"mapped", "checking", "ready"},
    "confirm": {"ready", "pushing"},
    "pause": {"pushing", "paused"},
    "resume": {"paused", "pushing"},
    "retry_failed": {"done", "paused", "pushing"},  # and cancelled, once its last row has ended
    "cancel": {"uploaded", "mapped", "checking", "ready", "pushing", "paused", "cancelled"},
    "undo": {"done", "cancelled", "paused"},
}


def code_of(work) -> str:
    with pytest.raises(WorkflowError) as error:
        work()
    assert str(error.value) and "%(" not in str(error.value)
    return error.value.reason.code


@pytest.fixture
def job(checked, alice) -> ImportJob:
    return checked(csv_of("05550000001", "12", "05550000002", "05550000001"), owner=alice)


PREVIEW = Preview("csv", "utf-8", ",", [], "", 1, ["Telefon", "Ad Soyad"], [], 3)


@pytest.mark.parametrize("state", JobState.values)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_allowed_in_its_states_only_and_twice_is_once(campaign, bob, step, state):
    job = a_job(
        campaign, state=state, preview=PREVIEW, mapping={"phone_number": 0}, phone_format={"kind": "national", "region": "TR"}
    )
    job.choices = choices_to_store(job, {}, decisions_of_named_columns(job, intake.preview_of(job), {"phone_number": 0}))
    job.choices = choices_with_format(job, TURKEY, None)
    job.save()
    add_rows(job, [phone(9)], "failed", first_row=9)
    if state in ALLOWED[step]:
        STEPS[step](job, bob)
        after = ImportJob.objects.get(pk=job.pk)
        STEPS[step](after, bob)
        assert ImportJob.objects.get(pk=job.pk).state == after.state
    else:
        assert code_of(lambda: STEPS[step](job, bob)) == "not_now"
        assert ImportJob.objects.get(pk=job.pk).state == state


def test_there_must_be_something_to_try_again(job, bob):
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.DONE)
    job.refresh_from_db()
    assert code_of(lambda: workflow.retry_failed(job, bob)) == "nothing_to_retry"


def test_what_the_page_remembers_does_not_count_only_the_state_now(job, bob):
    stale = ImportJob.objects.get(pk=job.pk)
    workflow.cancel(job, bob)
    assert code_of(lambda: workflow.confirm(stale, bob)) == "not_now"


def test_the_mapping_is_checked_and_remembered_for_the_next_file(received, campaign):
    job = received(csv_of("05550000001"))
    assert code_of(lambda: intake.set_mapping(job, {"name": 1}, None)) == "phone_not_mapped"
    assert code_of(lambda: intake.set_mapping(job, {"phone_number": 9}, None)) == "column_unknown"
    assert (
        code_of(lambda: intake.set_mapping(job, {"phone_number": 0, "nonsense_1_x": 1, "secondary_x": 1}, None))
        == "field_unknown"
    )
    assert code_of(lambda: workflow.start_check(job)) == "phone_not_mapped"
    intake.set_mapping(job, {"phone_number": 0, "company": 1}, None)
    assert code_of(lambda: workflow.start_check(job)) == "format_missing"
    intake.set_phone_format(job, TURKEY, None)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    assert not ColumnMemory.objects.exists()  # nobody has stood by this mapping yet
    job.refresh_from_db()
    workflow.confirm(job, None, in_background=False)
    assert ColumnMemory.objects.get().mapping == {
        "phone_number": "Telefon",
        "company": "Ad Soyad",
        "consent": None,
        "do_not_call": None,
        "phone_label": None,
    }
    again = received(csv_of("05550000002"))
    assert intake.suggestion_for(again).mapping == {"phone_number": 0, "company": 1}


def test_a_required_variable_without_column_is_said_before_the_check(received, campaign):
    campaign.required_variables = ["company"]
    campaign.save()
    job = received(csv_of("05550000001"))
    assert code_of(lambda: intake.set_mapping(job, {"phone_number": 0, "name": 1}, None)) == "required_not_mapped"


def test_reading_the_file_in_another_way_drops_choices_for_other_headers(received):
    job = received("Telefon;Ad\n05550000001;Ayşe\n")
    intake.set_mapping(job, {"phone_number": 0, "name": 1}, None)
    intake.reread(job, ReadOptions(delimiter=",", encoding="utf-8"))
    assert (job.state, job.mapping, len(job.headers)) == (JobState.UPLOADED, {}, 1)
    intake.reread(job, ReadOptions(delimiter=";"))
    assert job.headers == ["Telefon", "Ad"]


def test_the_check_reads_the_file_as_the_preview_did(received):
    job = received("Telefon;Ad\n05550000001;Çağrı\n".encode("cp1254"))
    preview = intake.preview_of(job)
    assert preview.sample[0].cells == ["05550000001", "Çağrı"]
    intake.set_mapping(job, {"phone_number": 0, "name": 1}, None)
    intake.set_phone_format(job, TURKEY, None)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    assert job.rows.get().lead["variables"] == {"name": "Çağrı"}


def test_an_unreadable_file_fails_its_import_and_says_why_each_time(received):
    job = received(b"%PDF-1.7\n", "liste.csv")
    for _ in range(2):
        assert code_of(lambda: intake.preview_of(job)) == "file_is_pdf"
    assert job.state == JobState.FAILED


def test_the_same_content_in_the_same_campaign_is_found(received, checked):
    first = checked(csv_of("05550000001"))
    again = received(csv_of("05550000001"), "other name.csv")
    assert list(intake.same_file_before(again)) == [first]
    assert not intake.same_file_before(received(csv_of("05550000002"))).exists()


def test_numbers_are_shown_before_and_after_the_awkward_ones_first(received):
    job = received(csv_of("05550000001", "12", "0555 000 00 02"))
    intake.set_mapping(job, {"phone_number": 0}, None)
    lines = intake.phone_preview(job, TURKEY)
    assert (lines[0][0], lines[0][1], lines[0][2].e164) == (3, "12", "")
    assert {after.e164 for _, _, after in lines} == {"", "+905550000001", "+905550000002"}


def test_a_number_of_no_known_country_is_shown_as_the_check_will_judge_it(received):
    job = received("Telefon,Ülke\n0555 000 00 01,Türkiye\n0555 000 00 02,Atlantis\n+90 555 000 00 03,Atlantis\n")
    intake.set_mapping(job, {"phone_number": 0, "country": 1}, None)
    shown = {before: (after.e164, after.reason and after.reason.code) for _, before, after in intake.phone_preview(job, TURKEY)}
    assert shown == {
        "0555 000 00 01": ("+905550000001", None),
        "0555 000 00 02": ("", "country_unknown"),
        "+90 555 000 00 03": ("+905550000003", None),
    }


def test_only_a_manager_allows_duplicates_and_then_all_of_them_go(job, alice, bob):
    assert code_of(lambda: workflow.confirm(job, alice, allow_duplicates=True)) == "duplicates_not_allowed"
    workflow.confirm(job, bob, allow_duplicates=True, in_background=False)
    assert counters.states(job.pk)["pending"] == 3
    assert counters.recount(job.pk)
    entry = AuditEntry.objects.get(action="confirm")
    assert (entry.actor, entry.after["allow_duplicates"]) == (bob, True)


def test_the_first_few_and_then_the_rest(job, alice):
    workflow.confirm(job, alice, first=1, in_background=False)
    assert job.send_limit == 1
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.PAUSED, reason="first_sent")
    job.refresh_from_db()
    workflow.send_rest(job, alice, in_background=False)
    assert (job.state, job.send_limit, job.reason) == (JobState.PUSHING, None, "")


def test_changing_the_format_after_the_check_asks_for_another_check(job):
    intake.set_phone_format(job, PhoneFormat("international"), None)
    assert job.state == JobState.MAPPED
    workflow.start_check(job, in_background=False)
    assert job.state == JobState.CHECKING and not counters.of(job.pk)
