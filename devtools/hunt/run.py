"""Many lists imported, a few at once, each checked; the counts by kind."""

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from . import journey as real_journey
from .cases import Case, case_of
from .checker import Findings, Judged, Verdict, findings
from .journey import Outcome
from .kinds import CLEAN
from .truth import Answers

MOST_REASONS = 8


class Journey(Protocol):
    """See `journey`."""

    def run(self, path: Path, home: str, variables: tuple[str, ...]) -> Outcome: ...

    def run_with_answers(
        self,
        path: Path,
        home: str,
        variables: tuple[str, ...],
        asked: list[str],
        answers: Answers,
    ) -> Outcome: ...


@dataclass
class Hunt:
    """Every list that was judged, in the order of their numbers."""

    judged: list[Judged] = field(default_factory=list)

    @property
    def wrong(self) -> list[Judged]:
        return [each for each in self.judged if each.verdict is Verdict.WRONG]

    def by_kind(self) -> dict[str, Counter[Verdict]]:
        kinds: dict[str, Counter[Verdict]] = defaultdict(Counter)
        for each in self.judged:
            kinds[each.kind][each.verdict] += 1
        return kinds

    def share(self, verdicts: Iterable[Verdict], kind: str | None = None) -> float:
        """Of all lists, or those of a kind; 1.0 where there are none."""
        wanted = frozenset(verdicts)
        lists = [each for each in self.judged if kind in (None, each.kind)]
        return sum(each.verdict in wanted for each in lists) / len(lists) if lists else 1.0

    def to_json(self) -> dict[str, Any]:
        return {
            "lists": len(self.judged),
            "people": sum(each.people for each in self.judged),
            "totals": Counter(each.verdict.value for each in self.judged),
            "shares": {
                "clean right by itself": self.share([Verdict.RIGHT], CLEAN),
                "right by itself or preselected right": self.share([Verdict.RIGHT, Verdict.PRESELECTED]),
            },
            "people refused though they can be called": sum(each.refused_people for each in self.judged),
            "names misread": sum(each.misread for each in self.judged),
            "kinds": {kind: {verdict.value: n for verdict, n in sums.items()} for kind, sums in sorted(self.by_kind().items())},
            "wrong": [each.to_json() for each in self.wrong],
        }


def hunt(ids: Iterable[str], keep: Path | None = None, processes: int = 2) -> Hunt:
    """Every list of `ids` judged; wrong ones are kept in the folder `keep` with what is true of them."""
    go = partial(judged, keep=keep)
    if processes <= 1:
        return Hunt(list(map(go, ids)))
    with get_context("fork").Pool(processes) as pool:
        return Hunt(list(pool.imap(go, ids, chunksize=8)))


def judged(id: str, keep: Path | None = None, journey: Journey = real_journey) -> Judged:
    """The list `id` made, imported and checked. It lies in a folder of its own while it is read."""
    case = case_of(id)
    with tempfile.TemporaryDirectory(prefix="rowcall-hunt-") as folder:
        path = Path(folder, case.file_name)
        path.write_bytes(case.data)
        found = judge_case(case, path, journey)
    if keep and found.verdict is Verdict.WRONG:
        _keep(case, found, keep)
    return found


def judge_case(case: Case, path: Path, journey: Journey) -> Judged:
    found = Judged(case.id, case.kind, Verdict.RIGHT, people=len(case.truth.people))
    try:
        _import_and_check(case, path, journey, found)
    except Exception as error:  # a crash on a list is a finding, the next list is judged all the same
        found.verdict, found.reasons = Verdict.WRONG, [f"the import crashed: {type(error).__name__}: {error}"]
    return found


def _import_and_check(case: Case, path: Path, journey: Journey, found: Judged) -> None:
    """The import by itself; where it asks, once more with the truth for an answer. What comes out is checked."""
    outcome = journey.run(path, case.home, case.variables)
    result = findings(case.truth, outcome)
    was_right, asked = not result.wrong, list(outcome.asked)
    answered: list[str] = []
    while set(asked) - set(answered) and not outcome.refused:  # an answer may raise the next question
        answered = asked
        outcome = journey.run_with_answers(path, case.home, case.variables, answered, case.truth.answers)
        asked = outcome.asked = list(dict.fromkeys([*answered, *outcome.asked]))
        result = findings(case.truth, outcome)
    found.asked, found.choices, found.misread = asked, outcome.choices, result.misread
    found.refused_people, found.reasons = len(result.refused), result.wrong[:MOST_REASONS] or result.refused[:MOST_REASONS]
    found.verdict = _verdict(outcome, result, was_right)
    if outcome.refused:
        found.reasons = [outcome.refused]


def _verdict(outcome: Outcome, result: Findings, was_right: bool) -> Verdict:
    if outcome.refused:
        return Verdict.REFUSED
    if result.wrong:
        return Verdict.WRONG
    if result.refused:
        return Verdict.REFUSED
    if outcome.asked:
        return Verdict.PRESELECTED if was_right else Verdict.ASKED
    return Verdict.RIGHT


def _keep(case: Case, found: Judged, folder: Path) -> None:
    """The file, and beside it what is true of it and what was found."""
    (folder / case.file_name).write_bytes(case.data)
    about = {
        "home": case.home,
        "region": case.region,
        "language": case.language,
        "variables": case.variables,
        "judged": found.to_json(),
        "truth": case.truth.to_json(),
    }
    (folder / f"{case.id}.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
