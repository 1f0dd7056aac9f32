"""`python -m tests.exports [NAME …]`: each list through the product, and the score. `--brief` prints the totals alone."""

import sys

from .export import exports
from .scoring import Score, score, summary


def main(arguments: list[str]) -> None:
    names = [argument for argument in arguments if argument != "--brief"]
    scores = [score(export) for export in exports() if not names or any(name in export.name for name in names)]
    if "--brief" not in arguments:
        print("\n".join(map(_shown, scores)), end="\n\n")
    for title, some in (
        ("traps", [one for one in scores if one.export.traps]),
        ("ordinary", [one for one in scores if not one.export.traps]),
        ("all", scores),
    ):
        if some:
            print(f"{title}: {summary(some)}", end="\n\n")


def _shown(one: Score) -> str:
    asked = ", ".join(f"{what} ({chosen})" for what, chosen in one.outcome.asked.items())
    head = f"{one.export.name}: {one.verdict}" + (f"; asked: {asked}" if asked else "")
    return "\n".join([head, *(f"    {problem}" for problem in one.problems)])


main(sys.argv[1:])
