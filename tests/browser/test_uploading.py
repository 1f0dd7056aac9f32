"""A file on its way: dropped anywhere, judged by its beginning, on from where a broken line left it, cancelled."""

import re

import pytest
from playwright.sync_api import Page, expect

from imports.intake import storage
from imports.models import ImportJob, PartialUpload
from tests.processes import wait_until

pytestmark = pytest.mark.any_database

LARGE = "phone_number,name\n" + "".join(f"+90532{n:07d},Ayşe {n}\n" for n in range(40_000))
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  for (const kind of ["dragover", "drop"]) document.querySelector("h1").dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def offsets(watched, alice):
    """Alice's page, and where each part began that it has sent: after `broken` of them the line breaks once."""
    window = watched()
    page, sent = window.sign_in(alice), []
    page.broken_after = []

    def on(route):
        sent.append(int(route.request.headers["upload-offset"]))
        if len(sent) in page.broken_after:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(
        re.compile(r"/imports/new/parts/.+"), lambda route: on(route) if route.request.method == "PATCH" else route.continue_()
    )
    yield page, sent
    window.wrong = [problem for problem in window.wrong if "ERR_CONNECTION_RESET" not in problem]


def drop(page: Page, name: str, text: str) -> None:
    page.evaluate(DROP, [name, text])


def test_a_file_dropped_on_the_first_page_arrives_whole_over_a_broken_line(offsets, campaign):
    page, sent = offsets
    page.goto("/")
    drop(page, "offer.pdf", "%PDF-1.7 and so on")
    problem = page.locator("#file-problem")
    expect(problem).to_contain_text("This is a PDF")
    expect(page).to_have_url(re.compile("/imports/new/"))
    page.get_by_label("Into which campaign?").select_option(str(campaign.pk))
    page.get_by_role("button", name="Upload and go on").click()
    expect(problem).to_be_visible()
    page.broken_after = [2]
    drop(page, "leads.csv", LARGE)
    expect(problem).to_be_hidden()
    page.get_by_role("button", name="Upload and go on").click()
    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible()
    job = ImportJob.objects.get()
    assert storage.path_of(job).read_bytes() == LARGE.encode() and job.file_name == "leads.csv"
    assert sent[0] == 0 < sent[1] == sent[2] and sorted(sent) == sent


def test_cancelled_or_left_it_can_be_chosen_again(offsets, campaign, spreadsheets):
    page, sent = offsets
    path = spreadsheets.csv(LARGE)
    page.broken_after = range(2, 1000)
    page.goto(f"/imports/new/?campaign={campaign.pk}")
    page.on("dialog", lambda dialog: dialog.accept())
    for turn in ("left", "cancelled"):
        page.get_by_label("Which spreadsheet?").set_input_files(path)
        page.get_by_role("button", name="Upload and go on").click()
        bar = page.get_by_role("progressbar", name="leads.csv")
        expect(bar).to_be_visible()
        expect(page.get_by_role("button", name="Cancel the upload")).to_be_focused()
        expect(page.get_by_text("The connection is interrupted").first).to_be_visible()
        if turn == "left":
            page.reload()
        else:
            page.get_by_role("button", name="Cancel the upload").click()
            expect(bar).to_be_hidden()
    wait_until(lambda: not PartialUpload.objects.exists(), what="it is given up")
    assert sent[0] == 0 and min(sent[1:]) > 0, "what had arrived was not sent again"
    assert not ImportJob.objects.exists()
    expect(page.get_by_role("button", name="Upload and go on")).to_be_focused()
