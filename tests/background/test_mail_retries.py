"""Which errors of a mail server are final, and how long the pauses between tries are."""

import smtplib

import pytest
from django.core.exceptions import ValidationError

from background.mail_retries import is_final, text_of, wait_ms


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"no such person")}), True),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (450, b"later")}), False),
        (smtplib.SMTPDataError(554, b"no"), True),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), False),
        (ValidationError("Enter a valid email address."), True),
        (ConnectionRefusedError(), False),
    ],
)
def test_what_can_be_mended_is_tried_again(error, expected):
    assert is_final(error) is expected and 0 < len(text_of(error)) <= 300


def test_pauses_grow_to_five_minutes():
    assert [wait_ms(n) // 1000 for n in (1, 2, 3, 5, 100)] == [15, 30, 60, 240, 300]
