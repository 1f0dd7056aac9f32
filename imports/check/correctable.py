"""Which rows a person may correct or leave out, in which states of their import."""

from imports.models import ImportRow, JobState, RowState
from imports.pipeline.columns.fields import Field

CORRECTABLE = (
    RowState.INVALID,
    RowState.DUPLICATE_IN_FILE,
    RowState.DUPLICATE_IN_CAMPAIGN,
    RowState.DO_NOT_CALL,
    RowState.NO_CONSENT,
    RowState.REFUSED,
    RowState.FAILED,
    RowState.CANCELLED,
    RowState.CORRECTED,
)
FIXABLE = (RowState.INVALID, RowState.REFUSED, RowState.FAILED)  # what people are asked to correct
HOLDING = (  # a number
    RowState.PENDING,
    RowState.CORRECTED,
    RowState.SENDING,
    RowState.UNKNOWN,
    RowState.CREATED,
    RowState.UNCONFIRMED,
)
OPEN_TO_CORRECTION = (JobState.READY, JobState.PUSHING, JobState.PAUSED, JobState.DONE)
# Rows of which nothing was ever sent. One that waits to be sent may be corrected or left out only while nobody has sent the import.
LEAVABLE = (
    RowState.INVALID,
    RowState.DUPLICATE_IN_FILE,
    RowState.DUPLICATE_IN_CAMPAIGN,
    RowState.DO_NOT_CALL,
    RowState.NO_CONSENT,
    RowState.CORRECTED,
)


def is_culprit(row: ImportRow, field: Field) -> bool:
    """Whether the row's reason speaks of this field."""
    if row.reason in ("no_consent", "consent_unclear", "consent_unmarked"):
        return field.kind == "consent"
    if row.state != RowState.INVALID:
        return False
    if row.reason == "phone_label_fax" and field.kind == "phone_label":
        return field.position == 0
    if row.reason == "missing_required":
        return bool((row.detail or {}).get("params", {}).get("field") == (field.variable or field.key))
    return row.reason.startswith("phone_") and field.kind == "phone"
