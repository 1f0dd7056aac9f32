"""`python -m campaigns.whattalk.sandbox`: prints one JSON line when it listens, for programs.

People use `python manage.py sandbox`.
"""

from __future__ import annotations

import argparse
import json

from .options import add_options
from .running import run


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox", description="A WhatTalk of our own.")
    add_options(parser)
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when the starter is gone")
    options = vars(parser.parse_args())
    run(options, lambda started: print(json.dumps(started), flush=True), until_stdin_closes=options["until_stdin_closes"])


if __name__ == "__main__":
    main()
