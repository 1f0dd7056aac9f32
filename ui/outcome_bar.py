"""The coloured bar that shows how many items ended in which outcome."""

from typing import NamedTuple


class Segment(NamedTuple):
    """One segment of a bar: its style (a class in components.css), its label, how many, and the key it stands for."""

    style: str
    label: str
    n: int
    key: str = ""


class Rectangle(NamedTuple):
    """One segment as it is drawn; `x` and `width` are percentages of the bar's width with two decimals."""

    style: str
    x: str
    width: str


def rectangles(segments: list[Segment]) -> list[Rectangle]:
    """Of every segment that counts something; the narrowest is wide enough to be seen."""
    total = sum(segment.n for segment in segments)
    if not total:
        return []
    widths = [max(segment.n / total * 100.0, 0.6) if segment.n else 0.0 for segment in segments]
    scale = 100.0 / sum(widths)
    starts = [sum(widths[:number]) * scale for number in range(len(widths))]
    return [
        Rectangle(segment.style, f"{x:.2f}", f"{width * scale:.2f}")
        for segment, x, width in zip(segments, starts, widths, strict=True)
        if segment.n
    ]
