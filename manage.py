#!/usr/bin/env python
"""Django's door: `python manage.py COMMAND`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415  a missing package is explained
    except ImportError:
        sys.exit("Rowcall's packages are not installed here. Start it with ./run, which installs them.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
