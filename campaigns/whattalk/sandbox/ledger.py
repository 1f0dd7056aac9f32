"""The sandbox's append-only record: one JSON object a line, written before the answer leaves.

Every event has `event`, `wall` (seconds since 1970) and `mono` (this machine's monotonic clock).

    boot     a sandbox process began                  version
    start    an API request has arrived               n, operation, method, path, conn [, phone, campaign, block, ordinal]
    end      it is over                               n, status (null: no answer) [, accepted, lead, fault, why]
    lead     a lead was added                         n (0: through /_sandbox), lead {…} [, again: the number was there]
    change   a lead was changed                       id, and what changed
    delete   a lead was deleted                       id
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

    def __init__(self, path: Path):
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        os.ftruncate(self._file, _whole_lines(path))

    def write(self, event: str, **what: Any) -> None:
        line = {"event": event, "wall": time.time(), "mono": time.monotonic(), **what}
        os.write(self._file, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        os.close(self._file)


def _whole_lines(path: Path) -> int:
    """Bytes up to the last line end: a disk that was full may have left half a line behind."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 1024 * 1024))
        tail = file.read()
    return size - len(tail) + tail.rfind(b"\n") + 1 if tail else 0


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

    def __init__(self, path: str | Path):
        self.path = Path(path)

    def events(self) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = []
        for event in self.all_events():
            if event["event"] == "reset":
                kept.clear()
            else:
                kept.append(event)
        return kept

    def all_events(self) -> Iterator[dict[str, Any]]:
        """Every whole line from the beginning; a line half written at this moment is left out."""
        if not self.path.exists():
            return
        with self.path.open("rb") as lines:
            for line in lines:
                if line.endswith(b"\n"):
                    yield orjson.loads(line)

    def posts(self) -> list[Post]:
        """Every lead POST in order of arrival."""
        found: dict[int, Post] = {}
        for event in self.events():
            kind = event["event"]
            if kind == "start" and "phone" in event:
                found[event["n"]] = _opened(event)
            elif kind == "lead" and event["n"] in found:
                found[event["n"]] = found[event["n"]]._replace(lead=str(event["lead"]["id"]))
            elif kind == "end" and event["n"] in found:
                found[event["n"]] = found[event["n"]]._replace(
                    ended=event["mono"], status=event["status"], fault=event.get("fault")
                )
            elif kind == "boot":  # no connection outlives the process that held it
                found = {n: post if post.ended else post._replace(ended=event["mono"]) for n, post in found.items()}
        return list(found.values())

    def accepted(self) -> dict[tuple[str, str], list[str]]:
        """(campaign id, phone) → ids of the leads ever added for it; more than one is a double.

        Leads deleted later are included: they were added. Leads put there through /_sandbox are not.
        """
        added: dict[tuple[str, str], list[str]] = defaultdict(list)
        for event in self.events():
            if event["event"] == "lead" and event["n"]:
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


def _overlapping(posts: list[Post]) -> Iterator[tuple[Post, Post]]:
    latest: Post | None = None
    for post in sorted(posts, key=lambda one: one.started):
        if latest and (latest.ended is None or post.started < latest.ended):
            yield latest, post
        if latest is None or latest.ended is not None and (post.ended is None or post.ended > latest.ended):
            latest = post
