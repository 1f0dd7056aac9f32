"""Checked rows as they travel from the reading process: in chunks that can be continued."""

import signal

from imports.pipeline.process import parent as reading
from imports.pipeline.process.parent import check_file
from imports.pipeline.process.protocol import Chunk, End, Skipped
from imports.pipeline.readers.table import ReadOptions
from tests.pipeline.process.reading import SETTINGS, long_csv


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
