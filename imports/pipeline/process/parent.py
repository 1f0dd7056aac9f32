"""Files are read in a process of their own, under limits: this is its parent.

`preview_file`, `check_file` and `read_corrections` return what `readers.opening`, `process.protocol` and
`reports.fix_workbook_reader` describe. A file that kills its reader, or keeps it busy for too long, raises UnreadableFile like
any other that cannot be read.
"""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Timer

import orjson

from imports.pipeline.process.protocol import Chunk, End, Skipped, unpack
from imports.pipeline.readers.table import Json, Preview, ReadOptions, UnreadableFile
from imports.pipeline.rows import CheckSettings

log = logging.getLogger(__name__)
PROJECT = Path(__file__).resolve().parents[3]
LONGEST_LINE = 256 * 1024 * 1024
# The only variables of the environment that a reading process gets: where Python and its libraries are.
PYTHON_NEEDS = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
PIPE = 1024 * 1024  # bytes the child may be ahead of its parent: about one chunk


@dataclass(frozen=True)
class Limits:
    """What a reading process may use: bytes of memory, seconds of CPU, open files."""

    memory: int = 2 * 1024**3
    cpu: int = 600
    files: int = 64


PREVIEW_LIMITS = Limits(cpu=60)
CHECK_LIMITS = Limits()
PREVIEW_SECONDS = 60
CHECK_SECONDS = 15 * 60


class ReaderKilled(UnreadableFile):
    """The reading process was killed by something else than the file's limits: another try may well succeed."""


def preview_file(path: str | Path, options: ReadOptions = ReadOptions(), limits: Limits = PREVIEW_LIMITS) -> Preview:
    """Raises UnreadableFile, and OSError where there is no such file."""
    request = {"mode": "preview", "path": _absolute(path), "options": options.to_json()}
    line = next(_answers(request, limits, PREVIEW_SECONDS))
    return Preview.from_json(orjson.loads(line)["preview"])


def check_file(
    path: str | Path,
    options: ReadOptions,
    settings: CheckSettings,
    skip_chunks: int = 0,
    limits: Limits = CHECK_LIMITS,
) -> Iterator[Chunk | Skipped | End]:
    """Every row checked, a chunk at a time; with `skip_chunks`, a Skipped stands for those stored before. Ends with an
    End. Raises UnreadableFile, also after some chunks."""
    request = {
        "mode": "check",
        "path": _absolute(path),
        "options": options.to_json(),
        "settings": settings.to_json(),
        "skip_chunks": skip_chunks,
    }
    ended = False
    for line in _answers(request, limits, CHECK_SECONDS):
        message = unpack(line)
        ended = isinstance(message, End)
        yield message
    if not ended:
        raise UnreadableFile("file_too_complex")


def read_corrections(
    path: str | Path,
    import_key: str,
    headers: Sequence[str],
    limits: Limits = CHECK_LIMITS,
) -> Iterator[list[tuple[int, list[str]]]]:
    """(row number, cells) of the changed rows of a "fix in Excel" workbook, some at a time. Raises UnreadableFile."""
    request = {"mode": "corrections", "path": _absolute(path), "import_key": import_key, "headers": list(headers)}
    for line in _answers(request, limits, CHECK_SECONDS):
        yield [(number, cells) for number, cells in orjson.loads(line)["corrections"]]


def _absolute(path: str | Path) -> str:
    """The reading process starts in another folder."""
    return str(Path(path).resolve(strict=True))


def _answers(request: Json, limits: Limits, seconds: float) -> Iterator[bytes]:
    """The lines of a reading process. Raises UnreadableFile when it refuses the file, dies of it or takes too long, and
    ReaderKilled when it was killed from elsewhere."""
    process, is_over_time = _started(), Event()
    requests, answers = process.stdin, process.stdout
    assert requests and answers  # both are pipes
    clock = Timer(seconds, _end, [process, is_over_time])
    clock.daemon = True
    clock.start()
    try:
        requests.write(orjson.dumps(request | {"limits": asdict(limits)}))
        requests.close()
        answered, line = False, answers.readline(LONGEST_LINE)
        while line.endswith(b"\n"):
            yield _accepted(line)
            answered, line = True, answers.readline(LONGEST_LINE)
        if line or not answered or process.wait() == -signal.SIGKILL:
            raise _death_of(process, is_over_time)
    except BrokenPipeError:
        raise _death_of(process, is_over_time) from None
    finally:
        clock.cancel()
        process.kill()
        answers.close()
        process.wait()


def _end(process: subprocess.Popen[bytes], is_over_time: Event) -> None:
    is_over_time.set()
    process.kill()


def _death_of(process: subprocess.Popen[bytes], is_over_time: Event) -> UnreadableFile:
    """What the limits do to a reader looks different: an error of memory, or another signal."""
    try:
        was_killed = process.wait(timeout=1) == -signal.SIGKILL and not is_over_time.is_set()
    except subprocess.TimeoutExpired:  # it has closed its side and lives on
        was_killed = False
    return (ReaderKilled if was_killed else UnreadableFile)("file_too_complex")


def _started() -> subprocess.Popen[bytes]:
    """A reading process without the environment of its parent, which holds secrets."""
    return subprocess.Popen(
        [sys.executable, "-X", "utf8", "-B", "-s", "-m", "imports.pipeline.process.child"],
        cwd=PROJECT,
        env={name: os.environ[name] for name in PYTHON_NEEDS if name in os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pipesize=PIPE,
        start_new_session=True,
    )


def _accepted(line: bytes) -> bytes:
    """A line that holds rows or a preview. Raises UnreadableFile for any other."""
    if line.startswith(b'{"unreadable"'):
        code, params = orjson.loads(line)["unreadable"]
        raise UnreadableFile(code, **params)
    if line.startswith(b'{"crashed"'):
        log.error("the reader of a file failed: %s", orjson.loads(line)["crashed"])
        raise UnreadableFile("file_damaged")
    return line
