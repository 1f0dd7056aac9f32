"""The sandbox's append-only record: one JSON object a line, written before the answer leaves.

Every event has `event`, `wall` (seconds since 1970) and `mono` (this machine's monotonic clock).

    boot     a sandbox process began                  version
    start    an API request has arrived               n, operation, method, path, conn [, phone, campaign, block, ordinal]
    end      it is over                               n, status (null: no answer) [, accepted, lead, fault, why]
    lead     a lead was added                         n (0: through /_sandbox), lead {…} [, again: the number was there]
    change   a lead was changed                       id, and what changed
    delete   a lead was deleted                       n, id
    moved    leads were called                        leads [[id, status, call_tries], …]
    campaign a campaign was made or changed           campaign {…}
    reset    everything before this line is forgotten

`n` numbers the requests of one ledger. `block` tells whether the duplicate block was on, `ordinal` counts
lead POSTs. `why` in an `end` without an answer: gone (the client hung up first), fault, or shutdown.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson


class LedgerWriter:
    """Each line reaches the operating system before `write` returns: a killed sandbox forgets nothing."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        os.ftruncate(self._file, _whole_lines(path))

    def write(self, event: str, **what: Any) -> None:
        line = {"event": event, "wall": time.time(), "mono": time.monotonic(), **what}
        os.write(self._file, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        os.close(self._file)


def _whole_lines(path: Path) -> int:
    """Bytes up to the last line end: a disk that was full may have left half a line behind."""
    end = path.stat().st_size
    with path.open("rb") as file:
        while end:
            begin = max(0, end - 1024 * 1024)
            file.seek(begin)
            if found := file.read(end - begin).rfind(b"\n") + 1:
                return begin + found
            end = begin
    return 0


class Post(NamedTuple):
    """One `POST /user/lead` as the service saw it. `ended` is None while it is open."""

    n: int
    phone: str
    campaign: str
    block: bool
    started: float  # monotonic
    wall: float
    ended: float | None
    status: int | None
    lead: str | None  # the lead this request added, whenever it did
    fault: str | None


class Ledger:
    """Reads a ledger file, also while it is being written. Everything before the last `reset` is left out."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def events(self, *kinds: str) -> Iterator[dict[str, Any]]:
        """All events since the last `reset`, or only those of some kinds."""
        if self.path.exists():
            yield from self._events_from(self._last_reset(), kinds)

    def all_events(self) -> Iterator[dict[str, Any]]:
        """From the very beginning, resets among them."""
        if self.path.exists():
            yield from self._events_from(0, ())

    def _events_from(self, offset: int, kinds: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        wanted = tuple(b'{"event":"%s"' % kind.encode() for kind in kinds)
        with self.path.open("rb") as lines:
            lines.seek(offset)
            for line in lines:
                # Without its end a line is being written at this moment.
                if line.endswith(b"\n") and (not wanted or line.startswith(wanted)):
                    yield orjson.loads(line)

    def _last_reset(self) -> int:
        """Where the line after the last reset begins."""
        found = offset = 0
        with self.path.open("rb") as lines:
            for line in lines:
                offset += len(line)
                if line.startswith(b'{"event":"reset"') and line.endswith(b"\n"):
                    found = offset
        return found

    def posts(self) -> list[Post]:
        """Every lead POST in order of arrival."""
        found: dict[int, Post] = {}
        for event in self.events("start", "lead", "end", "boot"):
            if event["event"] == "boot":  # no connection outlives the process that held it
                found = {n: post if post.ended else post._replace(ended=event["mono"]) for n, post in found.items()}
            elif event["event"] == "start" and "phone" in event:
                found[event["n"]] = _opened(event)
            elif post := found.get(event["n"]):
                found[event["n"]] = post._replace(**_changes(event))
        return list(found.values())

    def accepted(self) -> dict[tuple[str, str], list[str]]:
        """(campaign id, phone) → ids of the leads ever added for it; more than one is a duplicate.

        Leads deleted later are included: they were added. Leads put there through /_sandbox are not.
        """
        added: dict[tuple[str, str], list[str]] = defaultdict(list)
        for event in self.events("lead"):
            if event["n"]:
                lead = event["lead"]
                added[str(lead["campaign_id"]), lead["phone_number"]].append(str(lead["id"]))
        return dict(added)

    def doubles(self) -> dict[tuple[str, str], list[str]]:
        """The part of `accepted` with more than one lead."""
        return {key: ids for key, ids in self.accepted().items() if len(ids) > 1}

    def overlaps(self) -> list[tuple[Post, Post]]:
        """Pairs of POSTs for the same number and campaign that were open at the same time."""
        by_key: dict[tuple[str, str], list[Post]] = defaultdict(list)
        for post in self.posts():
            by_key[post.campaign, post.phone].append(post)
        return [pair for posts in by_key.values() for pair in _overlapping(posts)]


def _opened(event: dict[str, Any]) -> Post:
    return Post(
        n=event["n"],
        phone=event["phone"],
        campaign=str(event["campaign"]),
        block=event["block"],
        started=event["mono"],
        wall=event["wall"],
        ended=None,
        status=None,
        lead=None,
        fault=None,
    )


def _changes(event: dict[str, Any]) -> dict[str, Any]:
    """What a `lead` or `end` event adds to a post."""
    if event["event"] == "lead":
        return {"lead": str(event["lead"]["id"])}
    return {"ended": event["mono"], "status": event["status"], "fault": event.get("fault")}


def _overlapping(posts: list[Post]) -> Iterator[tuple[Post, Post]]:
    latest: Post | None = None
    for post in sorted(posts, key=lambda one: one.started):
        if latest and (latest.ended is None or post.started < latest.ended):
            yield latest, post
        if latest is None or latest.ended is not None and (post.ended is None or post.ended > latest.ended):
            latest = post
