"""The options of a sandbox, shared by `manage.py sandbox` and `python -m campaigns.whattalk.sandbox`."""

from __future__ import annotations

import argparse
import json
from typing import Any

from .faults import Rule
from .settings import DUPLICATE_STYLES, Settings


def add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--port", type=int, default=8001, help="0 takes any free port")
    add("--host", default="127.0.0.1")
    add("--data", metavar="DIR", help="keep the ledger and the key here, and go on from what is there")
    add("--api-key", default="", metavar="KEY", help="the one key that is accepted; made up when not given")
    add("--latency", type=float, default=0, metavar="MS", help="wait before every answer")
    add("--jitter", type=float, default=0, metavar="MS", help="and up to this much longer")
    add("--rate-limit", type=int, default=0, metavar="N", help="requests a minute; 0 is no limit")
    add("--duplicate-style", choices=DUPLICATE_STYLES, default="422", help="how a duplicate is answered")
    add("--lead-pace", type=float, default=2.0, metavar="SECONDS", help="how long a call lasts; 0: nobody is called")
    add("--set", action="append", default=[], type=_setting, metavar="NAME=VALUE", help="any other setting (settings.py)")
    add("--seed", type=int, default=0, help="for faults with a rate")
    add(
        "--fault",
        action="append",
        default=[],
        type=_rule,
        metavar="FAULT",
        help='as often as wanted: NAME, NAME:RATE, or a rule as JSON (faults.py), such as {"fault": "429", "rate": 0.1}',
    )


def settings_of(options: dict[str, Any]) -> Settings:
    """ValueError names a setting that is not one."""
    settings = Settings(
        api_key=options["api_key"],
        latency_ms=options["latency"],
        jitter_ms=options["jitter"],
        rate_limit=options["rate_limit"],
        duplicate_style=options["duplicate_style"],
        lead_pace=options["lead_pace"],
    )
    settings.change(**dict(options["set"]))
    return settings


def _setting(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _rule(text: str) -> dict[str, Any]:
    if text.lstrip().startswith("{"):
        rule: dict[str, Any] = json.loads(text)
    else:
        name, _, rate = text.partition(":")
        rule = {"fault": name, **({"rate": float(rate)} if rate else {})}
    Rule.of(rule)
    return rule
