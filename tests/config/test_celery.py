"""The Celery application knows the product's tasks and hides their routine lines."""

import re

from django.conf import settings

from config.celery import app
from config.launcher.programs import Instance, programs


def test_every_task_of_the_schedule_and_the_routes_exists():
    app.loader.import_default_modules()
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    named |= {name for name in settings.CELERY_TASK_ROUTES if not name.endswith("*")}
    assert named <= set(app.tasks)


def test_the_lines_of_the_routine_task_are_not_shown(tmp_path, monkeypatch):
    for name in ("BROKER_URL", "WHATTALK_BASE_URL"):
        monkeypatch.setenv(name, "https://elsewhere")
    noise = {program.name: program.noise for program in programs(Instance(tmp_path, tmp_path, "127.0.0.1", 8000))}
    [(name, entry)] = settings.CELERY_BEAT_SCHEDULE.items()
    assert re.search(noise["maintenance"], f"[INFO/MainProcess] Task {entry['task']}[0f] received")
    assert re.search(noise["scheduler"], f"[INFO/MainProcess] Scheduler: Sending due task {name} ({entry['task']})")
