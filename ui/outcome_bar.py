"""The coloured bar that says at a glance what became of many things."""

from typing import NamedTuple

from django.utils.safestring import SafeString


class Part(NamedTuple):
    """One stretch of a bar: its class in components.css, its words, how many, and the key it stands for."""

    look: str
    words: str | SafeString
    n: int
    key: str = ""


def stretches(parts: list[Part], width: float = 100.0) -> list[tuple[str, str, str]]:
    """(look, x, width) of each part, in hundredths; a part that exists stays wide enough to be seen."""
    total = sum(part.n for part in parts)
    if not total:
        return []
    widths = [max(part.n / total * width, 0.6) if part.n else 0.0 for part in parts]
    scale = width / sum(widths)
    starts = [sum(widths[:number]) * scale for number in range(len(widths))]
    return [(part.look, f"{x:.2f}", f"{w * scale:.2f}") for part, x, w in zip(parts, starts, widths, strict=True) if part.n]
