"""Which Chromium the browser tests drive: CHROMIUM in the environment, else the one of the system.

The headless shell first: the same pages for a third of the processor time, as no window is drawn that nobody sees.
"""

import os
import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_INSTALL = "sudo apt-get install chromium-headless-shell, or chromium"


def path() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)
