"""Rows on their way: claim, outcome, look-up, reaping, each one SQL statement that means the same on both databases.

    pending ──claim──▶ sending ──outcome──▶ created | refused | duplicate_in_campaign | pending | unknown
                          └──lease over──▶ unknown ──looked up──▶ created | pending | failed | unconfirmed

A claim draws a token and a lease on the database's clock; an outcome is written only where the token still stands.
Every function runs inside the caller's transaction, keeps the sums right and returns what it really changed.
Not `select_for_update()`: SQLite ignores it.
"""

import logging
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from background.database_clock import now_ms, statement_now_ms
from background.database_errors import REFUSED_VALUE
from imports import counters
from imports.models import IS_OPEN, ImportJob, ImportRow, RowState
from imports.push.deferrals import Deferral, Progress

log = logging.getLogger(__name__)
ROWS = ImportRow._meta.db_table
ENOUGH_MISSES = 2  # look-ups that found nothing: only then is a lost request known not to have arrived
MAYBE_THERE = f"unknowns > 0 AND misses < {ENOUGH_MISSES}"
MOST_TRIES = 8  # each "try again" allows as many once more


class Claimed(NamedTuple):
    """A row that only we may send (or look up) for as long as the lease lasts."""

    id: int
    token: int
    phone: str
    lead: dict[str, Any]
    detail: dict[str, Any] | None
    attempts: int
    unknowns: int
    misses: int
    lookup_failures: int
    first_intent_ms: int


class Ending(NamedTuple):
    """What a claimed row becomes. `detail` None: as it is. `wait_ms`: not to be touched again before so long from now.

    `refunds_attempt`: the try does not count. `lost`: the answer never came. `missed`: a look-up did not find it; `in_vain`: what one
    that told nothing counts.
    """

    id: int
    token: int
    state: str
    reason: str = ""
    detail: dict[str, Any] | None = None
    remote_id: str | None = None
    wait_ms: int = 0
    refunds_attempt: bool = False
    lost: bool = False
    missed: bool = False
    in_vain: int = 0

    def nothing_lost(self, before: Claimed) -> bool:
        """Whether the row, known as `before` when it was claimed, cannot be in the campaign now."""
        return not self.lost and (before.unknowns == 0 or before.misses + self.missed >= ENOUGH_MISSES)


def new_token() -> int:
    return secrets.randbits(62)


def claim(job_id: int, n: int) -> list[Claimed]:
    """Up to `n` waiting rows, in the order of the file, now being sent: this is the recorded intent.

    Its time tells our own lead from one that was there before, so a wall clock set a moment ago must not be in it.
    """
    taken = _take(
        job_id,
        n,
        RowState.PENDING,
        f"{IS_OPEN} AND next_ms <= {statement_now_ms()}",
        "next_ms, row_number",
        f"state = 'sending', attempts = attempts + 1, first_intent_ms = COALESCE(first_intent_ms, {statement_now_ms()})",
    )
    counters.add(job_id, counters.moves(RowState.PENDING, [RowState.SENDING] * len(taken)))
    return taken


def claim_unknown(job_id: int, n: int) -> list[Claimed]:
    """Up to `n` rows whose answer was lost and whose time to be looked up has come. They stay `unknown`."""
    due = f"{IS_OPEN} AND next_ms <= {statement_now_ms()} AND lease_ms <= {statement_now_ms()}"
    return _take(job_id, n, RowState.UNKNOWN, due, "next_ms, row_number", "misses = misses")


def claim_created(job_id: int, n: int) -> list[Claimed]:
    """Up to `n` rows whose leads are to be looked at again. They stay `created`."""
    due = f"reason = '' AND next_ms <= {statement_now_ms()} AND lease_ms <= {statement_now_ms()}"
    return _take(job_id, n, RowState.CREATED, due, "row_number", "misses = misses")


def _take(job_id: int, n: int, state: str, due: str, order: str, change: str) -> list[Claimed]:
    pick = f"SELECT id FROM {ROWS} WHERE job_id = %s AND state = '{state}' AND {due} ORDER BY {order} LIMIT %s"
    if connection.vendor == "postgresql":
        # An array is computed once; a plain IN may be computed again and again, and lock more rows than the limit.
        among = f"id = ANY(ARRAY({pick} FOR UPDATE SKIP LOCKED))"
    else:
        among = f"id IN ({pick})"
    token = new_token()
    sql = (
        f"UPDATE {ROWS} SET token = %s, lease_ms = {statement_now_ms()} + %s, {change} WHERE {among} AND state = '{state}' "
        "RETURNING row_number, id, phone, lead, detail, attempts, unknowns, misses, lookup_failures, first_intent_ms"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [token, settings.SEND_LEASE_SECONDS * 1000, job_id, n])
        found = sorted(cursor.fetchall())
    return [
        Claimed(row_id, token, phone, _json(lead) or {}, _json(detail), *rest)
        for _number, row_id, phone, lead, detail, *rest in found
    ]


def record(job_id: int, endings: Sequence[Ending], before: str = RowState.SENDING) -> list[Ending]:
    """Write what became of claimed rows; those whose token no longer stands are left alone and not returned."""
    if not endings:
        return []
    try:
        return _record(job_id, endings, before)
    except REFUSED_VALUE as refusal:
        log.warning("import %s: the database refuses %s outcomes (%s)", job_id, len(endings), type(refusal).__name__)
    return [done for ending in endings for done in _record_alone(job_id, ending, before)]


def _record(job_id: int, endings: Sequence[Ending], before: str) -> list[Ending]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_record_sql(len(endings), before), [value for ending in endings for value in _values(ending)])
        written = {row_id for (row_id,) in cursor.fetchall()}
        done = [ending for ending in endings if ending.id in written]
        counters.add(job_id, counters.moves(before, [ending.state for ending in done]))
    return done


def _record_alone(job_id: int, ending: Ending, before: str) -> list[Ending]:
    """One outcome; where it is the odd one, without what was odd. A lead whose id cannot be kept is one to be looked up."""
    for bare in (ending, _without_oddities(ending)):
        try:
            return _record(job_id, [bare], before)
        except REFUSED_VALUE:
            log.exception(
                "import %s: the database refuses the outcome of row %s",
                job_id,
                ending.id,
                extra={"import_id": job_id, "row_ids": [ending.id]},
            )
    return []


def _without_oddities(ending: Ending) -> Ending:
    detail = {"message": "The answer holds what cannot be stored."}
    if ending.state != RowState.CREATED:
        return ending._replace(reason=ending.reason[:40], detail=detail, remote_id=None)
    return ending._replace(state=RowState.UNKNOWN, reason="", detail=detail, remote_id=None, wait_ms=settle_ms(True), lost=True)


def _values(ending: Ending) -> tuple[str | int | None, ...]:
    detail = None if ending.detail is None else orjson.dumps(ending.detail).decode()
    return (
        ending.id,
        ending.token,
        ending.state,
        ending.reason,
        detail,
        ending.remote_id,
        ending.wait_ms,
        int(ending.refunds_attempt),
        int(ending.lost),
        int(ending.missed),
        ending.in_vain,
    )


_RECORD_COLUMNS = (
    "row_id, held, new_state, new_reason, new_detail, new_remote_id, wait_ms, refunds_attempt, lost, missed, in_vain"
)


def _record_sql(n: int, before: str) -> str:
    json_of = "CAST(v.new_detail AS jsonb)" if connection.vendor == "postgresql" else "v.new_detail"
    one = f"({', '.join(['%s'] * 11)})"
    anew = "v.lost = 1 OR v.new_state = 'created' AND r.state <> 'created'"  # looked for anew from now on
    return f"""
        WITH v({_RECORD_COLUMNS}) AS (VALUES {", ".join([one] * n)})
        UPDATE {ROWS} AS r SET
            state = v.new_state, reason = v.new_reason, token = NULL, lease_ms = 0,
            detail = COALESCE({json_of}, r.detail),
            remote_id = COALESCE(v.new_remote_id, r.remote_id),
            next_ms = {statement_now_ms()} + v.wait_ms,
            attempts = r.attempts - v.refunds_attempt,
            unknowns = r.unknowns + v.lost,
            misses = CASE WHEN {anew} THEN 0 ELSE r.misses + v.missed END,
            lookup_failures = CASE WHEN {anew} THEN 0 ELSE r.lookup_failures + v.in_vain END,
            first_intent_ms = CASE WHEN v.refunds_attempt = 1 AND r.unknowns = 0 THEN NULL ELSE r.first_intent_ms END
        FROM v WHERE r.id = v.row_id AND r.token = v.held AND r.state = '{before}'
        RETURNING id
    """


def reap(job_id: int) -> int:
    """Rows whose sender has not reported within its lease: nobody knows what became of them. Returns how many."""
    settle = "CASE WHEN (SELECT allow_duplicates FROM imports_importjob WHERE id = %s) THEN %s ELSE %s END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {ROWS} SET state = 'unknown', token = NULL, lease_ms = 0, unknowns = unknowns + 1, misses = 0, "
            f"lookup_failures = 0, next_ms = {statement_now_ms()} + {settle} "
            f"WHERE job_id = %s AND state = 'sending' AND {IS_OPEN} AND lease_ms < {statement_now_ms()} RETURNING id",
            [job_id, settle_ms(True), settle_ms(False), job_id],
        )
        n = len(cursor.fetchall())
    counters.add(job_id, counters.moves(RowState.SENDING, [RowState.UNKNOWN] * n))
    return n


def cancel_waiting(job_id: int, most: int = 5_000) -> dict[int, str]:
    """Rows that were never sent, or are known not to have arrived, become `cancelled`; at most so many at a time.

    Returns the rows that were changed: id → phone.
    """
    return _sweep(job_id, RowState.PENDING, RowState.CANCELLED, most, where=f"NOT ({MAYBE_THERE})")


def leave_unconfirmed(job_id: int, most: int = 5_000) -> dict[int, str]:
    """Waiting rows of a cancelled import that may have arrived all the same, since their leads could not be looked up."""
    return _sweep(job_id, RowState.PENDING, RowState.UNCONFIRMED, most, "reason = 'unconfirmed'", MAYBE_THERE)


def release_corrected(job_id: int, most: int) -> dict[int, str]:
    """Rows that a person has put right, and now sends, wait to be sent; at most so many, in the order of the file."""
    return _sweep(job_id, RowState.CORRECTED, RowState.PENDING, most)


def cancel_corrected(job_id: int, most: int = 5_000) -> dict[int, str]:
    """Rows that a person has put right and nobody has sent become `cancelled`; at most so many at a time."""
    return _sweep(job_id, RowState.CORRECTED, RowState.CANCELLED, most)


def revive(job_id: int, most: int = 5_000) -> dict[int, str]:
    """Rows that could not be sent wait once more, with as many tries as at first; those that could not be confirmed are
    looked up, and tried again if they are not there. At most so many at a time."""
    anew = f"reason = '', attempts = (attempts + {MOST_TRIES - 1}) / {MOST_TRIES} * {MOST_TRIES}"
    failed = _sweep(job_id, RowState.FAILED, RowState.PENDING, most, f"{anew}, lookup_failures = 0")
    return failed | _sweep(job_id, RowState.UNCONFIRMED, RowState.UNKNOWN, most, f"{anew} + 1, misses = 0, lookup_failures = 0")


def _sweep(job_id: int, before: str, after: str, most: int, change: str = "reason = ''", where: str = "1 = 1") -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {ROWS} SET state = %s, next_ms = 0, {change} WHERE state = %s AND id IN (SELECT id FROM {ROWS} "
            f"WHERE job_id = %s AND state = %s AND {where} ORDER BY row_number LIMIT %s) RETURNING id, phone",
            [after, before, job_id, before, most],
        )
        swept = dict(cursor.fetchall())
    counters.add(job_id, counters.moves(before, [after] * len(swept)))
    return swept


def progress(job_id: int) -> Progress:
    """How far an import is, in its own transaction: what an answer that puts a row off is compared with."""
    sums = counters.states(job_id)
    under_way = sums[RowState.SENDING] + sums[RowState.UNKNOWN]
    others = ImportJob.objects.values_list("put_off_answers", flat=True).get(pk=job_id)
    taken = sums[RowState.CREATED] + sums[RowState.REFUSED]
    return Progress(taken, under_way, others, under_way + sums[RowState.PENDING], now_ms())


def count_put_off(job_id: int, answers: int) -> None:
    """So many answers more put off rows of which nothing is suspected; fewer than 0: of so many something is by now."""
    counted = Greatest(0, F("put_off_answers") + answers)
    if answers:
        ImportJob.objects.filter(pk=job_id).update(put_off_answers=counted)


def taken_number(job_id: int) -> str:
    """The number of one of its leads; '' while none was taken."""
    created = ImportRow.objects.filter(job=job_id, state=RowState.CREATED).order_by("-row_number")
    return created.values_list("phone", flat=True).first() or ""


def note_checked(job_id: int, row_id: int) -> None:
    """A look-up was answered right after this row was refused."""
    for row in ImportRow.objects.select_for_update().filter(
        pk=row_id, job=job_id, state__in=(RowState.PENDING, RowState.UNKNOWN)
    ):
        deferral = Deferral.in_detail(row.detail)
        row.detail = {**(row.detail or {}), "deferral": deferral._replace(checked=deferral.checked + 1)._asdict()}
        row.save(update_fields=["detail"])


def open_rows(job_id: int) -> bool:
    """Whether any row is still to be sent, in flight, or to be looked up."""
    return ImportRow.objects.open().filter(job_id=job_id).exists()


def next_due_ms(job_id: int, states: Sequence[str]) -> int | None:
    """Milliseconds until the first of the rows in `states` may be touched (0: now); None when there is none."""
    waits = []
    with connection.cursor() as cursor:
        for state in states:
            cursor.execute(
                f"SELECT MIN(next_ms) - {statement_now_ms()} FROM {ROWS} WHERE job_id = %s AND state = '{state}' AND {IS_OPEN}",
                [job_id],
            )
            waits += [wait for (wait,) in cursor.fetchall() if wait is not None]
    return max(0, min(waits)) if waits else None


def settle_ms(allow_duplicates: bool) -> int:
    """How long to leave a lost answer alone: the service may still be carrying the request out."""
    return 1000 * (settings.SETTLE_SECONDS_WITH_DUPLICATES if allow_duplicates else settings.SETTLE_SECONDS)


def _json(text: Any) -> Any:
    return orjson.loads(text) if isinstance(text, (str, bytes)) else text
