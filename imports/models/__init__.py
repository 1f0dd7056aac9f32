"""How a spreadsheet becomes leads: the import, its rows, and the sums that must always be right.

Times named `*_ms` are milliseconds since the epoch on the database's own clock (`background.database_clock`): leases and
waits must not depend on the clock of whichever machine a worker runs on.
"""

from imports.models.dismissals import Dismissal
from imports.models.edits import Edit, RowEdit
from imports.models.heartbeat import Heartbeat
from imports.models.job import ColumnMemory, ImportJob, ImportPreview
from imports.models.operations import NumberList, Operation, OutgoingMail
from imports.models.row import ImportRow, ImportTally
from imports.models.sending import PushMinute, SendSlot
from imports.models.states import IS_OPEN, OPEN_STATES, JobState, RowState
from imports.models.uploads import PartialUpload, UploadPart

__all__ = [
    "IS_OPEN",
    "OPEN_STATES",
    "ColumnMemory",
    "Dismissal",
    "Edit",
    "Heartbeat",
    "ImportJob",
    "ImportPreview",
    "ImportRow",
    "ImportTally",
    "JobState",
    "NumberList",
    "Operation",
    "OutgoingMail",
    "PartialUpload",
    "PushMinute",
    "RowEdit",
    "RowState",
    "SendSlot",
    "UploadPart",
]
