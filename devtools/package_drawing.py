"""The packages and the direction of their imports as an SVG drawing, made from the imports in the code.

A box is a package of the product, or a part of `imports`; it stands above everything that it imports. Of the arrows, those
that follow from others are left out: where a → b → c is drawn, a → c is not.
"""

from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from xml.sax.saxutils import escape

import grimp
from django.conf import settings

PATH = Path(settings.BASE_DIR) / "docs" / "images" / "packages.svg"
PACKAGES = ("background", "campaigns", "config", "devtools", "imports", "people", "ui")
OPENED = "imports"  # the package that is drawn part by part
LEFT_OUT = {"imports.apps", "imports.migrations"}
WIDTH, HEIGHT, GAP, ROW = 118, 30, 14, 78  # of a box, between boxes and from row to row, in pixels
STYLE = (
    "text{font:13px sans-serif;text-anchor:middle;fill:#1c2330}rect{fill:#eef1f6;stroke:#66728a;rx:5}"
    "rect.part{fill:#fdf3dc;stroke:#a9822c}path{fill:none;stroke:#66728a;stroke-opacity:.55;marker-end:url(#head)}"
)

Graph = Mapping[str, frozenset[str]]  # box → the boxes that it imports


def drawing() -> str:
    """The SVG text; the same for the same code. CycleError where boxes import each other in a circle."""
    graph = _boxes()
    places = _places(graph)
    arrows = [(above, below) for above, belows in sorted(_reduced(graph).items()) for below in sorted(belows)]
    width = max(x for x, _y in places.values()) + WIDTH + GAP
    height = max(y for _x, y in places.values()) + HEIGHT + GAP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<title>Packages of Rowcall and the direction of their imports</title><style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" style="fill:#66728a;stroke:none;marker-end:none"/></marker></defs>',
        f'<rect width="{width}" height="{height}" style="fill:#fff;stroke:none"/>',
        *(_arrow(places[above], places[below]) for above, below in arrows),
        *(_box(name, *places[name]) for name in sorted(places)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _boxes() -> Graph:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    boxes: dict[str, set[str]] = {}
    for module in graph.modules - {OPENED}:
        if (box := _box_of(module)) not in LEFT_OUT:
            imported = {_box_of(other) for other in graph.find_modules_directly_imported_by(module)}
            boxes.setdefault(box, set()).update(imported - LEFT_OUT - {box, OPENED})
    return {box: frozenset(imported) for box, imported in boxes.items()}


def _box_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2] if parts[0] == OPENED else parts[:1])


def _reduced(graph: Graph) -> Graph:
    """The graph without arrows that follow from others."""
    reached: dict[str, frozenset[str]] = {}
    for box in TopologicalSorter(graph).static_order():
        reached[box] = graph[box].union(*(reached[other] for other in graph[box]))
    return {
        box: frozenset(other for other in others if not any(other in reached[between] for between in others))
        for box, others in graph.items()
    }


def _places(graph: Graph) -> dict[str, tuple[int, int]]:
    """The left upper corner of each box: one row below the lowest box that imports it, in the order of those above."""
    importers = {box: [other for other in graph if box in graph[other]] for box in graph}
    rows: dict[int, list[str]] = {}
    row_of: dict[str, int] = {}
    for box in reversed(list(TopologicalSorter({box: sorted(graph[box]) for box in sorted(graph)}).static_order())):
        row_of[box] = 1 + max((row_of[other] for other in importers[box]), default=-1)
        rows.setdefault(row_of[box], []).append(box)
    widest = max(map(len, rows.values())) * (WIDTH + GAP)
    middle: dict[str, float] = {}
    places = {}
    for row, boxes in sorted(rows.items()):
        boxes.sort(key=lambda box: (_mean([middle[other] for other in importers[box]], widest / 2), box))
        left = GAP + (widest - len(boxes) * (WIDTH + GAP)) // 2
        for number, box in enumerate(boxes):
            places[box] = (left + number * (WIDTH + GAP), GAP + row * ROW)
            middle[box] = places[box][0] + WIDTH / 2
    return places


def _mean(values: list[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _arrow(above: tuple[int, int], below: tuple[int, int]) -> str:
    x1, y1, x2, y2 = above[0] + WIDTH // 2, above[1] + HEIGHT, below[0] + WIDTH // 2, below[1] - 2
    return f'<path d="M{x1},{y1} C{x1},{y1 + 30} {x2},{y2 - 30} {x2},{y2}"/>'


def _box(name: str, x: int, y: int) -> str:
    kind = ' class="part"' if name.startswith(f"{OPENED}.") else ""
    text = escape(name.removeprefix(f"{OPENED}."))
    return (
        f'<rect{kind} x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}"/>'
        f'<text x="{x + WIDTH // 2}" y="{y + HEIGHT // 2 + 4}">{text}</text>'
    )
