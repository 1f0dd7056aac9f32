"""Every audited action and its facts can be shown."""

import ast
import re
from pathlib import Path

from django.utils import translation

from people.audit_details import FACT_LABELS, details
from people.labels import ACTION_LABELS, action_label, role_name, target_label
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


def recorded_facts() -> set[str]:
    """The names of facts that stand in a call of `audit.record`."""
    found: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                    facts = [word.value for word in node.keywords if isinstance(word.value, ast.Dict)]
                    found |= {key.value for one in facts for key in one.keys if isinstance(key, ast.Constant)}
    return found


def test_every_recorded_action_has_a_label():
    actions = recorded_actions()
    assert "create_campaign" in actions and len(actions) > 10
    assert (actions | NAMED_ELSEWHERE) - set(ACTION_LABELS) == set()


def test_an_action_of_an_older_version_is_shown_as_words():
    assert action_label("sign_in") == "signed in" and action_label("do_something") == "do something"


def test_targets_are_named_by_their_kind():
    assert target_label("import 7") == "import 7" and target_label("do-not-call list") == ""


def test_details_are_in_the_readers_language_for_entries_of_any_version():
    """Codes become words, what stayed the same is left out, and what has no label is named as it is."""
    shown = {
        "status: not started → calling": ({"status": "draft"}, {"status": "in-progress"}),
        "role: Uploader → Manager": ({"role": "uploader", "email": "a@b"}, {"role": "manager", "email": "a@b"}),
        "language: Same as the browser → Turkish": ({"language": ""}, {"language": "tr"}),
        "name, product → none": (["name", "product"], []),
        "none": (None, []),
        "Ayla": (None, "Ayla"),
        "a@b → none": ("a@b", None),
        "numbers: 1,200": (None, {"numbers": -1200}),
        "number of the campaign: 1050; size in bytes: 15,051": (None, {"campaign": 1050, "size": 15051}),
        "duplicates are sent too: no; leads sent first: none": (None, {"allow_duplicates": False, "first": None}),
        "has mail: yes; color: 7": (None, {"has_mail": True, "color": 7}),
        "name: Team; campaigns: 1, 2": ({"name": "Team", "campaigns": [1, 2]}, None),
        "": (None, None),
    }
    assert {text: details(*facts) for text, facts in shown.items()} == {text: text for text in shown}
    with translation.override("tr"):
        assert details({"status": "draft"}, {"status": "stopped"}) == "durum: başlatılmadı → durduruldu"


def test_every_recorded_fact_has_a_label():
    assert recorded_facts() - set(FACT_LABELS) == set() and "allow_duplicates" in recorded_facts()


def test_roles_have_names_and_other_groups_keep_theirs():
    assert role_name("Uploader") == "Uploader" and re.fullmatch("Staff", role_name("Staff"))
