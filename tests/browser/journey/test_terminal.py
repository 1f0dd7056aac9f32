"""`import_leads` beside the running Rowcall: the same files, the same counts as in the browser, the same leads."""

import json
import subprocess

import pytest

from tests.browser.journey.sheets import ANSWER, LEADS, NUMBERS, ends


@pytest.mark.parametrize("kind", ["csv", *(pytest.param(kind, marks=pytest.mark.any_database) for kind in ("xlsx", "xls"))])
def test_the_same_counts_as_in_the_browser(deployment, campaign, manage, kind):
    run = subprocess.run(
        [
            *manage,
            "import_leads",
            str(LEADS.with_suffix(f".{kind}")),
            "--campaign",
            campaign.remote,
            "--json",
            "--map",
            "secondary_phone_1=2. Telefon",
        ],
        env=deployment.instance.environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert {state: n for state, n in said["counts"].items() if n} == ends("created")
    assert (said["rows"], said["mapping"]["phone_number"]) == (ANSWER["rows"], ANSWER["phone_column"])
    assert deployment.accepted(campaign) == NUMBERS
