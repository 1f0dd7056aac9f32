"""The types that readers share survive the way between processes."""

import orjson

from imports.pipeline.readers.table import Preview, ReadOptions, Row, SheetInfo, UnreadableFile
from imports.pipeline.reasons import Reason


def test_a_refusal_names_its_reason():
    assert UnreadableFile("file_too_big", limit=200).reason == Reason("file_too_big", {"limit": 200})


def test_options_and_previews_survive_json():
    options = ReadOptions(encoding="cp1254", header_row=0, lists=2)
    assert ReadOptions.from_json(orjson.loads(orjson.dumps(options.to_json()))) == options
    preview = Preview(
        kind="csv",
        encoding="utf-8",
        delimiter=";",
        sheets=[SheetInfo("", True, 2, 1, [["Ad"]])],
        sheet="",
        header_row=1,
        headers=["Ad"],
        sample=[Row(2, ["Ali"])],
        row_estimate=1,
        notes=[Reason("rows_above_header", {"count": 1})],
        header_doubt=Reason("header_row_missing", {}),
    )
    assert Preview.from_json(orjson.loads(orjson.dumps(preview.to_json()))) == preview
