"""The small parts of an xlsx workbook: where its sheets are, how its numbers are shown, and its strings."""

import re
import zipfile
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from imports.pipeline.readers.cell_text import Shown, built_in_format, plain_number, shown_by, without_control
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.zip_safety import Attributes, parse_xml, read_part

CHARACTER = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));")
ESCAPED = re.compile(r"_x([0-9a-fA-F]{4})_")
HIDDEN = ("hidden", "veryhidden")


@dataclass(frozen=True)
class SheetPart:
    """A sheet as the workbook lists it."""

    name: str
    visible: bool
    part: str  # its path in the zip


@dataclass(frozen=True)
class WorkbookParts:
    """What `xl/workbook.xml` and its relations name; `strings` and `styles` are paths in the zip, None where there are none."""

    sheets: list[SheetPart]
    date1904: bool
    strings: str | None
    styles: str | None


def workbook_parts(archive: zipfile.ZipFile) -> WorkbookParts:
    """Follows the relations from the package to its sheets. Raises UnreadableFile when they lead nowhere."""
    workbook, targets = related_parts(archive, "xl/workbook.xml")
    sheets, date1904 = _listed_sheets(read_part(archive, workbook))
    found = [
        SheetPart(name, visible, targets[relation][1])
        for name, visible, relation in sheets
        if relation in targets and targets[relation][0] == "worksheet" and targets[relation][1] in archive.NameToInfo
    ]
    if not found:
        raise UnreadableFile("file_damaged")
    by_kind = {kind: part for kind, part in targets.values() if part in archive.NameToInfo}
    return WorkbookParts(found, date1904, by_kind.get("sharedStrings"), by_kind.get("styles"))


def related_parts(archive: zipfile.ZipFile, usual: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """The workbook part, `usual` where the package names none, and its relations: id → (kind, part). Raises UnreadableFile."""
    names = {name.lower(): name for name in archive.namelist()}
    workbook = _workbook_part(archive, names, usual)
    return workbook, _relations(archive, workbook, names)


def _workbook_part(archive: zipfile.ZipFile, names: dict[str, str], usual: str) -> str:
    if "_rels/.rels" in names:
        for kind, part in _relations(archive, "", names).values():
            if kind == "officeDocument" and part in archive.NameToInfo:
                return part
    if usual in names:
        return names[usual]
    raise UnreadableFile("file_damaged")


def _relations(archive: zipfile.ZipFile, part: str, names: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Relation id → (kind, part) for the relations of `part` ('' is the package). External ones are left out."""
    folder = dirname(part)
    relations: dict[str, tuple[str, str]] = {}

    def on_start(name: str, attrs: Attributes) -> None:
        if name == "Relationship" and attrs.get("TargetMode") != "External":
            target = attrs.get("Target", "").replace("\\", "/")
            path = normpath(target.lstrip("/") if target.startswith("/") else join(folder, target))
            relations[attrs.get("Id", "")] = (attrs.get("Type", "").rpartition("/")[2], names.get(path.lower(), path))

    name = names.get(join(folder, "_rels", part.rpartition("/")[2] + ".rels").lower(), "")
    parse_xml(read_part(archive, name), on_start)
    return relations


def _listed_sheets(workbook: bytes) -> tuple[list[tuple[str, bool, str]], bool]:
    """[(name, visible, relation id)], and whether dates count from 1904. Extensions may hold elements of the same names deeper
    down."""
    sheets: list[tuple[str, bool, str]] = []
    within: list[str] = []
    date1904 = [False]

    def on_start(name: str, attrs: Attributes) -> None:
        within.append(name)
        if within[1:] == ["sheets", "sheet"]:
            relation = next((value for key, value in attrs.items() if key.endswith(" id")), "")
            visible = attrs.get("state", "").lower() not in HIDDEN
            sheets.append((without_control(attrs.get("name", "")), visible, relation))
        elif within[1:] == ["workbookPr"] and "date1904" in attrs:
            date1904[0] = attrs["date1904"] in ("1", "true", "on")

    parse_xml(workbook, on_start, lambda name: within.pop())
    return sheets, date1904[0]


def number_formats(styles: bytes, date1904: bool) -> list[Shown]:
    """The function that shows a number, for each cell style (the `s` of a cell)."""
    codes: dict[int, str] = {}
    shown: list[Shown] = []
    within: list[str] = []

    def on_start(name: str, attrs: Attributes) -> None:
        within.append(name)
        if within[1:] == ["numFmts", "numFmt"]:
            codes[int(attrs.get("numFmtId", "-1"))] = attrs.get("formatCode", "")
        elif within[1:] == ["cellXfs", "xf"]:
            number = int(attrs.get("numFmtId", "0"))
            shown.append(shown_by(codes.get(number) or built_in_format(number), date1904))

    parse_xml(styles, on_start, lambda name: within.pop())
    return shown or [plain_number]


def is_plain(text: str) -> bool:
    """Whether `unescaped` would leave it as it is."""
    return "&" not in text and "_x" not in text and text.isprintable()


def unescaped(text: str) -> str:
    """The characters that XML references and Excel's `_x000D_` stand for, without those that no cell may hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if "&" in text:
        text = REFERENCE.sub(_referenced, text)
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return without_control(text)


def _referenced(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found[1], found[2], found[3]
    if name:
        return CHARACTER[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if code <= 0x10FFFF else ""
