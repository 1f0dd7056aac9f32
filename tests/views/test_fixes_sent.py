"""Each fix of many rows is done, undone and done again in one file: what WhatTalk is sent then is exactly what the rows should hold."""

import pytest
from django.urls import reverse

from campaigns.models import Assistant
from imports.check.run import run_check
from imports.intake import steps as intake
from imports.models import ImportJob
from imports.pipeline.phones.normalise import PhoneFormat
from imports.push import sender
from imports.workflow import steps as workflow
from tests.builders import a_campaign, an_account

SHEET = (
    "Telefon;Ad;Takma ad;Diğer;Kod\n"
    "0532 111 00 01;Ayşe;;;\n"
    "0532 111 00 02 / 0532 111 00 03;Can;;;\n"
    "0532 111 00 04 & 0532 111 00 05;Ece;;;\n"
    "0532 111 00 06 Ali;Su;;;\n"
    "0532 111 00 07;;Cem;;\n"
    "030 901820;Max;;;\n"
    "111 00 10;Nil;;;(0532)\n"
    "12;Eve;;;\n"
)
SENT = {
    "+905321110001": ("Ayşe", []),
    "+905321110003": ("Can", ["+905321110002"]),
    "+905321110004": ("Ece", ["+905321110005"]),
    "+905321110006": ("Su", []),
    "+905321110007": ("Cem", []),
    "+4930901820": ("Max", []),
    "+905321110010": ("Nil", []),
}
FIXES = [
    {"fix": "second_number"},
    {"fix": "replace", "column": "0", "find": " & ", "by": " / "},
    {"fix": "first_number"},
    {"fix": "drop_word"},
    {"fix": "copy", "from": "2", "to": "1"},
    {"fix": "region", "region": "DE"},
    {"fix": "put_before", "from": "4"},
]


@pytest.fixture
def job(transactional_db, sandbox, alice) -> ImportJob:
    account = an_account(sandbox.base_url, sandbox.api_key)
    assistant = Assistant.objects.create(account=account, remote_id="77", name="Ayla", variables={"name": ""})
    campaign = a_campaign(account, assistant=assistant, required_variables=["name"])
    job = intake.receive_upload([SHEET.encode()], "leads.csv", campaign, alice)
    intake.set_mapping(job, {"phone_number": 0, "name": 1, "secondary_phone_1": 3}, alice)
    intake.set_phone_format(job, PhoneFormat("national", "TR"), alice)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    return ImportJob.objects.get(pk=job.pk)


def test_what_the_fixes_made_of_the_rows_is_sent_once_and_exactly(as_, alice, job, sandbox, monkeypatch):
    monkeypatch.setattr("background.queue._send", lambda task, ids, **when: None)
    page = as_(alice)

    def rows() -> list[tuple]:
        return list(job.rows.order_by("row_number").values_list("row_number", "state", "phone", "lead"))

    def press(name: str, **data: str) -> list[tuple]:
        page.post(reverse(f"imports:{name}", args=[job.pk]), data)
        return rows()

    hopeless = f"leave_out:{job.rows.get(row_number=9).reason}"
    for name, asked in [*(("fixes", asked) for asked in FIXES), ("fix_all", {"kind": hopeless})]:
        before, after = rows(), press(name, **asked)
        assert after != before or asked.get("fix") == "replace", asked  # what is replaced may be as wrong as before
        assert press("undo_edit") == before, asked
        assert press("redo_edit") == after, asked
    press("send")
    sender.run_slice(job.pk, 5)
    leads = [event["lead"] for event in sandbox.ledger.events("lead")]
    contacts = [[one["phone_number"] for one in lead["secondary_contacts"]] for lead in leads]
    told = {lead["phone_number"]: (lead["variables"]["name"], others) for lead, others in zip(leads, contacts, strict=True)}
    assert told == SENT and len(leads) == len(SENT)
