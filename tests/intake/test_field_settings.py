"""What is suggested for a lead's fields from the preview of a file."""

import pytest

from imports.intake import field_settings
from imports.intake import steps as intake
from imports.pipeline.phones.normalise import INTERNATIONAL, PhoneFormat
from tests.builders import a_campaign

MOBILES = [f"+90 532 123 45 {n:02d}" for n in range(30)]


def suggested(others: list[str]) -> PhoneFormat:
    """The format of a file with MOBILES to call first and `others` beside them."""
    rows = "".join(f"Ayşe,{mobile},{other}\n" for mobile, other in zip(MOBILES, others))
    job = intake.receive_upload(["Name,iPhone,Work\n".encode(), rows.encode()], "a.csv", a_campaign(), None, in_background=False)
    mapping = {"name": 0, "phone_number": 1, "secondary_phone_1": 2}
    return field_settings.suggest_phone_format(job, intake.preview_of(job), mapping).phone_format


@pytest.mark.django_db
def test_contacts_written_as_at_home_make_the_file_national():
    assert suggested(["0212 345 67 89"] + [""] * 29) == PhoneFormat("national", "TR")
    assert suggested(["0212 345 67 89"] * 30) == PhoneFormat("national", "TR")


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["", "+90 212 345 67 89", "12", "later"])
def test_contacts_that_gain_nothing_change_nothing(other):
    assert suggested([other] * 30) == INTERNATIONAL
