"""The application of the web server."""

import os
import resource
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_POOL", "yes")  # many threads: let them share connections

django = get_wsgi_application()

from config.serving.application import Application  # noqa: E402  # needs the apps, which are loaded now

# Seconds after which a thread that computes gives way to others. Of a page each query gives way and has to come back, a dozen
# times: with Python's own 5 ms, what takes a millisecond takes fifty while others draw their pages, the event loop too.
SWITCH_SECONDS = 0.0005
MOST_FILES = 65_536  # connections are files: 1,024, the usual limit, are soon held open by one caller


def _allow_many_connections() -> None:
    _now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(MOST_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


_allow_many_connections()
sys.setswitchinterval(SWITCH_SECONDS)
application = Application(django)
