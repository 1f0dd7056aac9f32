"""Who said no to calls is called from no row, whatever is allowed, tried again or corrected; and joined columns in the same way."""

import pytest

from imports import counters
from imports.check import bulk_fixes
from imports.check.consents import hold_for_all, refusals_of
from imports.check.corrections import correct_row, possible_fixes
from imports.check.run import run_check
from imports.intake import field_settings
from imports.intake import steps as intake
from imports.intake.field_settings import fields_of
from imports.models import ColumnMemory, ImportRow, JobState, RowState
from imports.pages.check import summary_of
from imports.pages.rows import mapped_columns, row_view
from imports.pipeline.columns.source import Joined
from imports.pipeline.phones.normalise import PhoneFormat
from imports.reports import files
from imports.workflow import steps as workflow
from people.models import AuditEntry
from tests.builders import a_job, add_rows, phone

FILE = "Telefon,Ad Soyad,Arama İzni\n" + "".join(
    f"{phone},{name},{said}\n"
    for phone, name, said in (
        ("05550000001", "Ayşe Yılmaz", "Evet"),
        ("05550000002", "Ali Demir", "Hayır"),
        ("05550000003", "Ece Şahin", ""),
        ("05550000004", "Can Kaya", "belki"),
    )
)


def states(job) -> list[tuple[int, str, str]]:
    return list(job.rows.order_by("row_number").values_list("row_number", "state", "reason"))


def correct(job, number: int, user=None, **cells: str) -> ImportRow:
    row = job.rows.get(row_number=number)
    kept = list(row.corrected or row.cells)
    for name, text in cells.items():
        kept[("phone", "name", "consent").index(name)] = text
    return correct_row(job, number, kept, user)


@pytest.fixture
def job(checked, alice):
    return checked(FILE, owner=alice)


def test_a_no_is_an_outcome_of_its_own(job):
    assert states(job) == [
        (2, "pending", ""),
        (3, "no_consent", "no_consent"),
        (4, "pending", ""),
        (5, "invalid", "consent_unclear"),
    ]
    assert job.rows.get(row_number=3).detail["params"] == {"text": "Hayır"} and job.rows.get(row_number=3).lead is None
    assert counters.recount(job.pk) and counters.states(job.pk)["no_consent"] == 1
    assert counters.of(job.pk)["warning"] == {"consent_missing": 1}
    summary = summary_of(job)
    assert {count.kind: count.n for count in summary.counts}["no_consent"] == 1 and sum(
        count.n for count in summary.counts
    ) == summary.total


def test_neither_duplicates_allowed_nor_trying_again_sends_it(job, alice):
    workflow.confirm(job, None, allow_duplicates=True, in_background=False)
    assert state_of(job, 3) == "no_consent"
    job.rows.filter(state="pending").update(state="failed", reason="failed")
    counters.recount(job.pk)
    workflow.retry_failed(job, None, in_background=False)
    assert state_of(job, 3) == "no_consent"


def state_of(job, number: int) -> str:
    return job.rows.get(row_number=number).state


def test_another_number_does_not_make_up_for_consent_but_a_yes_of_a_person_does(job, alice):
    assert correct(job, 3, phone="05550000009").state == "no_consent"
    assert counters.recount(job.pk)
    row = correct(job, 3, alice, consent="Evet")
    assert (row.state, row.phone) == ("pending", "+905550000009")
    assert counters.recount(job.pk) and AuditEntry.objects.filter(action="correct", actor=alice).count() == 1
    assert correct(job, 5, consent="Hayır").state == "no_consent"


def test_a_no_in_one_row_holds_for_the_number_in_every_row(checked, alice):
    job = checked(
        "Telefon,Ad Soyad,Arama İzni\n05550000001,Ali Demir,Evet\n05550000002,Can Kaya,Evet\n05550000001,Ali Demir,Hayır\n05550000001,Ali D,Evet\n12,Ece,Evet\n",
        owner=alice,
    )
    assert states(job) == [
        (2, "no_consent", "no_consent_elsewhere"),
        (3, "pending", ""),
        (4, "no_consent", "no_consent"),
        (5, "no_consent", "no_consent_elsewhere"),
        (6, "invalid", "phone_too_short"),
    ]
    assert job.rows.get(row_number=2).detail["params"] == {"row": 4}
    assert counters.recount(job.pk) and counters.states(job.pk)["duplicate_in_file"] == 0
    assert correct(job, 2).state == "no_consent", "the row that said no still does"
    assert correct(job, 6, phone="0555 000 00 01").reason == "no_consent_elsewhere"
    assert correct(job, 4, consent="Evet").state == "pending"
    assert correct(job, 2).state == "duplicate_in_file"
    assert counters.recount(job.pk)


def test_messages_refused_say_nothing_of_calls_and_calls_refused_hold_for_all(checked, alice):
    job = checked(
        "İzin Türü,İzin Durumu,Telefon,Ad Soyad\nMESAJ,ONAY,05550000001,Ali\nARAMA,RET,05550000001,Ali\nMESAJ,RET,05550000002,Can\n",
        owner=alice,
    )
    assert field_settings.mapping_of(job)["consent"] == Joined((0, 1))
    assert states(job) == [(2, "no_consent", "no_consent_elsewhere"), (3, "no_consent", "no_consent"), (4, "pending", "")]


def test_under_a_header_that_forbids_a_yes_is_a_no(checked, alice):
    job = checked("Phone,Name,Do Not Call\n05550000001,Ali,TRUE\n05550000002,Can,FALSE\n", owner=alice)
    assert states(job) == [(2, "no_consent", "no_consent"), (3, "pending", "")]
    assert correct(job, 2, consent="FALSE").state == "pending", "the same header, the same meaning"


def test_reports_and_mails_say_it_in_words(job, tmp_path):
    path = tmp_path / "report.csv"
    files.write_report(job, path, "errors", "en")
    lines = path.read_text("utf-8-sig").splitlines()
    assert any("said no to calls" in line and "Hayır" in line for line in lines), lines
    assert sum("consent" in line.lower() for line in lines) >= 2


def test_the_row_page_shows_each_column_once(checked, alice, campaign):
    job = checked("Ad,Soyad,Telefon\nAyşe,Yılmaz,05550000001\nAli,Demir,12\n", owner=alice)
    assert field_settings.mapping_of(job)["name"] == Joined((0, 1))
    row = job.rows.get(row_number=3)
    view = row_view(job, fields_of(job), row)
    assert [(cell.column, cell.mapped.label, cell.text, cell.is_culprit) for cell in view.cells] == [
        (2, "Phone number", "12", True),
        (0, "Ad", "Ali", False),
        (1, "Soyad", "Demir", False),
    ]
    assert view.before == "12" and len(mapped_columns(job, fields_of(job))) == 3
    assert job.rows.get(row_number=2).lead["variables"] == {"name": "Ayşe Yılmaz"}


def test_a_joined_field_is_remembered_by_its_headers(checked, received, alice):
    job = checked("Ad,Soyad,Telefon\nAyşe,Yılmaz,05550000001\n", owner=alice)
    intake.set_mapping(job, {"phone_number": 2, "name": Joined((1, 0), ", ")}, alice)
    field_settings.remember(job, intake.preview_of(job))
    assert ColumnMemory.objects.get().mapping == {
        "phone_number": "Telefon",
        "name": {"headers": ["Soyad", "Ad"], "separator": ", "},
        "consent": None,
        "do_not_call": None,
        "phone_label": None,
    }
    again = received("Ad,Soyad,Telefon\nAli,Demir,05550000002\n")
    assert intake.suggestion_for(again).mapping == {"phone_number": 2, "name": Joined((1, 0), ", ")}


def test_a_memory_from_before_consent_was_known_leaves_nobodys_no_unheard(checked, received, campaign, alice):
    job = checked(FILE, owner=alice)
    field_settings.remember(job, intake.preview_of(job))
    assert ColumnMemory.objects.get().mapping["consent"] == "Arama İzni"
    ColumnMemory.objects.update(mapping={"phone_number": "Telefon", "name": "Ad Soyad"})
    assert intake.suggestion_for(received(FILE)).mapping == {"phone_number": 0, "name": 1, "consent": 2}
    ColumnMemory.objects.update(mapping={"phone_number": "Telefon", "name": "Ad Soyad", "consent": None})
    assert intake.suggestion_for(received(FILE)).mapping == {"phone_number": 0, "name": 1}, "a person has left it out"


def test_a_country_put_right_for_all_rows_completes_a_joined_number(checked, alice):
    job = checked("Vorwahl,Telefon,Name\n030,9018200,Uwe\n0532,1234567,Ali\n", owner=alice)
    intake.set_mapping(job, {"phone_number": Joined((0, 1), "")}, alice)
    intake.set_phone_format(job, PhoneFormat("national", "TR"), alice)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.READY and [state for _n, state, _r in states(job)] == ["invalid", "pending"]
    assert bulk_fixes.run(job, "region:DE", alice) == 1
    row = job.rows.get(row_number=2)
    assert (row.phone, row.corrected) == ("+49309018200", ["", "+49309018200", "Uwe"])


def test_a_fax_passed_over_is_not_overwritten_by_a_country(checked, alice):
    job = checked("Telefon Tipi,Telefon,Cep\nFAKS,030 9018200,030 9018201\n", owner=alice)
    intake.set_mapping(job, {"phone_label": 0, "phone_number": 1, "secondary_phone_1": 2}, alice)
    intake.set_phone_format(job, PhoneFormat("national", "TR"), alice)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    job.refresh_from_db()
    assert bulk_fixes.run(job, "region:DE", alice) == 0
    assert job.rows.get(row_number=2).corrected is None and not possible_fixes(job, ["DE"])


def test_the_done_mail_counts_it(job, alice):
    from imports.mail.messages import words_of

    assert ("said no to calls", 1) in words_of(job, alice)["counts"]


def test_a_no_in_one_row_holds_every_row_with_the_number(db):
    job = a_job(rows=2, state=JobState.CHECKING)
    add_rows(job, [phone(0)], RowState.NO_CONSENT, first_row=9, reason="no_consent")
    assert refusals_of(job, [phone(0), phone(1)]) == {phone(0): 9}
    for _ in range(2):  # harmless to repeat
        hold_for_all(job, lambda: None)
    held, other = job.rows.filter(row_number__lt=9).order_by("row_number")
    assert (held.state, held.detail["params"], other.state) == (RowState.NO_CONSENT, {"row": 9}, RowState.PENDING)
    assert counters.recount(job.pk)
