"""Something that a person asked for cannot be done, and why."""

from typing import Any

from imports.messages import lookup
from imports.pipeline.reasons import Reason


class WorkflowError(Exception):
    """`raise WorkflowError("upload_too_large", limit=200)`: a code of imports.messages.lookup and its params.

    `reason` names what stands in the way; `str(error)` is its sentence, `error.remedy` what to do, in the active language.
    """

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)

    def __str__(self) -> str:
        return lookup.sentence(*self.reason)

    @property
    def remedy(self) -> str:
        return lookup.remedy(*self.reason)


class CannotBegin(Exception):
    """A command line asks for something that does not exist; the text is one line for the person at the terminal."""
