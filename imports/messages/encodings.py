"""The names of encodings as people who never heard of them may recognise them."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from imports.pipeline.readers.csv.mixed import MIXED

# Those that a person may choose among.
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
# Those that a file may be found to be in besides.
_RARE = {
    "utf-16-le": _("UTF-16, little-endian"),
    "utf-16-be": _("UTF-16, big-endian"),
    "utf-32-le": _("UTF-32, little-endian"),
    "utf-32-be": _("UTF-32, big-endian"),
    "cp1257": _("Baltic (Windows 1257)"),
    "cp857": _("Turkish (DOS 857)"),
    "mac-turkish": _("Turkish (old Macs)"),
    "cp850": _("Western European (DOS 850)"),
    "koi8-r": _("Russian (KOI8-R)"),
    "cp866": _("Cyrillic (DOS 866)"),
    "mac-cyrillic": _("Cyrillic (old Macs)"),
    "iso8859-5": _("Cyrillic (ISO 8859-5)"),
    "iso8859-6": _("Arabic (ISO 8859-6)"),
    "iso8859-7": _("Greek (ISO 8859-7)"),
    "iso8859-8": _("Hebrew (ISO 8859-8)"),
    "big5": _("Traditional Chinese (Big5)"),
    "shift_jis": _("Japanese (Shift JIS)"),
    "euc_jp": _("Japanese (EUC-JP)"),
    "euc_kr": _("Korean (EUC-KR)"),
    "cp949": _("Korean (Windows 949)"),
    "tis-620": _("Thai (TIS-620)"),
}


def encoding_label(name: str) -> str:
    """The name for people; the codec's own where somebody asked for one that is never found."""
    if name.startswith(MIXED):
        return str(_("UTF-8, and lines that are not: %(encoding)s")) % {"encoding": encoding_label(name.removeprefix(MIXED))}
    return str(ENCODINGS.get(name) or _RARE.get(name) or name)


def encoding_choices(current: str | None, rivals: Sequence[str]) -> list[tuple[str, str]]:
    """(codec, name): what is read now and what the file could also be, where the list lacks them, then the list."""
    first = [name for name in (current, *rivals) if name and name not in ENCODINGS]
    return [(name, encoding_label(name)) for name in (*first, *ENCODINGS)]
