"""Files that a newcomer and a forge read: they name what exists, and say the same as each other."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from devtools.package_drawing import PATH, drawing

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FORGES = [ROOT / ".gitlab-ci.yml", *sorted((ROOT / ".github").rglob("*.yml"))]
OURS = "background|campaigns|config|devtools|imports|people|ui|tests|static|templates|locale|docs"


def named(pattern: str) -> set[tuple[str, str]]:
    """Document and first group of every match of `pattern` in a document."""
    return {
        (path.relative_to(ROOT).as_posix(), found)
        for path in DOCUMENTS
        for found in re.findall(pattern, path.read_text(encoding="utf-8"))
    }


def test_files_that_documents_name_exist():
    places = named(rf"`((?:{OURS})/[\w./-]*)`")
    assert places and [(document, place) for document, place in sorted(places) if not (ROOT / place).exists()] == []


def test_links_between_files_lead_somewhere():
    links = named(r"\]\((?!https?:|#)([^)#\s]+)")
    assert (
        links and [(document, to) for document, to in sorted(links) if not (ROOT / document).parent.joinpath(to).exists()] == []
    )


def test_every_decision_is_in_their_list():
    records = {path.name for path in (ROOT / "docs" / "decisions").glob("0*.md")}
    assert {to for document, to in named(r"\]\((0[^)#]+)\)") if document == "docs/decisions/index.md"} == records


@pytest.mark.slow
def test_the_documents_are_rendered_as_a_site(tmp_path):
    command = [Path(sys.executable).with_name("mkdocs"), "build", "--strict", "--quiet", "--site-dir", tmp_path]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    assert (tmp_path / "index.html").exists()


def test_the_drawing_of_the_packages_is_current():
    assert drawing() == PATH.read_text(encoding="utf-8"), "python manage.py draw_packages"


def test_the_changelog_begins_with_this_version():
    first = re.search(r"^## (\S+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first and first[1] in (PROJECT["project"]["version"], "Unreleased")


@pytest.mark.parametrize("path", FORGES, ids=lambda path: path.name)
def test_forge_files_are_well_formed(path):
    assert yaml.safe_load(path.read_text(encoding="utf-8"))


def test_every_forge_runs_the_same_script_with_fixed_actions():
    workflows = [ROOT / ".gitlab-ci.yml", *(ROOT / ".github" / "workflows").glob("*.yml")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in workflows}
    assert [name for name, text in texts.items() if "bash .ci/run" not in text] == []
    used = [action for text in texts.values() for action in re.findall(r"uses: (\S+)", text)]
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []


def test_hooks_are_the_tools_of_the_environment():
    repositories = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    hooks = [hook for repository in repositories for hook in repository["hooks"]]
    assert {repository["repo"] for repository in repositories} == {"local"}
    tools = {hook["entry"].split()[0] for hook in hooks}
    assert {tool for tool in tools if not (ROOT / tool).exists()} == set()


def test_owned_paths_exist():
    lines = (ROOT / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    paths = [line.split()[0] for line in lines if line and not line.startswith("#")]
    assert [path for path in paths if path != "*" and not (ROOT / path.lstrip("/")).exists()] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_compiled_requirements_hold_what_is_asked_for(name):
    lines = [line.partition("#")[0].strip() for line in (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines()]
    asked = [Requirement(line) for line in lines if line and not line.startswith("-")]
    compiled = dict(
        re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / f"{name}.txt").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert [str(one) for one in asked if not one.specifier.contains(compiled.get(one.name.lower(), ""))] == []
