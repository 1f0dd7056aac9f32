"""docs/operations.md names every knob there is, and no knob that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
READ = re.compile(r"""\benv_(?:str|bool|int|list|secret|url)\(\s*["']([A-Z_]+)["']""")


def knobs_in_code() -> set[str]:
    rooms = ("config", "people", "campaigns", "imports")
    return {
        name for room in rooms for path in (ROOT / room).rglob("*.py") for name in READ.findall(path.read_text(encoding="utf-8"))
    }


def knobs_in_the_table() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE))


def test_every_knob_is_documented_and_every_documented_knob_exists():
    assert knobs_in_code() == knobs_in_the_table()


def test_every_knob_of_the_example_exists():
    example = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    of_compose = {"PUBLISH", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
    assert example - of_compose <= knobs_in_code()


def test_commands_it_names_exist():
    named = set(re.findall(r"manage\.py (\w+)", OPERATIONS))
    ours = {path.stem for path in ROOT.glob("*/management/commands/*.py")}
    assert named <= ours | {"migrate", "collectstatic", "check"}
