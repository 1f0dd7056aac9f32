"""`python -m tests.fuzz [--requests N] [--seed N]`: hostile requests to every address as every role; exits with 1 on a fault."""

import argparse
import os
import random
import sys

import django


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.test.utils import get_runner, setup_test_environment

    setup_test_environment()
    databases = get_runner(django.conf.settings)(verbosity=0, interactive=False).setup_databases()
    assert databases
    return _reported(options.requests, options.seed)


def _reported(requests: int, seed: int) -> int:
    from campaigns.whattalk.sandbox.process import SandboxProcess
    from tests.fuzz.run import run
    from tests.fuzz.service import hostile

    with SandboxProcess() as sandbox, hostile(sandbox, random.Random(seed)) as base_url:
        report = run(base_url, requests, seed)
    for kind, example in report.faults.items():
        print(f"{report.times[kind]} × {kind}\n{example}\n")
    routes = {route for route, _method, _role in report.reached}
    print(
        f"{report.requests} requests in {report.seconds:.0f} s ({len(routes)} addresses, {len(report.reached)} combinations with "
        f"method and role), the slowest {report.slowest:.1f} s: {sum(report.times.values())} faults of {len(report.faults)} kinds"
    )
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
