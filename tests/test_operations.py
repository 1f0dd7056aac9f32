"""docs/operations.md names every setting there is, and none that is not."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
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
    of_compose = set(re.findall(r"\$\{(\w+)", COMPOSE))
    assert example <= settings_in_code() | of_compose
    assert {"WORKER_MEMORY", "DATABASE_MEMORY"} <= example


def test_every_service_that_pages_name_exists():
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / ".env.example"]
    commands = r"docker compose (?:stop|start|restart|logs|kill|exec)((?: (?!python)[a-z]+)+)"
    named = {name for page in pages for names in re.findall(commands, page.read_text(encoding="utf-8")) for name in names.split()}
    assert {"web", "reader"} <= named <= set(yaml.safe_load(COMPOSE)["services"])


def test_commands_it_names_exist():
    named = set(re.findall(r"manage\.py (\w+)", OPERATIONS))
    ours = {path.stem for path in ROOT.glob("*/management/commands/*.py")}
    assert named <= ours | {"migrate", "collectstatic", "check"}
