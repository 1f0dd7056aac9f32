"""The settings of an instance whose web server says of every response what it cost, and whose processes tell what they write for long."""

from config.settings import *  # noqa: F403  # everything else is as it is
from config.settings import INSTALLED_APPS, MIDDLEWARE

MIDDLEWARE = ["devtools.benchmarks.crowd.statements.StatementTimes", *MIDDLEWARE]
INSTALLED_APPS = [*INSTALLED_APPS, "devtools.benchmarks.crowd"]
