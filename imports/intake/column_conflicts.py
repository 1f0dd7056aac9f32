"""One column chosen for several fields. Two phones that are the same number make no sense; two variables that say the
same may be meant, so that is only said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from imports.intake.column_labels import column_view, label_of
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Joined, Source, columns_of
from imports.pipeline.readers.table import Preview
from imports.pipeline.reasons import Reason

DIALLED = ("phone", "secondary_phone")


def shared_columns(mapping: Mapping[str, Source], fields: Iterable[Field], preview: Preview) -> Iterator[Reason]:
    """`column_twice` for each column that cannot be all that was chosen for it, `column_shared` for one that can."""
    chosen: dict[int, list[Field]] = {}
    for field in fields:
        if field.key in mapping:
            for column in columns_of(mapping[field.key]):
                chosen.setdefault(column, []).append(field)
    for column, several in sorted(chosen.items()):
        if len(several) > 1:
            names = get_text_list([_("“%(name)s”") % {"name": label_of(field)} for field in several], _("and"))
            whole = [field.kind for field in several if not _is_part(mapping[field.key], several, mapping)]
            code = "column_twice" if _is_nonsense(whole) else "column_shared"
            yield Reason(code, {"header": column_view(preview, column).label, "fields": names})


def _is_part(source: Source, several: list[Field], mapping: Mapping[str, Source]) -> bool:
    """An area code may stand before several numbers; the numbers then differ in their other columns."""
    return isinstance(source, Joined) and all(
        set(columns_of(mapping[field.key])) != set(source.columns) for field in several if mapping[field.key] is not source
    )


def _is_nonsense(kinds: Sequence[str]) -> bool:
    phones = sum(kind in DIALLED for kind in kinds)
    return phones > 1 or (phones == 1 and "country" in kinds)
