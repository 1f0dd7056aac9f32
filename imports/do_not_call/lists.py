"""Whole lists of numbers that must not be called: kept as uploads are, and read by a worker, part by part.

A list that was cut short goes on after the last part that was committed; one that cannot be read says why.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from background import shutdown
from background.leases import Leases, Lost, Renewal
from campaigns import do_not_call_list
from campaigns.models import Campaign, DoNotCall
from imports.check.one_writer import leaving_room
from imports.do_not_call import numbers
from imports.do_not_call.numbers import Part
from imports.errors import WorkflowError
from imports.intake import object_store, quota, storage
from imports.models import NumberList
from imports.pipeline.process import parent
from imports.pipeline.readers.table import UnreadableFile
from people import audit
from people.models import User

log = logging.getLogger(__name__)
LEASES = Leases(NumberList, NumberList.State.WAITING, 60_000, related=("campaign", "added_by"))
STALLS_AFTER = float(parent.CHECK_SECONDS)  # as long as a reader may take over a file, thus over any part of it
Question = Callable[[], bool]
MOST_ATTEMPTS = 3
NAMED = 20  # doubtful lines that are shown
KEPT = 20  # lists that are shown


def accept(chunks: Iterable[bytes], file_name: str, *, campaign: Campaign | None, note: str, user: User | None) -> NumberList:
    """Keep a list (`file_name` '' for lines of text) and have it read. WorkflowError when there is no room for it."""
    quota.check_room(user)
    key, size, _sha256 = storage.keep(chunks)
    try:
        with transaction.atomic():
            quota.take(user, size)
            one = NumberList.objects.create(
                file_key=key,
                file_name=storage.clean_name(file_name) if file_name else "",
                campaign=campaign,
                note=note[:200],
                added_by=user,
            )
            audit.record(user, "upload_list", "do-not-call list", after={"size": size})
    except WorkflowError:
        object_store.remove(storage.kept_path(key))
        raise
    return one


def due_ids() -> list[int]:
    return list(LEASES.free().order_by("pk").values_list("pk", flat=True))


def recent(among: QuerySet[NumberList]) -> list[NumberList]:
    """The latest lists of those, for the page."""
    return list(among.select_related("campaign", "added_by").order_by("-pk")[:KEPT])


def run(list_id: int) -> None:
    """Read a list to its end. Harmless to call twice at once, or for one that has ended."""
    one = claim(list_id)
    if one:
        run_claimed(one)


def claim(list_id: int) -> NumberList | None:
    return LEASES.claim(list_id, attempts=F("attempts") + 1)


def run_claimed(one: NumberList, must_yield: Question = lambda: False) -> None:
    """As `run`, of a list that this process has claimed. `must_yield`, asked after every part: whether to go on later."""
    try:
        if one.attempts > MOST_ATTEMPTS:
            raise UnreadableFile("read_crashed")
        with LEASES.renewed(one, STALLS_AFTER) as renewal:
            is_whole = _read(one, must_yield, renewal)
        _end(one, NumberList.State.DONE) if is_whole else LEASES.release(one)
    except object_store.ObjectStoreError:
        # Tried again until the service answers, whenever the lease has run out: at once would be a loop.
        LEASES.renew(one, attempts=F("attempts") - 1)
    except (UnreadableFile, WorkflowError) as error:
        _end(one, NumberList.State.FAILED, list(error.reason))
    except Lost:
        log.info("number list %s is read elsewhere", one.pk)


def _read(one: NumberList, must_yield: Question, renewal: Renewal) -> bool:
    """Whether it has been read to its end."""
    for part in _parts(one):
        renewal.note_progress()
        _add(one, part)
        if shutdown.is_asked() or must_yield():
            return False
    return True


def _parts(one: NumberList) -> Iterator[Part]:
    skip = one.progress.get("parts", 0)
    with object_store.readable(storage.kept_path(one.file_key)) as path:
        if not path.exists():
            raise UnreadableFile("file_gone")
        yield from numbers.of_spreadsheet(path, skip) if one.file_name else numbers.of_text_file(path, skip)


def _add(one: NumberList, part: Part) -> None:
    """One part and the checkpoint that says so, in one transaction."""
    with leaving_room(part.number), transaction.atomic():
        added = do_not_call_list.add(
            part.numbers, campaign=one.campaign, note=one.note, user=one.added_by, source=DoNotCall.Source.FILE
        )
        one.progress = _progress(one.progress, part, added)
        LEASES.hold(one, progress=one.progress, attempts=0)


def _progress(before: dict[str, Any], part: Part, added: do_not_call_list.Added) -> dict[str, Any]:
    return {
        "parts": part.number + 1,
        "new": before.get("new", 0) + added.new,
        "known": before.get("known", 0) + added.known,
        "doubtful": before.get("doubtful", 0) + len(part.doubtful),
        "named": [*before.get("named", []), *map(list, part.doubtful)][:NAMED],
    }


def _end(one: NumberList, state: NumberList.State, reason: list[Any] | None = None) -> None:
    if LEASES.release(one, state=state, reason=reason or [], finished_at=timezone.now()):
        object_store.remove(storage.kept_path(one.file_key))
