"""The settings of an instance whose web server says of every response what it cost."""

from config.settings import *  # noqa: F403  # everything else is as it is
from config.settings import MIDDLEWARE

MIDDLEWARE = ["devtools.benchmarks.crowd.statements.StatementTimes", *MIDDLEWARE]
