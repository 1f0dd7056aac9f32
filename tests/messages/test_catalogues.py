"""The catalogues of which `lookup` is made, and names beside them."""

import pytest

from imports.messages import alerts, columns_and_rows, encodings, headings, jobs, lists, outcomes, phone_reasons, reading, steps
from imports.messages.lookup import MESSAGES
from imports.messages.message import Message

CATALOGUES = (
    alerts.ALERT_MESSAGES,
    jobs.JOB_MESSAGES,
    lists.LIST_MESSAGES,
    outcomes.OUTCOME_MESSAGES,
    phone_reasons.PHONE_MESSAGES,
    reading.READING_MESSAGES,
    columns_and_rows.COLUMN_AND_ROW_MESSAGES,
    steps.WORKFLOW_MESSAGES,
)


def test_every_catalogue_is_looked_up_in():
    assert sum(map(len, CATALOGUES)) == len(MESSAGES)
    assert all(isinstance(message, Message) and message.sentence for catalogue in CATALOGUES for message in catalogue.values())


def test_a_heading_stands_for_a_reason():
    assert set(headings.HEADINGS) <= set(MESSAGES)


@pytest.mark.parametrize(("codec", "name"), [("cp1254", "Turkish (Windows 1254)"), ("rot13", "rot13")])
def test_encodings_have_names(codec, name):
    assert encodings.encoding_label(codec) == name
    assert (codec, name) in encodings.encoding_choices(codec, [])
