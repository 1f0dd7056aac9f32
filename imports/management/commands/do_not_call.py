"""`python manage.py do_not_call add|remove|list`: who must not be called, without a browser."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import do_not_call_list
from campaigns.accounts import account_from_environment
from campaigns.models import Campaign, DoNotCall
from imports.cli import run_import
from imports.cli.command import WRONG, TerminalCommand, stoppable
from imports.do_not_call import numbers, terminal
from imports.do_not_call.numbers import Doubtful, Part
from imports.errors import CannotBegin, WorkflowError
from imports.pipeline.readers.table import UnreadableFile

UNSETTLED = 3
NAMED = 20  # doubtful lines that are written out


class Command(TerminalCommand):
    help = (
        "Put numbers on the do-not-call list, take them off it, or show it. `add` also takes their leads out of WhatTalk, in every campaign "
        "of every account. Exit code 0: all done; 2: an option is wrong, or a number is doubtful (it is named, and was not taken; all others "
        "were); 3: something waits at WhatTalk that could not be settled yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("add", "remove", "list"))
        parser.add_argument(
            "numbers", nargs="*", metavar="NUMBER", help="with its country (+90 532 …), or as it is dialled at home"
        )
        parser.add_argument(
            "--file", type=Path, metavar="F", help="a list of numbers: any spreadsheet that can be imported, or a text"
        )
        parser.add_argument("--campaign", metavar="ID", help="WhatTalk's id of a campaign; without it: all campaigns")
        parser.add_argument("--reason", metavar="TEXT", default="", help="who asked for it, or why")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        if options["verbosity"] < 2:
            logging.disable(logging.CRITICAL)  # what went wrong is one sentence on stderr
        try:
            with stoppable():
                run_import.prepare_database()
                self._check(options)
                getattr(self, f"_{options['action']}")(options, _campaign(options["campaign"]))
        except UnreadableFile as error:
            self._stop(WRONG, str(WorkflowError(error.reason.code, **error.reason.params)))
        except (CannotBegin, WorkflowError) as error:
            self._stop(WRONG, " ".join(f"{error} {getattr(error, 'remedy', '')}".split()))
        except DatabaseError as error:
            self._stop(WRONG, _("The database cannot be used: %(why)s") % {"why": error})
        finally:
            logging.disable(logging.NOTSET)

    def _check(self, options: dict[str, Any]) -> None:
        if options["action"] != "list" and not options["numbers"] and not options["file"]:
            raise CannotBegin(_("Say which NUMBER, or which --file of numbers."))
        if options["file"] and not options["file"].is_file():
            raise CannotBegin(_("There is no file %(path)s.") % {"path": options["file"]})
        if len(options["reason"]) > 200:
            raise CannotBegin(_("--reason takes at most 200 characters."))

    # -- the three actions -----------------------------------------------------------------------------------------
    def _add(self, options: dict[str, Any], campaign: Campaign | None) -> None:
        began, new, known = timezone.now(), 0, 0
        taken: dict[str, None] = {}
        doubtful: list[Doubtful] = []
        account_from_environment()
        terminal.refresh_campaigns(do_not_call_list.accounts_with_key())
        for part in _parts(options):
            added = do_not_call_list.add(
                part.numbers, campaign=campaign, note=options["reason"], source=DoNotCall.Source.TERMINAL
            )
            taken.update(dict.fromkeys(part.numbers))
            doubtful += part.doubtful
            new, known = new + added.new, known + added.known
        if taken:
            terminal.settle_now(taken.keys())
        campaigns = terminal.found_and_done(taken.keys(), began)
        settled = all(one["settled"] for one in campaigns)
        self._print(
            options,
            {
                "action": "add",
                "campaign": options["campaign"],
                "added": new,
                "already_listed": known,
                "numbers": _few(taken),
                "doubtful": [_named(one) for one in doubtful],
                "settled": settled,
                "campaigns": campaigns,
            },
        )
        self._end(doubtful, settled)

    def _remove(self, options: dict[str, Any], campaign: Campaign | None) -> None:
        removed, asked = 0, 0
        doubtful: list[Doubtful] = []
        for part in _parts(options):
            wanted = list(dict.fromkeys(part.numbers))
            asked, doubtful = asked + len(wanted), doubtful + part.doubtful
            for begin in range(0, len(wanted), 500):
                entries = DoNotCall.objects.filter(phone_number__in=wanted[begin : begin + 500], campaign=campaign)
                removed += do_not_call_list.remove(entries, campaign=campaign)
        self._print(
            options,
            {
                "action": "remove",
                "campaign": options["campaign"],
                "removed": removed,
                "not_listed": asked - removed,
                "doubtful": [_named(one) for one in doubtful],
            },
        )
        self._end(doubtful, True)

    def _list(self, options: dict[str, Any], campaign: Campaign | None) -> None:
        entries, parts = DoNotCall.objects.select_related("campaign", "added_by").order_by("pk"), list(_parts(options))
        doubtful = [one for part in parts for one in part.doubtful]
        wanted = {number for part in parts for number in part.numbers}
        if campaign:
            entries = entries.filter(campaign=campaign)
        listed = [_entry(one) for one in entries.iterator(chunk_size=2000) if not parts or one.phone_number in wanted]
        self._print(
            options,
            {
                "action": "list",
                "campaign": options["campaign"],
                "total": len(listed),
                "listed": listed,
                "doubtful": [_named(one) for one in doubtful],
            },
        )
        self._end(doubtful, True)

    # -- the output --------------------------------------------------------------------------------------------
    def _print(self, options: dict[str, Any], outcome: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(outcome))
            return
        for line in _lines(outcome):
            self.stdout.write(line)

    def _end(self, doubtful: list[Doubtful], settled: bool) -> None:
        for one in doubtful[:NAMED]:
            self.stderr.write(
                _("Line %(line)s, “%(text)s”: %(why)s") % {"line": one.place, "text": one.text, "why": one.sentence}
            )
        if not settled:
            self._stop(
                UNSETTLED,
                _("Not everything is done at WhatTalk yet. A running Rowcall continues by itself; or run this command again."),
            )
        if doubtful:
            sys.exit(WRONG)


def _campaign(remote_id: str | None) -> Campaign | None:
    return run_import.find_campaign(run_import.account_to_use(), remote_id).campaign if remote_id else None


def _parts(options: dict[str, Any]) -> Iterator[Part]:
    if options["numbers"]:
        yield numbers.of_texts(options["numbers"])
    if options["file"]:
        yield from numbers.of_spreadsheet(options["file"])


def _few(taken: dict[str, None]) -> list[str] | None:
    """The numbers as they were understood, unless they are a whole list."""
    return list(taken) if len(taken) <= 100 else None


def _named(one: Doubtful) -> dict[str, Any]:
    return {"line": one.place, "text": one.text, "reason": one.reason, "sentence": one.sentence}


def _entry(one: DoNotCall) -> dict[str, Any]:
    return {
        "number": one.phone_number,
        "campaign": one.campaign.remote_id if one.campaign else None,
        "reason": one.note,
        "source": one.source,
        "added_by": one.added_by.get_username() if one.added_by else None,
        "added_at": one.added_at.isoformat(),
    }


def _lines(outcome: dict[str, Any]) -> Iterator[str]:
    match outcome["action"]:
        case "add":
            yield _("Added: %(new)s. On the list already: %(known)s.") % {
                "new": outcome["added"],
                "known": outcome["already_listed"],
            }
            for one in outcome["campaigns"]:
                where = one["name"] or _("all campaigns")
                for number in one["numbers"]:
                    yield f"{one['account']}, {where}: {number['number'] or ''} {number['sentence']}"
        case "remove":
            yield _("Removed: %(n)s. Not on the list: %(unknown)s.") % {"n": outcome["removed"], "unknown": outcome["not_listed"]}
        case "list":
            for one in outcome["listed"]:
                yield "\t".join(
                    [one["number"], one["campaign"] or "", one["added_at"][:10], one["added_by"] or one["source"], one["reason"]]
                )
