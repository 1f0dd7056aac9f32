"""The names of the columns, from the cells of a header row and the group titles above it."""

from imports.pipeline.cell_patterns import is_data

from .column_letters import column_letters

LONGEST_HEADER = 200  # characters


def with_groups(header: list[str], above: list[str]) -> list[str]:
    """Header cells completed from a row of group titles above: merged cells leave the lower one empty,
    and two columns called 'Cep' are told apart by the group they stand under."""
    groups = groups_of(above, len(header))
    if groups is None:
        return header
    repeated = {name for name in header if name and header.count(name) > 1}
    return [
        group if not name else f"{group} {name}" if name in repeated and group else name for name, group in zip(header, groups)
    ]


def groups_of(above: list[str], width: int) -> list[str] | None:
    """Titles of a group row spread over the columns they span; None when it is a title line, not groups."""
    cells = [cell.strip() for cell in above[:width]] + [""] * (width - len(above))
    if sum(map(bool, cells)) < 2 or any(is_data(cell) for cell in cells if cell):
        return None
    spread, current = [], ""
    for cell in cells:
        current = cell or current
        spread.append(current)
    return spread


def displayable(names: list[str]) -> list[str]:
    """Header cells as one line each, unique and never empty: 'Telefon', 'Telefon (2)', 'Column D'."""
    seen: dict[str, int] = {}
    shown = []
    for index, name in enumerate(names):
        name = " ".join(name.split())
        name = name if len(name) <= LONGEST_HEADER else name[: LONGEST_HEADER - 1] + "…"
        name = name or f"Column {column_letters(index)}"
        seen[name] = seen.get(name, 0) + 1
        shown.append(name if seen[name] == 1 else _numbered(name, seen, names))
    return shown


def _numbered(name: str, seen: dict[str, int], names: list[str]) -> str:
    while f"{name} ({seen[name]})" in names:
        seen[name] += 1
    return f"{name} ({seen[name]})"
