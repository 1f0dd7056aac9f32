"""Log lines: what they are about, and nothing of people in them. Settings name these classes in LOGGING."""

import copy
import logging
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

from background import log_context
from background.masking import masked, scrubbed

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "ids"}


class MaskedLines(logging.StreamHandler[TextIO]):
    """To standard error. Its filters change a copy: other handlers, and an error tracker, have the record as it was."""

    def handle(self, record: logging.LogRecord) -> bool:
        return super().handle(copy.copy(record))


class Masking(logging.Filter):
    """Puts the ids of `log_context` on a record, and masks numbers and secrets in all its texts. It drops nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrubbed(_message_of(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_info, record.exc_text = None, scrubbed(record.exc_text)
        if record.stack_info:
            record.stack_info = scrubbed(record.stack_info)
        for name, value in vars(record).items():
            if name not in _OWN:
                setattr(record, name, _masked_value(value))
        for name, value in log_context.current().items():
            setattr(record, name, value)
        record.ids = "".join(f" {name}={value}" for name, value in log_context.current().items())
        return True


class JsonLines(JsonFormatter):
    """One JSON object a line: time, level, logger, message, the ids, and what a caller has added by `extra`."""

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            exc_info_as_array=False,
            json_ensure_ascii=False,
            reserved_attrs=[*_OWN],
        )


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # a message whose arguments do not fit must not cost the line
        return f"{record.msg} {record.args}"


def _masked_value(value: object) -> object:
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, dict):
        return {key: _masked_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_masked_value(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float) else masked(str(value))
