"""Which reader opens which kind of workbook. Each is imported when a file needs it."""

from pathlib import Path
from typing import BinaryIO

from imports.pipeline.readers.table import ReadOptions, UnreadableFile, Workbook

from .file_kind import kind_of_zip
from .zip_safety import MIB, MOST_FILE


def reader_of(kind: str, path: Path, options: ReadOptions) -> Workbook:
    """The reader of `path`, which is of `kind` (see `file_kind.kind_of`; no csv). Raises UnreadableFile."""
    if path.stat().st_size > MOST_FILE:
        raise UnreadableFile("file_too_big", limit=MOST_FILE // MIB)
    if kind == "locked":
        from .ole2 import unlocked  # noqa: PLC0415  only the reader of the format at hand is loaded

        content = unlocked(path)
        return _reader(kind_of_zip(content), content, options)
    return _reader(kind, path, options)


def _reader(kind: str, source: Path | BinaryIO, options: ReadOptions) -> Workbook:
    match kind:
        case "xlsx":
            from imports.pipeline.readers.xlsx.reader import XlsxFile  # noqa: PLC0415  only the reader of the format at hand is loaded

            return XlsxFile(source)
        case "xls":
            from imports.pipeline.readers.xls.reader import xls_workbook  # noqa: PLC0415  only the reader of the format at hand is loaded

            return xls_workbook(source)
        case "xlsb":
            from .xlsb import xlsb_tables  # noqa: PLC0415  only the reader of the format at hand is loaded

            return xlsb_tables(source)
        case "ods":
            from .ods import ods_tables  # noqa: PLC0415  only the reader of the format at hand is loaded

            return ods_tables(source)
        case "xml":
            from .xml2003 import xml2003_tables  # noqa: PLC0415  only the reader of the format at hand is loaded

            return xml2003_tables(source)
        case _:
            from imports.pipeline.readers.html.reader import html_tables  # noqa: PLC0415  only the reader of the format at hand is loaded

            return html_tables(source, options.encoding)
