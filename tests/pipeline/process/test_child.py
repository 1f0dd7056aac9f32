"""What the reading process answers, what it may do, and what it costs."""

import socket
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from imports.pipeline.process import child
from imports.pipeline.process import parent as reading
from imports.pipeline.process.protocol import Chunk, End, Skipped, unpack
from imports.pipeline.readers.table import Row
from tests.pipeline.process.reading import LEADS, ROOT, SETTINGS, long_csv


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def confined(code: str) -> str:
    return python(f"from imports.pipeline.process.child import confine\nconfine(2 * 1024 ** 3, 60, 64)\n{code}")


def rows(*lengths: int) -> list[Row]:
    """Rows whose cells have so many characters together."""
    return [Row(number, ["x" * (length // 2), "y" * (length - length // 2)]) for number, length in enumerate(lengths, 2)]


class TestChunks:
    @pytest.mark.parametrize(("n", "sizes"), [(0, []), (1, [1]), (2_000, [2_000]), (4_001, [2_000, 2_000, 1])])
    def test_rows_come_in_chunks_of_one_size(self, n, sizes):
        assert [len(chunk) for chunk in child.chunks(rows(*[1] * n))] == sizes

    @pytest.mark.parametrize(
        ("lengths", "numbers"),
        [
            ([50, 50], [[2, 3]]),
            ([50, 51], [[2], [3]]),
            ([101, 1, 1, 1], [[2], [3], [4, 5]]),
            ([30] * 7, [[2, 3, 4], [5, 6], [7, 8]]),
            ([999], [[2]]),  # one row is never parted
        ],
    )
    def test_very_long_rows_come_in_smaller_ones_and_in_order(self, monkeypatch, lengths, numbers):
        monkeypatch.setattr(child, "CHUNK_CHARACTERS", 100)
        assert [[row.number for row in chunk] for chunk in child.chunks(rows(*lengths))] == numbers


def checked(path: Path, skip: int = 0) -> list[Chunk | Skipped | End]:
    request = {"mode": "check", "path": str(path), "options": {}, "settings": SETTINGS.to_json(), "skip_chunks": skip}
    return [unpack(line) for line in child.answered(request)]


class TestAnswers:
    @pytest.fixture
    def three_chunks(self, tmp_path, monkeypatch) -> Path:
        monkeypatch.setattr(child, "CHUNK_ROWS", 10)
        return long_csv(tmp_path / "long.csv", 25)

    def test_a_file_is_checked_chunk_by_chunk_to_its_end(self, three_chunks):
        *chunks, end = checked(three_chunks)
        assert [(chunk.index, len(chunk.rows)) for chunk in chunks] == [(0, 10), (1, 10), (2, 5)]
        assert len({chunk.digest for chunk in chunks}) == 3 and end == End(25, end.notes)

    @pytest.mark.parametrize("skip", [1, 2, 3])
    def test_chunks_that_are_stored_already_are_answered_for_by_their_digest(self, three_chunks, skip):
        whole, resumed = checked(three_chunks), checked(three_chunks, skip)
        assert resumed[0] == Skipped(skip, whole[skip - 1].digest) and resumed[1:] == whole[skip:]

    def test_fewer_chunks_than_are_stored_have_another_digest(self, three_chunks):
        whole = checked(three_chunks)
        long_csv(three_chunks, 15)
        skipped, end = checked(three_chunks, 3)
        assert (skipped.index, end.rows) == (2, 15) and skipped.digest not in {chunk.digest for chunk in whole[:-1]}

    @pytest.mark.parametrize(
        ("content", "code"), [(b"", "file_empty"), (b"Ad;Telefon\n", "no_data_rows"), (b"PK\x03\x04broken", "file_damaged")]
    )
    @pytest.mark.parametrize("mode", ["preview", "check"])
    def test_a_file_that_cannot_be_read_says_why(self, tmp_path, mode, content, code):
        path = tmp_path / "file"
        path.write_bytes(content)
        request = {"mode": mode, "path": str(path), "options": {}, "settings": SETTINGS.to_json(), "skip_chunks": 0}
        [line] = child.answered(request)
        assert orjson.loads(line)["unreadable"][0] == code

    @pytest.mark.parametrize("error", [MemoryError(), RecursionError()])
    def test_a_file_that_is_too_much_is_called_too_complex(self, monkeypatch, error):
        assert self.answer_after(monkeypatch, error) == {"unreadable": ["file_too_complex", {}]}

    def test_a_defect_is_told_by_its_place_and_never_by_what_the_file_holds(self, monkeypatch):
        crashed = self.answer_after(monkeypatch, ValueError("Ayşe +905321112233"))["crashed"]
        assert crashed.startswith("ValueError at test_child.py:") and "child.py:" in crashed and "Ayşe" not in crashed

    def answer_after(self, monkeypatch, error: BaseException) -> dict:
        def broken(*_asked):
            raise error

        monkeypatch.setattr(child, "preview", broken)
        [line] = child.answered({"mode": "preview", "path": "file", "options": {}})
        return orjson.loads(line)

    @pytest.mark.parametrize(("n", "parts"), [(0, [0]), (3, [3]), (10, [10]), (21, [10, 10, 1])])
    def test_corrections_come_in_parts_and_at_least_in_one(self, monkeypatch, n, parts):
        monkeypatch.setattr(child, "CHUNK_ROWS", 10)
        changed = [[number, ["a"]] for number in range(n)]
        monkeypatch.setattr("imports.pipeline.reports.fix_workbook_reader.read_corrections", lambda *asked: iter(changed))
        lines = list(child.answered({"mode": "corrections", "path": "", "import_key": "", "headers": []}))
        assert [len(orjson.loads(line)["corrections"]) for line in lines] == parts


class TestConfinement:
    def test_our_secrets_are_not_in_its_environment(self, monkeypatch):
        monkeypatch.setenv("CANARY", "secret")
        process = reading._started()
        try:
            # Until the program is replaced, a new process shows the environment of its parent.
            while b"python" not in (Path(f"/proc/{process.pid}/cmdline").read_bytes()).lower():
                pass
            assert b"CANARY" not in Path(f"/proc/{process.pid}/environ").read_bytes()
        finally:
            process.kill()
            process.communicate()

    def test_it_cannot_take_more_memory_than_it_may(self):
        assert confined("try:\n    bytearray(3 * 1024 ** 3)\nexcept MemoryError:\n    print('refused')") == "refused"

    def test_it_cannot_write_files(self, tmp_path):
        assert (
            confined(
                f"import signal\ntry:\n    open({str(tmp_path / 'x')!r}, 'w').write('x' * 100_000)\nexcept OSError as error:\n    print(error.errno)"
            )
            == "27"
        )

    def test_it_cannot_open_many_files(self):
        assert (
            confined("try:\n    kept = [open('/dev/null') for _ in range(100)]\nexcept OSError as error:\n    print(error.errno)")
            == "24"
        )

    def test_it_has_no_network_where_the_kernel_lets_us_take_it(self):
        may = python("import ctypes; print(ctypes.CDLL(None).unshare(0x10000000 | 0x40000000))") == "0"
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            reached = confined(
                f"import socket\ntry:\n    socket.create_connection(('127.0.0.1', {port}), 60)\n    print('reached')\nexcept OSError:\n    print('cut off')"
            )
        assert reached == ("cut off" if may else "reached")

    @pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
    def test_a_preview_loads_only_what_the_format_needs(self, kind):
        heavy = "phonenumbers pandas numpy openpyxl django chardet xlsxwriter python_calamine lxml msoffcrypto cryptography"
        loaded = python(
            "import sys\nfrom imports.pipeline.process.child import answered\n"
            f"assert b'preview' in [*answered({{'mode': 'preview', 'path': {str(LEADS.with_suffix(f'.{kind}'))!r}, 'options': {{}}}})][-1]\n"
            f"print(*[name for name in {heavy.split()!r} + {['xlrd', 'olefile', 'imports.pipeline.readers.xls.reader'] if kind != 'xls' else []!r} if name in sys.modules])"
        )
        assert loaded == ""
