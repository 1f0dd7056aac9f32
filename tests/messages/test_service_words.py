"""Errors have the names of WhatTalk's own upload page where it has one."""

import pytest

from imports.messages.service_words import BAD_FILE, DUPLICATE, INVALID, MISSING, service_word


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        ("phone_too_short", INVALID),
        ("phone_missing", MISSING),
        ("duplicate_in_campaign", DUPLICATE),
        ("file_too_complex", BAD_FILE),
        ("no_consent", ""),
        ("file_", ""),
    ],
)
def test_a_reason_has_the_name_of_whattalk_or_none(reason, name):
    assert service_word(reason) == name
