"""Text from spreadsheets, file names and the service is shown as text, on every page."""

import pytest

from campaigns.models import Lead
from devtools.demo_data import seed
from imports.check.run import run_check
from imports.intake import steps as intake
from imports.models import ImportJob, ImportRow
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import steps as workflow
from people.models import User

pytestmark = pytest.mark.any_database
PAYLOADS = (
    "<script>window.hit=1</script>",
    '"><img src=x onerror="window.hit=1">',
    "'><svg onload=window.hit=1>",
    "{{7*7}}",
    "{% load static %}",
    '<b hx-get="/sign-out/" hx-trigger="load">x</b>',
    "javascript:window.hit=1",
    "</textarea><script>window.hit=1</script>",
    '<a href="https://evil.example">x</a>',
    "&lt;script&gt;",
    "<style>*{display:none}</style>",
    '" autofocus onfocus="window.hit=1',
)
INJECTED = (
    "document.querySelectorAll('script:not([src]), img[onerror], svg[onload], [onfocus], b[hx-get], a[href*=evil], style').length"
)


@pytest.fixture
def pages(transactional_db) -> dict[str, str]:
    """Every page, with hostile text in every place that is not ours."""
    pages = seed()
    ada = User.objects.get(username="ada")
    job = ImportJob.objects.filter(state="ready").earliest("pk")
    lines = [
        ";".join(["Tel", *PAYLOADS[:4]]),
        *(
            ";".join([phone, payload, payload, payload, payload])
            for phone, payload in zip(["0532 11", "0532 111 22 33"] * 6, PAYLOADS, strict=True)
        ),
    ]
    hostile = intake.receive_upload(["\n".join(lines).encode()], PAYLOADS[0] + ".csv", job.campaign, ada)
    intake.preview_of(hostile)
    pages["hostile-columns"] = f"/imports/{hostile.pk}/columns/"
    second = intake.receive_upload(["\n".join(lines).encode() + b"\n"], PAYLOADS[1] + ".csv", job.campaign, ada)
    intake.set_mapping(second, {"phone_number": 0, "name": 1, "appointment": 2}, ada)
    intake.set_phone_format(second, PhoneFormat("national", "TR"), ada)
    pages["hostile-phones"] = f"/imports/{second.pk}/phones/"
    third = intake.receive_upload(["\n".join(lines).encode() + b"\n\n"], PAYLOADS[2] + ".csv", job.campaign, ada)
    intake.set_mapping(third, {"phone_number": 0, "name": 1}, ada)
    intake.set_phone_format(third, PhoneFormat("national", "TR"), ada)
    workflow.start_check(third, in_background=False)
    run_check(third.pk)
    pages["hostile-check"] = f"/imports/{third.pk}/check/"
    ImportRow.objects.filter(state="refused").update(detail={"message": PAYLOADS[1]})
    type(job.campaign).objects.update(name=PAYLOADS[1])
    type(job.campaign.assistant).objects.update(name=PAYLOADS[0])
    Lead.objects.update(variables={"name": PAYLOADS[0], "appointment": PAYLOADS[1]}, status=PAYLOADS[5][:40])
    User.objects.filter(username="murat").update(first_name=PAYLOADS[0][:150])
    return pages


def test_no_page_runs_or_renders_it(watched, pages):
    window = watched()
    page = window.sign_in(User.objects.get(username="ada"))
    for name, path in pages.items():
        page.goto(path)
        assert not page.evaluate("window.hit"), name
        assert page.evaluate(INJECTED) == 0, name
        assert "49" not in page.title(), name
    window.wrong = [problem for problem in window.wrong if "404" not in problem]
