"""Whatever process asks for background work, the message goes to the broker of the settings."""

import subprocess
import sys

from django.conf import settings

ASK = """
import django
django.setup()
from celery import current_app
print(current_app.main, current_app.connection_for_write().as_uri(include_password=True))
"""


def test_a_process_that_has_only_loaded_the_pages_knows_the_broker(process_environment):
    asked = subprocess.run(
        [sys.executable, "-c", ASK], env=process_environment, cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    name, address = asked.stdout.split()
    assert name == "rowcall", asked.stderr
    assert address.rstrip("/").endswith(settings.BROKER_URL.split("://")[1].rstrip("/"))
