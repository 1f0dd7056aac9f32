"""The only settings file: each environment variable is read once, in groups.

Everything has a default that works on one machine with nothing installed; `docs/operations.md` lists the variables.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_email_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.database import database_of, is_sqlite
from config.env import env_bool, env_int, env_list, env_secret, env_str, env_url, ports_of
from config.launcher.broker import private_broker_url
from config.launcher.instance_lock import address_of
from config.log_settings import logging_settings
from config.object_storage import storages_of
from config.private_files import keep_private
from config.secrets import new_encryption_key, new_secret_key, not_guessed, stored_secret

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_str("ROWCALL_VAR", str(BASE_DIR / "var")))
keep_private(VAR_DIR)  # every process reads the settings before it writes anything

# -- the instance ------------------------------------------------------------------------------------------------
DEBUG = env_bool("DEBUG")
SITE_URL = env_url("SITE_URL", address_of(VAR_DIR / "up.lock") or "http://localhost:8000").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or [
    "localhost",
    "127.0.0.1",
    "[::1]",
    SITE_URL.split("//")[1].split("/")[0].split(":")[0],
]
CSRF_TRUSTED_ORIGINS = [SITE_URL, *env_list("CSRF_TRUSTED_ORIGINS")]
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", 0, least=0, most=5)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# -- secrets: given by the environment, or made at first start and kept under var/ with mode 0600 ----------------
SECRET_KEY = not_guessed("SECRET_KEY", env_secret("SECRET_KEY")) or stored_secret(
    VAR_DIR / "secrets" / "secret_key", new_secret_key
)
ENCRYPTION_KEYS = [
    key.strip()
    for key in (env_secret("ENCRYPTION_KEYS") or stored_secret(VAR_DIR / "secrets" / "encryption_key", new_encryption_key)).split(
        ","
    )
]
# The key of the hashes by which erased numbers are recognised: with another key none of them would be.
FORGOTTEN_KEY = env_secret("FORGOTTEN_KEY") or stored_secret(VAR_DIR / "secrets" / "forgotten_key", new_secret_key)

# -- apps --------------------------------------------------------------------------------------------------------
# The image holds no tools for developers.
DEVTOOLS = ["devtools"] if find_spec("devtools") else []
INSTALLED_APPS = [
    "config",
    *DEVTOOLS,
    "background",
    "ui",
    "people",
    "campaigns",
    "imports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
]
MIDDLEWARE = [
    "config.request_ids.RequestIds",
    "config.probes.Probes",
    "django.middleware.security.SecurityMiddleware",
    "people.middleware.CallerIsKnown",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.serving.refusals.RefusedBodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.ReadableForms",
    "django.middleware.common.CommonMiddleware",
    # Who may see the page is asked before the CSRF check, which takes the body apart.
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.SessionIsSeen",
    "people.middleware.SignInRequired",
    "people.middleware.NothingIsCached",
    "django.middleware.csrf.CsrfViewMiddleware",
    "people.middleware.LanguageOfTheUser",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.instance",
            ],
        },
    }
]

WEB_THREADS = env_int("WEB_THREADS", min(8, 2 * (os.cpu_count() or 1) + 1), least=1, most=64)

# -- database: SQLite on one machine, PostgreSQL for more ----------------------------------------------------------
DATABASE_URL = env_secret("DATABASE_URL")
DATABASES = {"default": database_of(DATABASE_URL, VAR_DIR, WEB_THREADS if env_bool("DATABASE_POOL") else 0)}
IS_SQLITE = is_sqlite(DATABASES["default"])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- people ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "people.throttle.Backend",
    "django.contrib.auth.backends.ModelBackend",
    "sesame.backends.ModelBackend",
]
AXES_HANDLER = "people.throttle.Handler"  # has the rules
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address", "username"]
AXES_CLIENT_IP_CALLABLE = "people.throttle.axes_ip"
AXES_LOCKOUT_CALLABLE = "people.throttle.own_response"
AXES_DISABLE_ACCESS_LOG = True  # the audit log has it
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = AXES_ENABLE_ADMIN = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESAME_ONE_TIME = True
SESAME_MAX_AGE = 24 * 3600
SESAME_TOKEN_NAME = "token"
# Who must have a second factor; on the page of users admins may ask for more, not for less.
SECOND_FACTOR_FOR = env_str("SECOND_FACTOR_FOR", choices=("", "admins", "managers"))
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "people:sign_in"
SESSION_COOKIE_NAME = "__Host-rowcall" if IS_HTTPS else "rowcall"
CSRF_COOKIE_NAME = "__Host-rowcall-csrf" if IS_HTTPS else "rowcall-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.stale_form"

# -- language ----------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = env_str("LANGUAGE_CODE", "en", choices=("en", "tr", "de", "ar"))
LANGUAGES = [("en", _("English")), ("tr", _("Turkish")), ("de", _("German")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = env_str("TIME_ZONE", "Europe/Istanbul")
USE_TZ = True
DEFAULT_REGION = env_str("DEFAULT_REGION", "TR")  # where numbers without a country most likely belong

# -- pages: nothing inline, nothing from elsewhere ---------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env_str("STATIC_ROOT", str(VAR_DIR / "static")))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env_str("STATICFILES_BACKEND", "whitenoise.storage.CompressedManifestStaticFilesStorage"),
        # No secrets: a web server under another user may serve them.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
    # Uploads and reports in a bucket, where hosts have no folder in common; without it in folders of this machine.
    **storages_of(env_url("FILES_URL", schemes=("s3",))),
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS and env_bool("HSTS_SUBDOMAINS")
X_FRAME_OPTIONS = "DENY"
# Whether other hosts of the domain may be asked for HSTS, and browsers be told for good, is for their owner to say
# (HSTS_SUBDOMAINS); http is turned into https by the proxy that has the certificate.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a page of corrections has many fields
DATA_UPLOAD_MAX_NUMBER_FILES = 2  # no form has more than one
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # cells pasted into a form

# -- files --------------------------------------------------------------------------------------------------------------
UPLOAD_DIR = VAR_DIR / "uploads"
REPORT_DIR = VAR_DIR / "reports"
MAX_UPLOAD_BYTES = env_int("MAX_UPLOAD_MB", 200, least=1, most=2000) * 1024 * 1024
UPLOADS_PER_MINUTE = env_int("UPLOADS_PER_MINUTE", 60, least=1)  # of one person; a script that runs wild, not a person in a hurry
QUOTA_BYTES = env_int("QUOTA_MB", 2_000, least=0) * 1024 * 1024  # kept files of one person; 0: no limit
KEEP_FILES_DAYS = env_int("KEEP_FILES_DAYS", 30, least=0)  # uploaded files and reports, once their import has ended; 0: for good
KEEP_ROWS_DAYS = env_int("KEEP_ROWS_DAYS", 90, least=0)  # the rows of an import, likewise; its counters stay
DISK_FLOOR_BYTES = env_int("DISK_FLOOR_MB", 500, least=0) * 1024 * 1024  # no upload may leave less than this free
# What touches more rows than this is done by a worker while a page waits for it; so many take a second or two, and a
# click that is answered at once is worth that.
ROWS_IN_A_REQUEST = 5_000
MAX_ROWS = env_int("MAX_ROWS", 1_100_000, least=1)
FILE_UPLOAD_HANDLERS = ["imports.intake.upload_handler.LimitedUpload"]
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600

# -- the web server -----------------------------------------------------------------------------------------------------
# A small body must have come within this time, and of a large one a piece must come as often.
BODY_SECONDS = env_int("BODY_SECONDS", 20, least=1, most=600)
# A page that has not come within this time is answered for: longer than a statement waits for SQLite's lock.
PAGE_SECONDS = env_int("PAGE_SECONDS", 30, least=1, most=600)

# -- mail -----------------------------------------------------------------------------------------------------------------
EMAIL_URL = env_url("EMAIL_URL", "", schemes=("smtp", "smtps", "smtp+tls", "smtp+ssl", "submission", "console", "file", "dummy"))
if EMAIL_URL:
    vars().update({name: value for name, value in dj_email_url.parse(EMAIL_URL).items() if name.startswith("EMAIL_")})
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_str("MAIL_FROM", "Rowcall <rowcall@localhost>")

# -- WhatTalk ------------------------------------------------------------------------------------------------------------
WHATTALK_BASE_URL = env_url("WHATTALK_BASE_URL")
WHATTALK_API_KEY = env_secret("WHATTALK_API_KEY")
# Where the accounts that an admin adds may lead; WHATTALK_BASE_URL may lead anywhere.
WHATTALK_HOSTS = [host.lower().rstrip(".") for host in env_list("WHATTALK_HOSTS")]  # none named: any public one
WHATTALK_PORTS = ports_of("WHATTALK_PORTS", env_list("WHATTALK_PORTS", ("80", "443")))
METRICS_TOKEN = env_secret("METRICS_TOKEN")  # who may read /metrics; without it only this machine

# -- background work: the broker carries messages, the database is the record ----------------------------------------------
BROKER_URL = env_url("BROKER_URL", private_broker_url(VAR_DIR), schemes=("redis", "rediss", "redis+socket"))
CELERY_BROKER_URL = BROKER_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "maintenance"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_ROUTES = {
    "imports.tasks.send_import": {"queue": "send"},
    "imports.tasks.undo": {"queue": "send"},
    "imports.tasks.send_mail": {"queue": "mail"},
    "imports.tasks.send_person_mail": {"queue": "mail"},
    "imports.tasks.ask_whattalk": {"queue": "ask"},  # a person waits: nothing else may be before it
    "imports.tasks.dispatch_due_work": {"queue": "maintenance"},
    "imports.tasks.search_do_not_call": {"queue": "maintenance"},
    "imports.tasks.settle_do_not_call": {"queue": "maintenance"},
    "imports.tasks.sync_campaigns": {"queue": "maintenance"},
    "imports.tasks.sync_leads": {"queue": "maintenance"},
    "imports.tasks.*": {"queue": "parse"},  # check, run_operation, read_number_list: they read files or very many rows
}
QUEUES = tuple(dict.fromkeys(route["queue"] for route in CELERY_TASK_ROUTES.values()))  # what workers consume
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # the database brings work back, and counts how often
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 90, 120
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 512 * 1024  # kB
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # a blink of the broker must not cut a request
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
# The shortest of these three wins, so they are one: much longer than any task may take.
CELERY_VISIBILITY_TIMEOUT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_VISIBILITY_TIMEOUT,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 3,
    "health_check_interval": 30,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_VISIBILITY_TIMEOUT}

# How often the scheduler and each worker look for work that no message asked for; the environment keeps the name it has.
DISPATCH_SECONDS = env_int("TICK_SECONDS", 10, least=1, most=60)
CELERY_BEAT_SCHEDULE = {
    # A dispatch that waited is not needed: the next one does the same.
    "dispatch": {
        "task": "imports.tasks.dispatch_due_work",
        "schedule": float(DISPATCH_SECONDS),
        "options": {"queue": CELERY_TASK_DEFAULT_QUEUE, "expires": 30},
    },
}
LONGEST_CHECK_SECONDS = 20 * 60  # of one file
READING_PROCESSES = env_int("READING_PROCESSES", 0, least=0, most=64)  # of `up`; 0: as fits the machine
SENDING_PROCESSES = env_int("SENDING_PROCESSES", 0, least=0, most=64)

# -- sending: the shorter times are for tests, which cannot wait ------------------------------------------------------
SEND_LEASE_SECONDS = env_int("SEND_LEASE_SECONDS", 120, least=4)  # a claimed row is given up after this; requests end well before
SETTLE_SECONDS = env_int("SETTLE_SECONDS", 60, least=1)  # a lost answer is left alone for so long
SETTLE_SECONDS_WITH_DUPLICATES = env_int("SETTLE_SECONDS_WITH_DUPLICATES", 600, least=1)
PROBE_SECONDS = env_int(
    "PROBE_SECONDS", 60, least=1
)  # until what stopped sending is tried with one row; then twice as long, and so on
LOOKUP_GAP_SECONDS = env_int("LOOKUP_GAP_SECONDS", 60, least=1)  # between two look-ups of one row
SEND_SLICE_SECONDS = env_int("SEND_SLICE_SECONDS", 30, least=1, most=60)  # then another import has its turn
MOST_IN_FLIGHT = env_int("MOST_IN_FLIGHT", 32, least=1, most=500)  # requests of one process
MOST_SENDERS = env_int("MOST_SENDERS", 4, least=1, most=64)  # processes that send one import

# -- logs -----------------------------------------------------------------------------------------------------------------
LOG_FORMAT = env_str("LOG_FORMAT", "console", choices=("console", "json"))
LOG_LEVEL = env_str("LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = logging_settings(LOG_FORMAT, LOG_LEVEL)

# -- errors to Sentry: without the setting its client is not even imported ------------------------------------------------
SENTRY_DSN = env_secret("SENTRY_DSN")
if SENTRY_DSN:
    from config import error_reports

    error_reports.begin(SENTRY_DSN, (SECRET_KEY, WHATTALK_API_KEY, METRICS_TOKEN, FORGOTTEN_KEY, *ENCRYPTION_KEYS))
