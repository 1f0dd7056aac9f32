"""What an admin is told when something of the instance does not work: `imports.alerts.rules`."""

from django.utils.translation import gettext_lazy as _

from imports.messages.message import Message

ALERT_MESSAGES = {
    "alert_no_worker": Message(
        _("No worker is alive."),
        _("Nothing is checked or sent until one is started. Nothing is lost. Start the workers again and look at their log."),
    ),
    "alert_queue_unread": Message(
        _("No worker reads these queues: %(queues)s."),
        _("Start a worker with these queues (--queues), or restart Rowcall."),
    ),
    "alert_worker_frozen": Message(
        _("The worker %(name)s is frozen or was killed: it has been silent for %(time)s."),
        _("Restart it. Other workers take over its work after a while."),
    ),
    "alert_broker_silent": Message(
        _("The broker does not answer."),
        _("Work goes on from the database, a little slower. See whether Redis or Valkey runs, and restart it."),
    ),
    "alert_broker_full": Message(
        _("The broker is full: it takes no more messages, or soon will not."),
        _(
            "Give it more memory (maxmemory) or disk, and keep maxmemory-policy noeviction. Work goes on from the database, a little slower."
        ),
    ),
    "alert_database_locked": Message(
        _("The database is locked: nothing can be written."),
        _("See which program holds it (a backup, a shell, a migration) and end that; a full disk has the same effect."),
    ),
    "alert_database_slow": Message(
        _("The database is slow: a small query took %(seconds)s seconds."),
        _("See what else uses its disk or processor. A large instance deserves PostgreSQL (DATABASE_URL)."),
    ),
    "alert_service_frozen": Message(
        _("WhatTalk does not answer (account %(account)s): requests have waited for %(time)s."),
        _(
            "Nothing needs to be done here: answers that were lost are looked up, and sending goes on by itself. Ask WhatTalk if it lasts."
        ),
    ),
    "alert_service_failing": Message(
        _("WhatTalk cannot be reached, or answers with errors (account %(account)s)."),
        _(
            "It is tried again by itself, next in %(seconds)s seconds. See whether this machine has a connection; ask WhatTalk if it lasts."
        ),
    ),
    "alert_service_slow": Message(
        _("WhatTalk is slow (account %(account)s): an answer takes %(seconds)s seconds."),
        _("Rowcall sends fewer requests at once by itself. Ask WhatTalk if it lasts."),
    ),
    "alert_service_limits": Message(
        _("WhatTalk limits requests (account %(account)s)."),
        _("Rowcall keeps to it by itself, at %(rate)s requests a minute now. A higher limit is WhatTalk's to give."),
    ),
    "alert_key_refused": Message(
        _("WhatTalk refuses the key of the account %(account)s."),
        _("Enter a valid key under Accounts, then resume the imports that wait for it."),
    ),
    "alert_balance_empty": Message(
        _("The account %(account)s has no balance left at WhatTalk."),
        _("Top up the account at WhatTalk, then resume the imports that wait for it."),
    ),
    "alert_mail_down": Message(
        _("Mail cannot be sent: %(error)s"),
        _("See whether the mail server runs and EMAIL_URL is right. Mails wait for up to three days and are sent by themselves."),
    ),
    "alert_disk_short": Message(
        _("The disk of %(name)s is nearly full: %(mb)s MB are free."),
        _("Make room, or keep files for a shorter time (KEEP_FILES_DAYS). Uploads are refused below DISK_FLOOR_MB."),
    ),
    "alert_memory_short": Message(
        _("The memory of %(name)s is nearly used up: %(mb)s MB are free."),
        _("See which program takes it, start fewer worker processes, or give the machine more memory."),
    ),
    "alert_dispatcher_asleep": Message(
        _("Background work has not been started for %(time)s."),
        _("The scheduler and every worker do so. Restart them and look at their log."),
    ),
    "alert_import_still": Message(
        _("The import %(file)s does not move: nothing has happened to it for %(time)s."),
        _("Open it. If nothing else is named here, restart the workers; it goes on from the same row."),
    ),
}
