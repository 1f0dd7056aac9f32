"""Whole lists of numbers that must not be called: kept as uploads are, and read by a worker, part by part.

A list that was cut short goes on after the last part that was committed; one that cannot be read says why.
"""

import logging
import secrets
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from background import shutdown
from background.database_clock import now_ms
from campaigns import do_not_call_list
from campaigns.models import Campaign, DoNotCall
from imports.do_not_call import numbers
from imports.do_not_call.numbers import Part
from imports.errors import WorkflowError
from imports.intake import storage
from imports.models import NumberList
from imports.pipeline.readers.table import UnreadableFile

log = logging.getLogger(__name__)
LEASE_MS = 60_000  # much longer than a part takes
MOST_ATTEMPTS = 3
NAMED = 20  # doubtful lines that are shown
KEPT = 20  # lists that are shown


class _Overtaken(Exception):
    """Another process reads this list now."""


def accept(chunks: Iterable[bytes], file_name: str, *, campaign: Campaign | None, note: str, user) -> NumberList:
    """Keep a list (`file_name` '' for lines of text) and have it read. WorkflowError when there is no room for it."""
    storage.check_room(None)
    key, _size, _sha256 = storage.keep(chunks)
    return NumberList.objects.create(
        file_key=key,
        file_name=storage.clean_name(file_name) if file_name else "",
        campaign=campaign,
        note=note[:200],
        added_by=user,
    )


def due_ids() -> list[int]:
    return list(NumberList.objects.filter(state="waiting", lease_ms__lt=now_ms()).order_by("pk").values_list("pk", flat=True))


def recent() -> list[NumberList]:
    """The latest lists, for the page."""
    return list(NumberList.objects.select_related("campaign", "added_by").order_by("-pk")[:KEPT])


def run(list_id: int) -> None:
    """Read a list to its end. Harmless to call twice at once, or for one that has ended."""
    one = _claim(list_id)
    if one is None:
        return
    try:
        if one.attempts > MOST_ATTEMPTS:
            raise UnreadableFile("read_crashed")
        for part in _parts(one):
            _add(one, part)
            if shutdown.is_asked():
                _ours(one).update(lease_ms=0)
                return
        _end(one, "done")
    except (UnreadableFile, WorkflowError) as error:
        _end(one, "failed", list(error.reason))
    except _Overtaken:
        log.info("number list %s is read elsewhere", list_id)


def _claim(list_id: int) -> NumberList | None:
    token, now = secrets.randbits(62), now_ms()
    claimed = NumberList.objects.filter(pk=list_id, state="waiting", lease_ms__lt=now).update(
        token=token, lease_ms=now + LEASE_MS, attempts=F("attempts") + 1
    )
    return NumberList.objects.select_related("campaign", "added_by").get(pk=list_id) if claimed else None


def _ours(one: NumberList):
    return NumberList.objects.filter(pk=one.pk, state="waiting", token=one.token)


def _parts(one: NumberList) -> Iterator[Part]:
    path, skip = storage.kept_path(one.file_key), one.progress.get("parts", 0)
    if not path.exists():
        raise UnreadableFile("file_gone")
    return numbers.of_spreadsheet(path, skip) if one.file_name else numbers.of_text_file(path, skip)


def _add(one: NumberList, part: Part) -> None:
    """One part and the checkpoint that says so, in one transaction."""
    before = one.progress
    with transaction.atomic():
        added = do_not_call_list.add(
            part.numbers, campaign=one.campaign, note=one.note, user=one.added_by, source=DoNotCall.Source.FILE
        )
        one.progress = {
            "parts": part.index + 1,
            "new": before.get("new", 0) + added.new,
            "known": before.get("known", 0) + added.known,
            "doubtful": before.get("doubtful", 0) + len(part.doubtful),
            "named": [*before.get("named", []), *map(list, part.doubtful)][:NAMED],
        }
        if not _ours(one).update(progress=one.progress, attempts=0, lease_ms=now_ms() + LEASE_MS):
            transaction.set_rollback(True)
            raise _Overtaken


def _end(one: NumberList, state: str, reason: list | None = None) -> None:
    if _ours(one).update(state=state, reason=reason or [], finished_at=timezone.now(), lease_ms=0):
        storage.kept_path(one.file_key).unlink(missing_ok=True)
