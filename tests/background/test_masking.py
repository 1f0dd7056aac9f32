"""No number, key or token stands in what is logged or reported, whatever its writing."""

import io
import json
import logging
import time

import pytest

from background import log_context
from background.logs import JsonLines, Masking
from background.masking import masked, scrubbed
from config.error_reports import scrubbed_event

NUMBERS = [
    "+905551234567",
    "+90 555 123 45 67",
    "+90 (555) 123-45-67",
    "+90-555-123-45-67",
    "00905551234567",
    "0 555 123 45 67",
    "(0555) 123 45 67",
    "0555.123.45.67",
    "0555/123 45 67",
    "5551234567",
    "905551234567",
    "tel:+90-555-123-45-67",
    "tel05551234567x",
    "%2B905551234567",
    "%2B90+555+123+45+67",
    "%2B90%20555%20123%2045%2067",
    "+90\u00a0555\u202f123\u00a045\u00a067",
    "+90\u2011555\u2013123\u201445\u221267",
    "\u202a+90 555 123 45 67\u202c",
    "+90 5\u200b55 12\u200e3 45 67",
    "+90 ​555 ​123 45 67",
    "٠٥٥٥١٢٣٤٥٦٧",
    "+٩٠ ٥٥٥ ١٢٣ ٤٥ ٦٧",
    "۰۵۵۵۱۲۳۴۵۶۷",
    "０５５５１２３４５６７",
    "+90_555_123_45_67",
    "+49 (0) 30 1234567",
    "22 33 44 55",
    "+1 (212) 555-0123",
    "+44 20 7946 0958",
    "{'phone': '+905551234567'}",
    "phone_number=905551234567&x=1",
]
KEPT = [
    "import 1234567: 300 rows in 12.5 s",
    "2026-11-27 20:10:47,123 begun",
    "on 2026-11-27",
    "from 192.168.100.200 at 10.0.0.7",
    "Task imports.tasks.check[8f3c1b2a-1234-5678-9012-123456789012] succeeded in 0.012345678901s: None",
    "port 54321, status 503, row 7654321",
]


def longest_run(text: str) -> int:
    """Digits of a number that can still be read together."""
    best = run = 0
    for letter in text:
        run = run + 1 if letter.isdecimal() else 0 if letter.isalpha() or letter in "*'\"{}=&" else run
        best = max(best, run)
    return best


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_of_every_writing_are_masked(number):
    text = masked(f"row 3 of {number} was refused")
    assert "***" in text and longest_run(text.replace("row 3", "").replace("%2B", "").replace("%20", "")) <= 5
    assert text.startswith("row 3 of ") and text.endswith(" was refused")


def test_what_is_shown_of_a_number():
    assert masked("+90 (555) 123 45 67") == "+90555***67"
    assert masked("%2B90%20555%20123%2045%2067") == "+90555***67"


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_number_stays(text):
    assert masked(text) == text


def test_a_long_text_costs_no_time():
    for piece in ("1 ", "1(", "-", "%20", "12.", "2026-11-", "+"):
        assert len(masked(piece * 50_000)) <= len(piece) * 50_000 + 10


@pytest.fixture
def logged():
    """What is written when a record is logged as JSON."""

    def write(*words, **more) -> dict:
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.addFilter(Masking())
        handler.setFormatter(JsonLines())
        log = logging.Logger("rowcall")
        log.addHandler(handler)
        log.error(*words, **more)
        return json.loads(stream.getvalue())

    return write


def test_a_line_tells_what_it_is_about_and_masks_all_of_it(logged):
    with log_context.about(import_id=7, row_ids=[1, 2]):
        try:
            raise ValueError("no lead for +90 555 123 45 67")
        except ValueError:
            line = logged("%s not sent, key %s", "05551234567", "sk-1", exc_info=True, extra={"lead": {"phone": "5551234567"}})
    assert (line["import_id"], line["row_ids"], line["level"], line["logger"]) == (7, [1, 2], "ERROR", "rowcall")
    assert line["time"] and "ValueError" in line["exc_info"]
    assert "1234567" not in str(line) and "123 45" not in str(line)


def test_a_message_that_does_not_fit_its_arguments_is_still_written(logged):
    assert "05551***67" in logged("%d rows", "05551234567")["message"]


def test_keys_and_tokens_are_scrubbed():
    said = "GET /sign-in/link/?token=AbCdEf.123 Authorization: Bearer sk-live-1 redis://:hush@broker/0 'api_key': 'k|9'"
    text = scrubbed(said + " own-secret", ("own-secret",))
    assert [secret for secret in ("AbCdEf", "sk-live", "hush", "k|9", "own-secret") if secret in text] == []


def test_an_error_report_holds_nothing_of_people():
    event = {
        "message": "lead +905551234567",
        "request": {"url": "https://x/?token=abc", "headers": {"Cookie": "rowcall=1"}, "data": "phone=05551234567"},
        "exception": {"values": [{"value": "05551234567", "stacktrace": {"frames": [{"vars": {"lead": "x"}, "function": "f"}]}}]},
    }
    with log_context.about(import_id=7):
        clean = scrubbed_event(event, ())
    assert clean["tags"] == {"import_id": "7"} and clean["message"] == "lead +90555***67"
    assert [part for part in ("1234567", "Cookie", "abc", "vars", "data") if part in str(clean)] == []
    assert clean["exception"]["values"][0]["stacktrace"]["frames"] == [{"function": "f"}]


@pytest.mark.parametrize(
    "part", ["a-", "token-", "secret=", "+9 ", "1-", "2026-11-2", "://a", "/hooks/a/", "Bearer ", "%2B", "1%20", "%2F"]
)
def test_what_anybody_may_send_is_scrubbed_in_linear_time(part):
    """Addresses that nobody has are logged: one whose scrubbing takes a minute would hold a thread."""
    begun = time.process_time()
    scrubbed(part * (100_000 // len(part)))
    assert time.process_time() - begun < 5  # it takes some hundredths; in quadratic time it would take minutes
