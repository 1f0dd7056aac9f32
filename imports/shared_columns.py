"""One column chosen for several fields. Two phones that are the same number make no sense; two variables that say the
same may be meant, so that is only said.
"""
from collections.abc import Iterator, Mapping

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from imports.column_labels import column_view, label_of
from imports.pipeline.columns import Field
from imports.pipeline.reasons import Reason
from imports.pipeline.sheets import Preview

DIALLED = ("phone", "secondary_phone")


def shared_columns(mapping: Mapping[str, int], fields: list[Field], preview: Preview) -> Iterator[Reason]:
    """`column_twice` for each column that cannot be all that was chosen for it, `column_shared` for one that can."""
    chosen: dict[int, list[Field]] = {}
    for field in fields:
        if field.key in mapping:
            chosen.setdefault(mapping[field.key], []).append(field)
    for column, several in sorted(chosen.items()):
        if len(several) > 1:
            names = get_text_list([_("“%(name)s”") % {"name": label_of(field)} for field in several], _("and"))
            code = "column_twice" if _is_nonsense([field.kind for field in several]) else "column_shared"
            yield Reason(code, {"header": column_view(preview, column).label, "fields": names})


def _is_nonsense(kinds: list[str]) -> bool:
    phones = sum(kind in DIALLED for kind in kinds)
    return phones > 1 or (phones == 1 and "country" in kinds)
