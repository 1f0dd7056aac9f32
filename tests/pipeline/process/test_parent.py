"""Files are opened in a process of their own: what it may do, what it costs, and what becomes of one that dies."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from imports.pipeline.columns.fields import Field
from imports.pipeline.phones.normalise import PhoneFormat
from imports.pipeline.process import parent as reading
from imports.pipeline.process.parent import Limits, check_file, preview_file
from imports.pipeline.process.protocol import Chunk, End, Skipped
from imports.pipeline.readers.opening import preview
from imports.pipeline.readers.table import Preview, ReadOptions, UnreadableFile
from imports.pipeline.rows import CheckSettings
from tests.processes import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
LEADS = ROOT / "tests" / "spreadsheets" / "leads.csv"
ANSWER = json.loads(LEADS.with_suffix(".json").read_text(encoding="utf-8"))
SETTINGS = CheckSettings({"phone_number": 1}, [Field("phone_number", "phone", "", 0, True)], PhoneFormat("national", "TR"))


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def confined(code: str) -> str:
    return python(f"from imports.pipeline.process.child import confine\nconfine(2 * 1024 ** 3, 60, 64)\n{code}")


def long_csv(path: Path, rows: int) -> Path:
    path.write_text("Ad;Telefon\n" + "".join(f"Ali {n};0532 {n:07}\n" for n in range(rows)), encoding="utf-8")
    return path


class TestAnswers:
    def test_a_preview_is_the_one_made_in_this_process(self):
        assert preview_file(LEADS) == preview(LEADS)

    def test_a_preview_survives_json(self):
        shown = preview(LEADS)
        assert Preview.from_json(json.loads(json.dumps(shown.to_json()))) == shown

    @pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
    def test_the_good_list_gives_the_answer_it_deserves(self, kind):
        chunk, end = check_file(LEADS.with_suffix(f".{kind}"), ReadOptions(), SETTINGS)
        phones = {str(number): phone for number, _, _, phone, *_ in chunk.rows if phone}
        reasons = {str(number): reason for number, state, reason, *_ in chunk.rows if state == "invalid"}
        assert (phones, reasons, end.rows) == (ANSWER["phones"], ANSWER["reasons"], ANSWER["rows"])

    def test_relative_paths_are_ours(self, monkeypatch):
        monkeypatch.chdir(LEADS.parent)
        assert preview_file("leads.csv").headers == ANSWER["header"]

    def test_a_file_that_is_not_there_is_no_unreadable_file(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            preview_file(tmp_path / "missing.csv")

    def test_what_a_person_chose_is_obeyed(self):
        shown = preview_file(LEADS, ReadOptions(encoding="cp1252", delimiter=",", header_row=0))
        assert (shown.encoding, shown.delimiter, shown.header_row) == ("cp1252", ",", 0)


class TestChunks:
    def test_rows_come_in_chunks_of_two_thousand(self, tmp_path):
        *chunks, end = check_file(long_csv(tmp_path / "long.csv", 4_500), ReadOptions(), SETTINGS)
        assert [(type(chunk), chunk.index, len(chunk.rows)) for chunk in chunks] == [
            (Chunk, 0, 2000),
            (Chunk, 1, 2000),
            (Chunk, 2, 500),
        ]
        assert end == End(4_500, [])

    def test_a_check_goes_on_after_the_chunks_stored_before(self, tmp_path):
        path = long_csv(tmp_path / "long.csv", 5_000)
        first, second, third, end = check_file(path, ReadOptions(), SETTINGS)
        assert [*check_file(path, ReadOptions(), SETTINGS, skip_chunks=2)] == [Skipped(2, second.digest), third, end]

    def test_the_digest_of_what_was_skipped_betrays_a_changed_file(self, tmp_path):
        path = long_csv(tmp_path / "long.csv", 5_000)
        _, second, *_ = check_file(path, ReadOptions(), SETTINGS)
        path.write_text(path.read_text().replace("Ali 7;", "Ece 7;"))
        skipped, *_ = check_file(path, ReadOptions(), SETTINGS, skip_chunks=2)
        assert skipped.digest != second.digest

    def test_very_long_rows_come_in_smaller_chunks(self, tmp_path):
        path = tmp_path / "wide.csv"
        path.write_text("Ad;Telefon\n" + f"{'x' * 20_000};0532\n" * 500)
        *chunks, end = check_file(path, ReadOptions(), SETTINGS)
        assert len(chunks) > 2 and end.rows == 500

    def test_one_who_stops_listening_leaves_no_process_behind(self, tmp_path, monkeypatch):
        started = []
        start = reading._started
        monkeypatch.setattr(reading, "_started", lambda: started.append(start()) or started[-1])
        messages = check_file(long_csv(tmp_path / "long.csv", 50_000), ReadOptions(), SETTINGS)
        next(messages)
        messages.close()
        assert started[0].returncode == -signal.SIGKILL


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


class TestDeath:
    """Whatever becomes of the process, a person reads one sentence."""

    @pytest.fixture
    def child(self, monkeypatch):
        def replace(code: str) -> None:
            monkeypatch.setattr(
                reading,
                "_started",
                lambda: subprocess.Popen(
                    [sys.executable, "-c", code],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                ),
            )

        return replace

    @pytest.mark.parametrize(
        "code",
        [
            "import os; os.abort()",
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            "import sys; sys.stdin.read(); raise SystemExit(3)",
            "import sys; sys.stdin.read()",
            "print('{\"preview\": ', end='')",
        ],
    )
    def test_it_dies(self, child, code):
        child(code)
        with pytest.raises(UnreadableFile) as refusal:
            preview_file(LEADS)
        assert refusal.value.reason.code == "file_too_complex"

    def test_it_dies_in_the_middle_of_the_rows(self, child, tmp_path):
        child(
            "import sys, imports.pipeline.process.child as child, imports.pipeline.process.protocol as wire\n"
            "import orjson, os, types\nrequest = orjson.loads(sys.stdin.buffer.read())\n"
            "lines = child.answered(request)\nprint(next(lines).decode(), flush=True)\nos.abort()"
        )
        messages = check_file(long_csv(tmp_path / "long.csv", 5_000), ReadOptions(), SETTINGS)
        assert next(messages).index == 0
        with pytest.raises(UnreadableFile):
            next(messages)

    def test_it_takes_too_long(self, child, monkeypatch):
        monkeypatch.setattr(reading, "PREVIEW_SECONDS", 0.5)
        child("import time; time.sleep(60)")
        with pytest.raises(UnreadableFile) as refusal:
            preview_file(LEADS)
        assert refusal.value.reason.code == "file_too_complex"

    def test_it_never_ends_a_line(self, child, monkeypatch):
        monkeypatch.setattr(reading, "LONGEST_LINE", 100_000)
        child("import sys\nwhile True: sys.stdout.write('x' * 65536)")
        with pytest.raises(UnreadableFile):
            preview_file(LEADS)

    def test_a_mistake_of_ours_is_logged_without_a_cell(self, child, caplog):
        child('import sys; sys.stdin.read(); print(\'{"crashed": "KeyError at layout.py:7"}\')')
        with pytest.raises(UnreadableFile) as refusal:
            preview_file(LEADS)
        assert refusal.value.reason.code == "file_damaged"
        assert "KeyError at layout.py:7" in caplog.text

    def test_cpu_without_end_is_ended(self):
        process = subprocess.run(
            [
                sys.executable,
                "-c",
                "from imports.pipeline.process.child import confine\nconfine(2 * 1024 ** 3, 1, 64)\nwhile True: pass",
            ],
            cwd=ROOT,
            env=os.environ,
            timeout=PATIENCE,
            check=False,
        )
        assert process.returncode == -signal.SIGXCPU


def test_limits_reach_the_process(tmp_path):
    """A file that needs more memory than is allowed is refused, not a crash of ours."""
    path = long_csv(tmp_path / "long.csv", 200_000)
    with pytest.raises(UnreadableFile) as refusal:
        preview_file(path, limits=Limits(memory=40 * 1024**2))
    assert refusal.value.reason.code == "file_too_complex"
