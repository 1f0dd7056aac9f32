"""The process in which files are opened: `python -m imports.pipeline.process.child`, started by
`imports.pipeline.process.parent`.

One JSON request on stdin: `{"mode": "preview", "path", "options", "limits"}`; for `"check"` also `settings` and
`skip_chunks`; for `"corrections"`, `import_key` and `headers` instead of options. JSON lines on stdout:
`{"preview": …}`, the lines of `protocol`, or `{"corrections": [[row number, cells], …]}`; a refusal is
`{"unreadable": [code, params]}`, a defect of the reader `{"crashed": where}`, without anything of the file's content. A hostile
file can cost no more than this process may use.
"""

import ctypes
import gc
import os
import resource
import signal
import sys
import traceback
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import orjson

from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import BadRow, Json, ReadOptions, Row, UnreadableFile

CHUNK_ROWS = 2_000
CHUNK_CHARACTERS = 4_000_000  # a chunk of very long rows is cut earlier, always at the same row
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG = 1
NICENESS = 10  # of whole files: sending and pages come first where processors are short. Its parent, which holds locks, has none.


def main() -> None:
    """Answers one request from stdin on stdout, then ends the process."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not look like an answer
    end_with_parent()
    request = orjson.loads(sys.stdin.buffer.read())
    confine(**request["limits"])
    if request["mode"] != "preview":  # for which a person waits
        os.nice(NICENESS)
    gc.disable()  # rows are trees of strings; looking for cycles in them takes a fifth of the time
    for line in answered(request):
        answers.write(line + b"\n")
    answers.flush()
    os._exit(0)  # millions of strings need not be freed one by one


def end_with_parent() -> None:
    """The system kills this process when its parent is killed (Linux): another parent may read the file then."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def confine(memory: int, cpu: int, files: int) -> None:
    """Limits for the rest of this process: bytes of memory, seconds of CPU, open files; no writing, no network."""
    _limit(resource.RLIMIT_AS, memory, memory)
    _limit(resource.RLIMIT_CPU, cpu, cpu + 5)
    _limit(resource.RLIMIT_NOFILE, files, files)
    _limit(resource.RLIMIT_FSIZE, 0, 0)
    _limit(resource.RLIMIT_CORE, 0, 0)
    # Some kernels forbid this to ordinary users; the reader opens no connection anyway.
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare:
        unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _limit(kind: int, soft: int, hard: int) -> None:
    """A stricter limit that is set already stays; macOS knows no limit of memory."""
    try:
        _, most = resource.getrlimit(kind)
        most = hard if most == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (min(soft, most), most))
    except (ValueError, OSError):
        if sys.platform == "linux":
            raise


def answered(request: Json) -> Iterator[bytes]:
    """The lines that answer a request; whatever goes wrong is a line too."""
    try:
        match request["mode"]:
            case "preview":
                options = ReadOptions.from_json(request["options"])
                yield orjson.dumps({"preview": preview(request["path"], options).to_json()})
            case "check":
                options = ReadOptions.from_json(request["options"])
                yield from checked(request["path"], options, request["settings"], request["skip_chunks"])
            case "corrections":
                yield from corrected(request["path"], request["import_key"], request["headers"])
    except UnreadableFile as refusal:
        yield orjson.dumps({"unreadable": list(refusal.reason)})
    except (MemoryError, RecursionError):
        yield orjson.dumps({"unreadable": ["file_too_complex", {}]})
    except Exception as error:  # the boundary of the process: the parent logs it and calls the file damaged
        frames = traceback.extract_tb(error.__traceback__)
        where = " < ".join(f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in reversed(frames[-6:]))
        yield orjson.dumps({"crashed": f"{type(error).__name__} at {where}"})


def checked(path: str, options: ReadOptions, settings_json: Json, skip: int) -> Iterator[bytes]:
    """Every row checked, a chunk a line. The first `skip` chunks are only read, and answered for by their digest; where there are
    fewer than that, by the digest of them all, which is another."""
    from imports.pipeline.rows import CheckSettings, check_rows  # noqa: PLC0415  a preview starts sooner without it

    from .protocol import chained, pack_chunk, pack_end, pack_skipped  # noqa: PLC0415  a preview starts sooner without it

    settings = CheckSettings.from_json(settings_json)
    sheet = open_sheet(path, options)
    digest, count, index = "", 0, -1
    for index, rows in enumerate(chunks(sheet.rows())):
        digest = chained(digest, [[row.number, row.cells] for row in rows])
        count += len(rows)
        if index >= skip:
            yield pack_chunk(index, digest, check_rows(rows, settings))
        elif index == skip - 1:
            yield pack_skipped(skip, digest)
    if not count:
        raise UnreadableFile("no_data_rows")
    if index + 1 < skip:
        yield pack_skipped(index + 1, digest)
    yield pack_end(count, [list(note) for note in sheet.notes])


def corrected(path: str, import_key: str, headers: list[str]) -> Iterator[bytes]:
    """The rows of a "fix in Excel" workbook that a person has changed; one line at least."""
    from imports.pipeline.reports.fix_workbook_reader import read_corrections  # noqa: PLC0415  for corrections only

    changed = read_corrections(path, import_key, headers)
    yield orjson.dumps({"corrections": list(islice(changed, CHUNK_ROWS))})
    while some := list(islice(changed, CHUNK_ROWS)):
        yield orjson.dumps({"corrections": some})


def chunks(rows: Iterable[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    """Lists of CHUNK_ROWS rows; fewer where they hold more than CHUNK_CHARACTERS."""
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield from _pieces(chunk)


def _pieces(chunk: list[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    if len(chunk) == 1 or sum(map(len, chain.from_iterable(row[1] for row in chunk))) <= CHUNK_CHARACTERS:
        yield chunk
        return
    middle = len(chunk) // 2
    yield from _pieces(chunk[:middle])
    yield from _pieces(chunk[middle:])


if __name__ == "__main__":
    main()
