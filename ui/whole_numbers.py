"""Whole numbers out of text that anybody may have sent."""

LARGEST_KEY = 2**63 - 1  # of a row, in both databases
LARGEST_COUNT = 2**31 - 1
MOST_DIGITS = len(str(LARGEST_KEY))


def whole_number(text: str | None, most: int = LARGEST_KEY) -> int | None:
    """The number from 0 to `most` that `text` writes in ASCII digits; None for anything else, however long it is."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > MOST_DIGITS:
        return None
    number = int(text)
    return number if number <= most else None
