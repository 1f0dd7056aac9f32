"""docs/operations.md names every setting there is, and none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
READ = re.compile(r"""\benv_(?:str|bool|int|list|secret|url)\(\s*["']([A-Z_]+)["']""")


def settings_in_code() -> set[str]:
    packages = ("background", "config", "people", "campaigns", "imports", "ui")
    return {
        name
        for package in packages
        for path in (ROOT / package).rglob("*.py")
        for name in READ.findall(path.read_text(encoding="utf-8"))
    }


def settings_in_the_table() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE))


def test_every_setting_is_documented_and_every_documented_setting_exists():
    assert settings_in_code() == settings_in_the_table()


def test_every_setting_of_the_example_exists():
    example = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    of_compose = {"PUBLISH", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
    assert example - of_compose <= settings_in_code()


def test_commands_it_names_exist():
    named = set(re.findall(r"manage\.py (\w+)", OPERATIONS))
    ours = {path.stem for path in ROOT.glob("*/management/commands/*.py")}
    assert named <= ours | {"migrate", "collectstatic", "check"}
