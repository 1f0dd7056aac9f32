"""Named reasons: why a row, a cell or a file is not what it should be.

Pure code returns a `Reason`; `imports/messages.py` turns it into a translated sentence and a remedy.
"""
from typing import NamedTuple


class Reason(NamedTuple):
    """A code of `REASONS` and the values its sentence needs (`{name: text or number}`)."""

    code: str
    params: dict


# code -> names of the params its sentence uses. One place, so that a test can hold
# the messages against it.
REASONS: dict[str, tuple[str, ...]] = {}
