"""A run of hostile requests, and its report."""

import logging
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.instance import ROLES, furnished
from tests.fuzz.requests import Hostile, Maker
from tests.fuzz.watching import fault_of


@dataclass
class Report:
    """`faults`: what was wrong → the first request that showed it; `reached`: (route, method, role) that were tried."""

    requests: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    faults: dict[str, str] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    reached: set[tuple[str, str, str]] = field(default_factory=set)


def run(base_url: str, requests: int, seed: int) -> Report:
    """Send `requests` hostile requests to an instance whose WhatTalk is at `base_url`. Needs an empty database."""
    logging.disable(logging.CRITICAL)  # each refusal would be a line
    try:
        return _run(base_url, requests, random.Random(seed))
    finally:
        logging.disable(logging.NOTSET)


def _run(base_url: str, requests: int, chance: random.Random) -> Report:
    instance, report = furnished(base_url), Report()
    maker = Maker(instance, chance)
    roles = sorted(ROLES)
    _learn(maker)
    begun = time.monotonic()
    for _ in range(requests):
        request, role = maker.make(), chance.choice(roles)
        is_disk_full, proxies = chance.random() < 0.03, chance.choice([0, 0, 1, 2])
        at = time.monotonic()
        fault = fault_of(request, role, instance.clients[role], is_disk_full=is_disk_full, proxies=proxies)
        report.slowest = max(report.slowest, time.monotonic() - at)
        report.reached.add((request.route, request.method, role))
        if fault:
            kind = _kind(fault)
            report.times[kind] += 1
            report.faults.setdefault(kind, f"{_shown(request, role, is_disk_full, proxies)}\n{fault}")
    report.requests, report.seconds = requests, time.monotonic() - begun
    return report


def _learn(maker: Maker) -> None:
    """The forms of all pages, as the uploader and the admin see them."""
    for role in ("anonymous", "uploader", "admin"):
        for _name, path in maker.pages:
            response = maker.instance.clients[role].get(path)
            if response.status_code == 200 and "html" in response.headers.get("Content-Type", "") and not response.streaming:
                maker.learn(response.content.decode(), path)


def _kind(fault: str) -> str:
    """The first and the last lines: the same fault of many requests is one."""
    lines = [line.strip() for line in fault.strip().splitlines()]
    place = next((line for line in reversed(lines) if line.startswith("File ") and "site-packages" not in line), "")
    return f"{lines[0]} | {place} | {lines[-1][:100] if len(lines) > 1 else ''}"


def _shown(request: Hostile, role: str, is_disk_full: bool, proxies: int) -> str:
    return (
        f"{role}: {request.method} {request.path[:300]} ({request.route}) {request.content_type} {request.body[:400]!r} "
        f"{ {name: value[:100] for name, value in request.extra.items()} } disk full: {is_disk_full}, proxies: {proxies}"
    )
