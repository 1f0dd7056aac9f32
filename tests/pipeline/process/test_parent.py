"""Files are opened in a process of their own: its answers, and what becomes of one that dies."""

import json
import os
import signal
import subprocess
import sys

import pytest

from imports.pipeline.process import parent as reading
from imports.pipeline.process.parent import Limits, check_file, preview_file
from imports.pipeline.readers.opening import preview
from imports.pipeline.readers.table import Preview, ReadOptions, UnreadableFile
from tests.pipeline.process.reading import LEADS, ROOT, SETTINGS, long_csv
from tests.processes import PATIENCE

ANSWER = json.loads(LEADS.with_suffix(".json").read_text(encoding="utf-8"))


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
