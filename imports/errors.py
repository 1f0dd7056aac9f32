"""Something that a person asked for cannot be done, and why."""

from imports.messages import lookup
from imports.pipeline.reasons import Reason


class WorkflowError(Exception):
    """`reason` names what stands in the way; `str(error)` is its sentence, `error.remedy` what to do, in the
    active language."""

    def __init__(self, reason: Reason):
        super().__init__(reason.code)
        self.reason = reason

    def __str__(self) -> str:
        return lookup.sentence(*self.reason)

    @property
    def remedy(self) -> str:
        return lookup.remedy(*self.reason)


def trouble(code: str, **params: object) -> WorkflowError:
    """A WorkflowError to raise: `raise trouble("upload_too_large", limit=200)`."""
    return WorkflowError(Reason(code, params))


class CannotBegin(Exception):
    """A command line asks for something that does not exist; the text is one line for the person at the terminal."""
