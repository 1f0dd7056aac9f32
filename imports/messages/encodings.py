"""The names of encodings as people who never heard of them may recognise them."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from imports.pipeline.readers.csv.mixed import MIXED

ENCODINGS = {
    "utf-8": _("UTF-8 (usual today)"),
    "cp1254": _("Turkish (Windows 1254)"),
    "iso8859-9": _("Turkish (ISO 8859-9)"),
    "cp1252": _("Western European (Windows 1252)"),
    "cp1250": _("Central European (Windows 1250)"),
    "cp1251": _("Cyrillic (Windows 1251)"),
    "cp1253": _("Greek (Windows 1253)"),
    "cp1256": _("Arabic (Windows 1256)"),
    "cp1255": _("Hebrew (Windows 1255)"),
    "utf-16": _("UTF-16 (“Unicode text” of Excel)"),
    "gb18030": _("Chinese (GB 18030)"),
    "mac-roman": _("Western European (old Macs)"),
}


def encoding_label(name: str) -> str:
    """The name for people; the codec's own where there is none."""
    if name.startswith(MIXED):
        return str(_("UTF-8, and lines that are not: %(encoding)s")) % {"encoding": encoding_label(name.removeprefix(MIXED))}
    return str(ENCODINGS.get(name, name))


def encoding_choices(current: str | None, rivals: Sequence[str]) -> list[tuple[str, str]]:
    """(codec, name): what is read now and what the file could also be, where the list lacks them, then the list."""
    first = [name for name in (current, *rivals) if name and name not in ENCODINGS]
    return [(name, encoding_label(name)) for name in (*first, *ENCODINGS)]
