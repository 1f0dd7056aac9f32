"""The names of encodings as people who never heard of them may recognise them."""

from django.utils.translation import gettext_lazy as _

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
