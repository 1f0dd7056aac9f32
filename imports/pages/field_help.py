"""What the rarer fields of a lead are for, in a sentence beside them."""

from django.utils.translation import gettext as _

from imports.pipeline.columns.fields import FORBIDDING, Field
from imports.pipeline.columns.source import Source, columns_of
from imports.pipeline.consent import consent_of, is_inverted
from imports.pipeline.readers.table import Preview


def explanation(field: Field, source: Source | None, preview: Preview) -> str:
    """'' for fields that need none."""
    if field.kind == "consent":
        rule = (
            _("People who asked not to be called are never called.")
            if field.key in FORBIDDING
            else _("People who said no are never called.")
        )
        return " ".join(filter(None, (rule, "" if source is None else _polarity(field, source, preview))))
    return {
        "phone_label": _("What kind of phone it is: a fax is never called, a mobile comes first."),
        "country": _("The country that the number of each row belongs to, not where somebody lives or travels."),
    }.get(field.kind, "")


def _polarity(field: Field, source: Source, preview: Preview) -> str:
    """Which cell means no: `“Do Not Call” = “TRUE” means: not called.`"""
    column = columns_of(source)[-1]
    header = preview.headers[column]
    inverted = field.key in FORBIDDING or is_inverted(header)
    cells = (row.cells[column] for row in preview.sample if column < len(row.cells))
    refusal = next((cell for cell in cells if cell.strip() and consent_of(cell, inverted) is False), "")
    said = refusal.strip()[:40] or (_("yes") if inverted else _("no"))
    return _("“%(header)s” = “%(value)s” means: not called.") % {"header": header, "value": said}
