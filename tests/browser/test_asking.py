"""Nobody is called by a keystroke or by one click: corrections wait, and starting, discarding and cancelling ask first."""

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Campaign
from imports import counters
from imports.check.corrections import correct_row
from imports.check.run import run_check
from imports.intake import steps as intake
from imports.models import ImportJob, JobState, RowState
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import steps as workflow
from tests.browser.conftest import elsewhere

pytestmark = pytest.mark.any_database  # pages and scripts; what they ask of the database is tested on both elsewhere


@pytest.fixture
def sent(running_campaign, alice, monkeypatch) -> ImportJob:
    """Alice's import into a campaign that calls: sent, but for two numbers that cannot be called."""
    monkeypatch.setattr("background.queue._send", lambda task, ids, **when: None)
    sheet = "phone,name\n+905321110001,Ayşe\n12,Can\n13,Elif\n"
    job = intake.receive_upload([sheet.encode()], "leads.csv", running_campaign, alice)
    elsewhere(_check, job, alice)
    job.rows.filter(state=RowState.PENDING).update(state=RowState.CREATED, remote_id="1")
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.DONE)
    counters.recount(job.pk)
    return job


def _check(job: ImportJob, alice) -> None:
    intake.set_mapping(job, {"phone_number": 0}, alice)
    intake.set_phone_format(job, PhoneFormat("national", "TR"), alice)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)


def states(job: ImportJob) -> list[str]:
    return list(job.rows.order_by("row_number").values_list("state", flat=True))


@pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}], ids=["script", "none"]
)
def test_a1_typing_a_number_and_leaving_the_row_calls_nobody(watched, sent, alice, options):
    page = watched(**options).sign_in(alice)
    page.goto(f"/imports/{sent.pk}/rows/?show=invalid")
    for row, number in ((3, "0532 111 00 02"), (4, "0532 111 00 03")):
        page.locator(f"#cell-{row}-0").fill(number)
        page.locator(f"#cell-{row}-0").press("Enter") if options else page.locator("h1").click()
        expect(page.get_by_role("heading", name=f"{row - 2} corrected lead")).to_be_visible()
    assert states(sent) == ["created", "corrected", "corrected"]
    assert ImportJob.objects.get(pk=sent.pk).state == JobState.DONE
    expect(page.get_by_text("This campaign is calling: these people will be called.")).to_be_visible()
    page.get_by_role("button", name="Send 2 corrected leads").press("Enter")
    expect(page.get_by_role("heading", name="leads.csv")).to_be_visible()
    assert states(sent) == ["created", "pending", "pending"]


def test_a3_starting_asks_and_can_be_left(watched, sandbox, campaign, bob):
    sandbox.control.add_leads(int(campaign.remote_id), ["+905321110001"])
    page = watched(java_script_enabled=False, viewport={"width": 390, "height": 844}).sign_in(bob)
    page.goto(f"/campaigns/{campaign.pk}/")
    page.get_by_role("button", name="Start campaign").press("Enter")
    expect(page.get_by_text("1 lead that waits now")).to_be_visible()
    page.get_by_role("link", name="Not now").click()
    assert status_of(campaign) == "draft"
    page.get_by_role("button", name="Start campaign").click()
    start(page)
    assert status_of(campaign) == "in-progress"


def start(page: Page) -> None:
    page.get_by_role("button", name="Start and call 1 lead").press("Enter")
    expect(page.get_by_text("The campaign is started.")).to_be_visible()


def status_of(campaign: Campaign) -> str:
    return Campaign.objects.get(pk=campaign.pk).status


def test_a3_discarding_asks_and_names_what_is_lost(watched, campaign, alice):
    job = intake.receive_upload([b"phone,name\n+905321110001,A\n12,B\n"], "leads.csv", campaign, alice)
    elsewhere(_check, job, alice)
    job.refresh_from_db()
    elsewhere(correct_row, job, 3, ["0532 111 00 02", "B"], alice)
    page = watched().sign_in(alice)
    page.goto(f"/imports/{job.pk}/check/")
    page.get_by_role("link", name="Discard this import").click()
    expect(page.get_by_text("1 correction is lost.")).to_be_visible()
    page.get_by_role("link", name="Keep it").click()
    expect(page.get_by_role("heading", name="2 leads are ready to be sent")).to_be_visible()
    page.get_by_role("link", name="Discard this import").click()
    page.get_by_role("button", name="Yes, discard").dblclick()
    expect(page.get_by_text("The import is cancelled.")).to_be_visible()
    assert ImportJob.objects.get(pk=job.pk).state == JobState.CANCELLED
