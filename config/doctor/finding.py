"""What a check of the doctor finds."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """`check`: what was looked at, one word. `remedy`: what to do, '' where nothing is to be done."""

    check: str
    level: Level
    sentence: str
    remedy: str = ""

    def to_json(self) -> dict[str, str]:
        return asdict(self)


Check = Callable[[], Iterable[Finding]]


def ok(check: str, sentence: str) -> Finding:
    return Finding(check, Level.OK, sentence)


def warning(check: str, sentence: str, remedy: str) -> Finding:
    return Finding(check, Level.WARNING, sentence, remedy)


def error(check: str, sentence: str, remedy: str) -> Finding:
    return Finding(check, Level.ERROR, sentence, remedy)
