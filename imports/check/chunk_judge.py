"""The rows of a file, chunk by chunk, judged beside the rows before them, the campaign and the do-not-call list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from campaigns.do_not_call import forbidden, is_anybody_forbidden
from imports.check.bulk_insert import numbers_in_campaign
from imports.check.contacts_left_out import NO_CONTACTS, leave_out, numbers_of
from imports.check.judge import Obstacles, Verdict, no_holder
from imports.check.list_warnings import ListWatch
from imports.models import ImportJob, ImportRow, RowState
from imports.pipeline.duplicates import DuplicateIndex
from imports.pipeline.process.protocol import PackedRow
from imports.row_place_labels import list_starts

REFUSED_AS_READ = (RowState.INVALID, RowState.NO_CONSENT)  # rows that were never judged here
PENDING = RowState.PENDING.value  # compared with every row: a member of an enumeration takes longer
HOLD_NO_NUMBER = (RowState.DO_NOT_CALL, RowState.DUPLICATE_IN_FILE)


@dataclass
class ChunkJudge:
    """The first row that can be sent wins a number; later ones name it. Each look-up is skipped where there is nothing to find.

    Who says no to calls further down in the file is not known yet: `imports.check.consents` holds their other rows at the end.
    """

    campaign_id: int
    hold_duplicates: bool
    campaign_has_numbers: bool
    is_anybody_forbidden: bool
    first_rows: DuplicateIndex = field(default_factory=DuplicateIndex)
    watch: ListWatch = field(default_factory=ListWatch)
    starts: Sequence[int] = (0,)  # the first column of each list side by side
    warnings_of_chunk: Counter[str] = field(default_factory=Counter)  # of contacts left out of the rows judged last

    @classmethod
    def of(cls, job: ImportJob) -> "ChunkJudge":
        starts = list_starts(job)
        judge = cls(
            job.campaign_id,
            not job.allow_duplicates,
            job.campaign.numbers.exists(),
            is_anybody_forbidden(),
            watch=ListWatch(starts),
            starts=starts,
        )
        judge._read_stored(job)
        return judge

    def _read_stored(self, job: ImportJob) -> None:
        """The numbers of rows stored before the check was cut short."""
        stored = ImportRow.objects.filter(job=job).exclude(state__in=REFUSED_AS_READ)
        rows = stored.order_by("row_number").values_list("phone", "row_number", "state")
        for phone, number, state in rows.iterator(chunk_size=5000):
            self.watch.see([phone], [number])
            # Lists side by side are read row by row: a duplicate may have a lower number than the row that it repeats.
            if self.hold_duplicates and state not in HOLD_NO_NUMBER:
                self.first_rows.seen(phone, number)

    def judge(self, rows: Sequence[PackedRow]) -> list[PackedRow]:
        """The rows of a chunk, those that must not be sent in the state that says why."""
        good = [row for row in rows if row.state == PENDING]
        phones, numbers = [row.phone for row in good], [row.row_number for row in good]
        self.watch.see(phones, numbers)
        leads = {row.row_number: orjson.loads(row.lead) for row in good if row.lead and NO_CONTACTS not in row.lead}
        refused = forbidden(numbers_of(phones, leads.values()), self.campaign_id) if self.is_anybody_forbidden else {}
        obstacles = self._obstacles(phones, refused)
        self.warnings_of_chunk = Counter()
        if not obstacles.forbidden and not obstacles.in_campaign:
            repeated = self._repeated(phones, numbers)
            return (
                [self._judged(row, None, obstacles) if row.row_number in repeated else row for row in rows]
                if repeated
                else [*rows]
            )
        return [self._judged(row, leads.get(row.row_number), obstacles) if row.state == PENDING else row for row in rows]

    def _repeated(self, phones: Sequence[str], numbers: Sequence[int]) -> set[int]:
        """The rows whose number a row before them has, told of all at once: in most chunks nothing else can stand against a row."""
        firsts = self.first_rows.first_rows(phones, numbers) if self.hold_duplicates else numbers
        return {number for number, first in zip(numbers, firsts) if first != number}

    def _obstacles(self, phones: Sequence[str], refused: Mapping[str, str]) -> Obstacles:
        known = numbers_in_campaign(self.campaign_id, phones) if self.hold_duplicates and self.campaign_has_numbers else set()
        return Obstacles(refused, in_campaign=known, holder_of=self.first_rows.seen if self.hold_duplicates else no_holder)

    def _judged(self, row: PackedRow, lead: Mapping[str, Any] | None, obstacles: Obstacles) -> PackedRow:
        if lead is not None and obstacles.forbidden:
            row = self._without_contacts(row, lead, obstacles.forbidden)
        verdict = obstacles.judge(row.phone, row.row_number)
        return row if verdict is None else self._held(row, verdict)

    def _without_contacts(self, row: PackedRow, lead: Mapping[str, Any], refused: Mapping[str, str]) -> PackedRow:
        """Secondary contacts that may not be called are left out of the lead."""
        remaining = leave_out(lead, orjson.loads(row.detail) if row.detail else None, refused)
        if remaining is None:
            return row
        self.warnings_of_chunk.update(remaining.codes)
        return row._replace(lead=orjson.dumps(remaining.lead).decode(), detail=orjson.dumps(remaining.detail).decode())

    def _held(self, row: PackedRow, verdict: Verdict) -> PackedRow:
        """The row in the state of the verdict; it keeps its lead, in case it may go after all."""
        detail = row.detail
        if params := verdict.params(self.starts):
            detail = orjson.dumps({**(orjson.loads(detail) if detail else {}), "params": params}).decode()
        return row._replace(state=verdict.state.value, reason=verdict.reason, detail=detail)
