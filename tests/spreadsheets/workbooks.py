"""Workbooks written byte by byte: what a spreadsheet program would never write, and what several of them do."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def column(index: int) -> str:
    return (column(index // 26 - 1) if index >= 26 else "") + chr(65 + index % 26)


def cell(row: int, index: int, value, style: int = 0) -> str:
    """One `<c>`: text inline, numbers as they are, True or False, None empty."""
    place = f'r="{column(index)}{row}"' + (f' s="{style}"' if style else "")
    if value is None:
        return f"<c {place}/>"
    if isinstance(value, bool):
        return f'<c {place} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f"<c {place}><v>{value!r}</v></c>"
    return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet_xml(rows: Iterable[Sequence], first: int = 1, before: str = "", after: str = "", row_attrs=None) -> str:
    """A worksheet part. `row_attrs` is `{row number: ' hidden="1"'}`."""
    body = "".join(
        f'<row r="{number}"{(row_attrs or {}).get(number, "")}>'
        + "".join(cell(number, index, value) for index, value in enumerate(values))
        + "</row>"
        for number, values in enumerate(rows, first)
    )
    return f'{XML}<worksheet xmlns="{MAIN}">{before}<sheetData>{body}</sheetData>{after}</worksheet>'


def xlsx(sheets: dict[str, str] | str | bytes, parts: dict[str, str | bytes] | None = None, states=None, formats=()) -> bytes:
    """A workbook of sheet parts by sheet name. `parts` adds or replaces parts (None removes one), `states` hides
    sheets, `formats` are number formats for the styles 1, 2, …"""
    sheets = sheets if isinstance(sheets, dict) else {"Sheet1": sheets}
    names = list(sheets)
    everything = {
        "[Content_Types].xml": _content_types(len(names)),
        "_rels/.rels": relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": workbook_xml(names, states),
        "xl/_rels/workbook.xml.rels": relations(
            [("worksheet", f"worksheets/sheet{index}.xml") for index, _ in enumerate(names, 1)]
            + [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
        ),
        "xl/styles.xml": styles_xml(formats),
        "xl/sharedStrings.xml": f'{XML}<sst xmlns="{MAIN}"></sst>',
        **{f"xl/worksheets/sheet{index}.xml": xml for index, xml in enumerate(sheets.values(), 1)},
        **(parts or {}),
    }
    return zipped({name: data for name, data in everything.items() if data is not None})


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def relations(targets: Iterable[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{index}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(targets, 1)
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'


def workbook_xml(names: Sequence[str], states: dict[str, str] | None = None, before: str = "") -> str:
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{index}" r:id="rId{index}"'
        + (f' state="{states[name]}"' if name in (states or {}) else "")
        + "/>"
        for index, name in enumerate(names, 1)
    )
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}<sheets>{listed}</sheets></workbook>'


def styles_xml(formats: Sequence[str] = ()) -> str:
    listed = "".join(f'<numFmt numFmtId="{164 + index}" formatCode={quoteattr(code)}/>' for index, code in enumerate(formats))
    styles = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{164 + index}"/>' for index, _ in enumerate(formats))
    return f'{XML}<styleSheet xmlns="{MAIN}"><numFmts>{listed}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>'


def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    listed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{index}.xml" ContentType="{kind}.worksheet+xml"/>'
        for index in range(1, sheets + 1)
    )
    return (
        f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{listed}</Types>'
    )


# -- zips that lie ------------------------------------------------------------------------------------------------
def repeated(head: bytes, unit: bytes, times: int, tail: bytes) -> tuple[bytes, int]:
    """(deflated stream, inflated size) of `head`, `unit` × `times`, `tail`, without ever holding it inflated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    middle = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(tail) + packer.flush()
    return start + middle * times + end, len(head) + len(unit) * times + len(tail)


def with_entry(archive: bytes, name: str, stream: bytes, size: int, crc: int = 0) -> bytes:
    """`archive` with the deflated `stream` in the place of the entry `name`, said to hold `size` bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            if info.filename != name:
                target.writestr(info.filename, source.read(info))
        info = zipfile.ZipInfo(name)
        info.compress_type, info.CRC = zipfile.ZIP_DEFLATED, crc
        info.compress_size, info.file_size = len(stream), size
        info.header_offset = target.fp.tell()
        target.fp.write(info.FileHeader(zip64=False) + stream)
        target.start_dir = target.fp.tell()
        target.filelist.append(info)
        target.NameToInfo[name] = info
        target._didModify = True
    return buffer.getvalue()


def with_directory_changed(archive: bytes, name: str, **changes: int) -> bytes:
    """`archive` with other numbers in the central directory's record of `name` (file_size, header_offset, …)."""
    offsets = {"crc": 16, "compress_size": 20, "file_size": 24, "external_attr": 38, "header_offset": 42}
    data = bytearray(archive)
    place = data.rfind(name.encode()) - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    for field, value in changes.items():
        struct.pack_into("<I", data, place + offsets[field], value)
    return bytes(data)


# -- Excel 97 -----------------------------------------------------------------------------------------------------
def xls(rows: Iterable[Sequence], name: str = "Liste") -> bytes:
    """A bare BIFF8 stream: text and numbers, no formats."""
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    sheet_name = struct.pack("<BB", len(name), 0) + name.encode("latin-1")
    offset = len(start) + 4 + 6 + len(sheet_name) + 4
    bound = _record(0x0085, struct.pack("<IBB", offset, 0, 0) + sheet_name)
    cells = b"".join(_biff_cell(row, index, value) for row, values in enumerate(rows) for index, value in enumerate(values))
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6)) + cells + _record(0x000A, b"")
    return start + bound + _record(0x000A, b"") + sheet


def _biff_cell(row: int, index: int, value) -> bytes:
    place = struct.pack("<HHH", row, index, 0)
    if isinstance(value, (int, float)):
        return _record(0x0203, place + struct.pack("<d", value))
    text = str(value).encode("utf-16-le")
    return _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


# -- other containers ---------------------------------------------------------------------------------------------
def ole2_with(streams: dict[str, bytes]) -> bytes:
    """An OLE2 file with these streams, each padded to the 4,096 bytes below which streams live elsewhere; `Storage/Stream` stands in a storage."""
    tree: dict[str, list[str]] = {"": []}
    for path in streams:
        folder = ""
        for part in path.split("/"):
            whole = f"{folder}/{part}".lstrip("/")
            if whole not in tree[folder]:
                tree[folder].append(whole)
                tree.setdefault(whole, [])
            folder = whole
    places, chains, body = {}, [], b""
    for path, data in streams.items():
        data = data.ljust(4096, b"\0")
        sectors = -(-len(data) // 512)
        places[path] = (len(chains), len(data))
        chains += [*range(len(chains) + 1, len(chains) + sectors), 0xFFFFFFFE]
        body += data.ljust(sectors * 512, b"\0")
    entries = _directory(tree, places)
    first = len(chains)
    chains += [*range(first + 1, first + len(entries) // 512), 0xFFFFFFFE]
    return _ole2_file(chains, body + entries, first)


def _directory(tree: dict[str, list[str]], places: dict[str, tuple[int, int]]) -> bytes:
    """Entries in the order of a walk through `tree`; the children of a storage hang on each other to the right, shorter names first."""
    order = ["", *(name for name in tree if name)]
    entries = []
    for name in order:
        siblings = next((children for children in tree.values() if name and name in children), [])
        siblings = sorted(siblings, key=lambda path: (len(path), path.upper()))
        after = siblings[siblings.index(name) + 1 :][:1] if siblings else []
        child = sorted(tree[name], key=lambda path: (len(path), path.upper()))[:1]
        start, size = places.get(name, (0xFFFFFFFE if name else 0, 0))
        kind = 5 if not name else 2 if name in places else 1
        raw = (name.rpartition("/")[2] or "Root Entry").encode("utf-16-le") + b"\0\0"
        links = struct.pack("<III", 0xFFFFFFFF, *(order.index(some[0]) if some else 0xFFFFFFFF for some in (after, child)))
        start = start if name else 0xFFFFFFFE
        entries.append(
            raw.ljust(64, b"\0")
            + struct.pack("<HBB", len(raw), kind, 1)
            + links
            + b"\0" * 36
            + struct.pack("<III", start, size, 0)
        )
    while len(entries) % 4:
        entries.append(b"\0" * 68 + b"\xff" * 12 + b"\0" * 48)
    return b"".join(entries)


def _ole2_file(chains: list[int], body: bytes, directory: int) -> bytes:
    """Header, data sectors, then the sectors of the allocation table, whose numbers stand in the header."""
    tables = 1
    while tables * 128 < len(chains) + tables:
        tables += 1
    assert tables <= 109
    first = len(chains)
    table = struct.pack(f"<{first}I", *chains) + b"\xfd\xff\xff\xff" * tables
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, tables, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack(f"<{tables}I", *range(first, first + tables))
    return header.ljust(512, b"\xff") + body + table.ljust(tables * 512, b"\xff")
