"""Every audited action and its facts can be shown."""

import ast
import re
from pathlib import Path

from people.labels import ACTION_LABELS, action_label, facts_text, role_name, target_label
from people.throttle import SIGNED_IN, WRONG_PASSWORD

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("campaigns", "config", "imports", "people")
NAMED_ELSEWHERE = {"start_campaign", "stop_campaign", SIGNED_IN, WRONG_PASSWORD}


def recorded_actions() -> set[str]:
    """The texts that stand as the action in a call of `audit.record` (or of what hands one on to it)."""
    found: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                    action = node.args[1]
                    found |= {
                        one.value for one in ast.walk(action) if isinstance(one, ast.Constant) and str(one.value).isidentifier()
                    }
    return found - {"action", "_campaign"}


def test_every_recorded_action_has_a_label():
    actions = recorded_actions()
    assert "create_campaign" in actions and len(actions) > 10
    assert (actions | NAMED_ELSEWHERE) - set(ACTION_LABELS) == set()


def test_an_action_of_an_older_version_is_shown_as_words():
    assert action_label("sign_in") == "signed in" and action_label("do_something") == "do something"


def test_targets_are_named_by_their_kind():
    assert target_label("import 7") == "import 7" and target_label("do-not-call list") == ""


def test_facts_are_one_line():
    assert facts_text({"has_email": True, "role": "admin"}) == "has email: True, role: admin"
    assert (facts_text(None), facts_text("Ayla"), facts_text(["name"])) == ("", "Ayla", "['name']")


def test_roles_have_names_and_other_groups_keep_theirs():
    assert role_name("Uploader") == "Uploader" and re.fullmatch("Staff", role_name("Staff"))
