"""The settings of the tests: those of the product, with everything it writes in a folder that vanishes afterwards.

`DATABASE_URL` and `BROKER_URL` in the environment choose PostgreSQL and Redis; without them SQLite (a file, because
workers in other processes read it too) and a private Valkey are used, as on a laptop.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

if "ROWCALL_TEST_VAR" not in os.environ:
    # Short on purpose: unix sockets live below it, and their paths must stay under about 100 characters.
    os.environ["ROWCALL_TEST_VAR"] = tempfile.mkdtemp(prefix="rowcall-")
    atexit.register(shutil.rmtree, os.environ["ROWCALL_TEST_VAR"], ignore_errors=True)

# One folder a process: pytest-xdist runs several of them from one environment.
os.environ["ROWCALL_VAR"] = os.path.join(os.environ["ROWCALL_TEST_VAR"], os.environ.get("PYTEST_XDIST_WORKER", "main"))
if os.environ.get("BROKER_URL"):
    # Each of them empties its broker as it likes.
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["BROKER_URL"] = os.environ["BROKER_URL"].rsplit("/", 1)[0] + f"/{number}"
os.environ.setdefault("STATICFILES_BACKEND", "django.contrib.staticfiles.storage.StaticFilesStorage")
# What somebody has set for a Rowcall of their own, or for their network, changes nothing here.
ours = {"DATABASE_URL", "BROKER_URL", "ROWCALL_VAR", "STATICFILES_BACKEND"}
settings_read = re.findall(
    r'\benv_\w+\(\s*"([A-Z_]+)"', Path(__file__).parents[1].joinpath("config/settings.py").read_text(encoding="utf-8")
)
for elsewhere in [name for name in os.environ if name in {*settings_read} - ours or name.lower().endswith("_proxy")]:
    os.environ.pop(elsewhere)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, IS_SQLITE, STATIC_ROOT, VAR_DIR  # noqa: E402

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise wants to see it, though nothing is collected

PASSWORD_HASHERS = ["tests.passwords.QuickArgon2"]
if IS_SQLITE:
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests.sqlite3")}
