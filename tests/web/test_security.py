"""What protects browsers and people whatever page it is: headers, templates, files, passwords, error pages."""

import json
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.urls import reverse

from imports.intake import storage
from tests.builders import a_job
from tests.people.test_roles import ADDRESSES, OPEN, things, url_of  # noqa: F401
from ui.downloads import attached

ROOT = Path(settings.BASE_DIR)
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


def test_every_page_has_the_policy_and_is_framed_by_nobody(client, adam, things):  # noqa: F811
    client.force_login(adam, backend="django.contrib.auth.backends.ModelBackend")
    for name, pattern in ADDRESSES:
        headers = client.get(url_of(name, pattern, things)).headers
        policy = headers["Content-Security-Policy"]
        assert {part.strip() for part in policy.split(";")} >= POLICY and "unsafe" not in policy, name
        assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff"), name
        if name not in OPEN:
            assert headers["Cache-Control"] == "no-store", name


def test_templates_escape_everything_and_htmx_runs_nothing():
    for path in ROOT.joinpath("templates").rglob("*.*"):
        source = path.read_text(encoding="utf-8")
        assert path.suffix == ".txt" or "autoescape off" not in source, path  # mails as plain text
        assert not re.search(r"\|\s*safe\b|safeseq|<script>|\son[a-z]+=|hx-on", source), path
        assert "emails" in path.parts or " style=" not in source, path  # mail programs know no stylesheets
    for package in ("background", "campaigns", "config", "imports", "people"):
        for path in ROOT.joinpath(package).rglob("*.py"):
            assert "mark_safe" not in path.read_text(encoding="utf-8"), path
    config = json.loads(re.search(r"htmx-config\" content='([^']+)'", ROOT.joinpath("templates/shell.html").read_text())[1])
    off = ("allowEval", "allowScriptTags", "includeIndicatorStyles", "historyCacheSize")
    assert not any(config[name] for name in off) and config["selfRequestsOnly"]


def test_a_download_is_saved_under_a_name_of_ours_and_kept_by_nobody():
    headers = attached(BytesIO(b"x"), 'a\r\nSet-Cookie: x=1/..\\"ü=.csv').headers
    assert headers["Content-Disposition"] == "attachment; filename*=utf-8''a__Set-Cookie_%20x%3D1_..__%C3%BC%3D.csv"
    kept_by_nobody = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    assert {name: headers[name] for name in kept_by_nobody} == kept_by_nobody


def test_what_was_uploaded_is_served_by_no_address(client, alice):
    path = storage.path_of(a_job(rows=0, owner=alice))
    assert not any(path.is_relative_to(one) for one in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS))
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    for address in (f"/uploads/{path.name}", f"/static/{path.name}", f"/static/../uploads/{path.name}", f"/media/{path.name}"):
        assert client.get(address).status_code == 404


def test_a_wrong_name_costs_as_much_as_a_wrong_password(client, alice, bob, monkeypatch):
    """One hash each: for nobody, for somebody locked out, and for somebody without a password."""
    hashed = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
    alice.set_password("correct horse battery")
    assert alice.password.startswith("argon2")
    alice.is_active = False
    alice.save()
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *args: hashed.append(1) or verify(*args))
    for name in ("nobody", "alice", "bob"):
        before = len(hashed)
        client.post("/sign-in/", {"username": name, "password": "wrong"})
        assert len(hashed) == before + 1, name


def test_error_pages_say_nothing_of_the_inside(db, monkeypatch):
    monkeypatch.setattr("imports.views.health._alive", lambda now: 1 / 0)
    broken = Client(raise_request_exception=False).get(reverse("healthz"))
    pages = [broken, Client().get("/sign-in/", headers={"host": "evil.example"}), Client().post("/healthz")]
    assert [page.status_code for page in pages] == [500, 400, 405]
    for page in pages:
        assert not re.search(r"Traceback|ZeroDivision|site-packages|Django|SELECT|/imports/views", page.content.decode())


PRODUCTION = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
from people.sign_in import one_time_link
from people.models import User
names = "SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE SESSION_COOKIE_NAME CSRF_COOKIE_SECURE CSRF_COOKIE_NAME DEBUG"
facts = {name: getattr(settings, name) for name in names.split()}
answer = Client().get("/language/", secure=True, headers={"host": "rowcall.example.com"})
facts["hsts"] = answer.headers.get("Strict-Transport-Security", "")
facts["forged"] = Client().get("/sign-in/", secure=True, headers={"host": "evil.example"}).status_code
facts["link"] = one_time_link(User(pk=1, password="!x")).split("?")[0]
print(json.dumps(facts))
"""


def test_over_https_cookies_stay_on_this_host_and_links_lead_to_it(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "ROWCALL_VAR": str(tmp_path / "var"),
        "SITE_URL": "https://rowcall.example.com",
        "TRUSTED_PROXIES": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    command = [sys.executable, "-W", "ignore", "-c", PRODUCTION]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "__Host-rowcall",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-rowcall-csrf",
        "DEBUG": False,
        "hsts": "max-age=31536000",
        "forged": 400,
        "link": "https://rowcall.example.com/sign-in/link/",
    }


def test_every_check_of_the_security_page_names_tests_that_there_are():
    lines = ROOT.joinpath("docs/security.md").read_text(encoding="utf-8").splitlines()
    checks = {
        line.split("|")[1].strip(): re.findall(r"`(tests/[^`]+)::(\w+)`", line) for line in lines if re.match(r"\| [SP]\d", line)
    }
    assert [check for check in checks if check[0] == "S"] == [f"S{number}" for number in range(1, 37)] and "P6" in checks
    for check, tests in checks.items():
        assert tests, check
        for path, name in tests:
            assert f"def {name}(" in ROOT.joinpath(path).read_text(encoding="utf-8"), (check, path, name)
