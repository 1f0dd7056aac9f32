"""What WhatTalk's own upload page calls an error: names that people know, so they are the same in every language."""

from imports.messages.reading import READING_MESSAGES

INVALID = "Invalid phone number"
DUPLICATE = "Duplicate number"
MISSING = "Missing required field"
BAD_FILE = "File format error"
_MISSING = ("phone_missing", "missing_required")
_DUPLICATES = ("duplicate_in_file", "duplicate_in_campaign")


def service_word(reason: str) -> str:
    """The name for a reason (`phone_too_short`) or an outcome (`duplicate_in_file`); '' where WhatTalk has none."""
    if reason in _MISSING:
        return MISSING
    if reason in _DUPLICATES:
        return DUPLICATE
    if reason.startswith("phone_"):
        return INVALID
    return BAD_FILE if reason in READING_MESSAGES and reason.startswith("file_") else ""
