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
    match kind:
        case "locked":
            from .ole2 import unlocked  # noqa: PLC0415  only the reader of the format at hand is loaded

            content = unlocked(path)
            return _zip_reader(kind_of_zip(content), content)
        case "xls":
            from .xls.reader import xls_workbook  # noqa: PLC0415  only the reader of the format at hand is loaded

            return xls_workbook(path)
        case "xml":
            from .xml2003 import xml2003_tables  # noqa: PLC0415  only the reader of the format at hand is loaded

            return xml2003_tables(path)
        case "html":
            from .html.reader import html_tables  # noqa: PLC0415  only the reader of the format at hand is loaded

            return html_tables(path, options.encoding)
        case _:
            return _zip_reader(kind, path)


def _zip_reader(kind: str, source: Path | BinaryIO) -> Workbook:
    """The reader of an 'xlsx', 'xlsb' or 'ods'; a `.fods` is one too, though it is no zip."""
    match kind:
        case "xlsx":
            from .xlsx.reader import XlsxFile  # noqa: PLC0415  only the reader of the format at hand is loaded

            return XlsxFile(source)
        case "xlsb":
            from .xlsb import xlsb_tables  # noqa: PLC0415  only the reader of the format at hand is loaded

            return xlsb_tables(source)
        case _:
            from .ods import ods_tables  # noqa: PLC0415  only the reader of the format at hand is loaded

            return ods_tables(source)
