"""How many clicks it takes: a clean file from the first page to its first lead, and a messy one until all is mended that can be."""

import pytest
from playwright.sync_api import Locator, Page, expect

from campaigns.models import Assistant, Campaign
from tests.browser.test_turns import accepted

pytestmark = pytest.mark.any_database


class Clicks:
    """Somebody with a mouse; a file is chosen in the window of the browser."""

    def __init__(self, page: Page):
        self.page, self.count = page, 0

    def on(self, place: Locator) -> None:
        self.count += 1
        place.click()

    def on_button(self, name: str) -> None:
        self.on(self.page.get_by_role("button", name=name).first)

    def upload(self, campaign: Campaign, path) -> None:
        self.page.goto("/")
        self.on(self.page.get_by_role("link", name=f"Import into {campaign.name}"))
        self.count += 1
        self.page.get_by_label("Which spreadsheet?").set_input_files(path)
        self.on_button("Upload and go on")
        expect(self.page.get_by_role("heading", name="Which column is what?")).to_be_visible()
        for box in self.page.locator("input[name^=confirm-]").all():
            self.on(box)
        self.on_button("The columns are right")
        self.on_button("Check all rows")
        expect(self.page.locator("#send")).to_be_visible()

    def fix(self, offer: str) -> None:
        """A fix of many rows, as the table of rows offers it: looked at, then done."""
        self.on(self.page.locator("#reasons").get_by_role("link", name=offer))
        self.on(self.page.get_by_role("button", name="Change "))
        expect(self.page.locator("#send")).to_be_visible()


@pytest.fixture
def known_campaign(campaign) -> Campaign:
    campaign.assistant = Assistant.objects.create(
        account=campaign.account, remote_id="77", name="Ayla", variables={"name": "", "offer": ""}
    )
    campaign.assistant_guessed, campaign.required_variables = False, ["name"]
    campaign.save()
    return campaign


@pytest.fixture
def clicks(watched, worker, alice, known_campaign) -> Clicks:
    return Clicks(watched().sign_in(alice))


def test_a_clean_file_in_seven(clicks, known_campaign, sandbox, spreadsheets):
    clicks.upload(known_campaign, spreadsheets.clean(3))
    clicks.on_button("Send 3 leads")
    expect(clicks.page.get_by_role("heading", name="3 leads were sent")).to_be_visible()
    assert clicks.count <= 7 and len(accepted(sandbox)) == 3


def messy(rows: int) -> tuple[str, list[str], int]:
    """The sheet, the numbers that all its mendable rows have, and how many rows are beyond mending: 23 in 100 are bad."""
    lines, numbers, hopeless = ["Cep Telefonu;Alan;Ad Soyad;İmza Adı;Not"], [], 0
    for n in range(rows):
        local = f"{200 + n // 100:03} {n % 100:02} 11"
        whole, name = f"0532 {local}", f"Çağrı Işık {n}"
        number = "+90532" + local.replace(" ", "")
        cells = {
            0: (f"{whole} / 0533 {local}", "", name, ""),
            7: (f"{whole} eşi", "", name, ""),
            13: (local, "532", name, ""),
            19: (f"{whole}", "", "", name),
            5: (f"0533 {local} veya {whole}", "", name, ""),
            11: (f"{whole} iş", "", name, ""),
            17: (local, "532", name, ""),
            23: (whole, "", "", name),
            27: ("Faks: 0212 555", "", name, ""),
            29: (lines[1].split(";")[0].split(" / ")[0], "", name, "") if n else None,
        }.get(n % 43, (whole, "532", name, ""))
        lines.append(";".join([*cells, "Şubat"]))
        if n % 43 == 27:
            hopeless += 1
        elif n % 43 == 5:
            numbers.append("+90533" + local.replace(" ", ""))
        elif n % 43 != 29:
            numbers.append(number)
    return "\n".join(lines) + "\n", sorted(numbers), hopeless


def test_a_messy_file_of_a_thousand_rows_in_sixteen(clicks, known_campaign, sandbox, spreadsheets):
    text, numbers, hopeless = messy(1000)
    path = spreadsheets.folder / "liste.csv"
    path.write_bytes(text.encode("cp1254"))
    clicks.upload(known_campaign, path)
    clicks.fix("Call the first")
    clicks.fix("Drop the word behind the number")
    clicks.fix("Put “Alan” before the number")
    clicks.fix("Take it from “İmza Adı”")
    clicks.on_button(f"Send {len(numbers)} leads")
    expect(clicks.page.get_by_role("heading", name=f"{len(numbers)} leads were sent")).to_be_visible()
    assert accepted(sandbox) == numbers and hopeless == 23
    assert clicks.count <= 16
