"""A line of the log says what happened, once, in either form."""

import json
import logging
import sys

import pytest

from models.logs import formatter

CARRIED = {"operation": "Board", "caller": "staff 1", "status": 200, "secret": "Mari"}


def _record(**more: object) -> logging.LogRecord:
    made = logging.LogRecord("api", logging.INFO, __file__, 1, "%s answered", ("õ",), None)
    made.__dict__.update(more)
    return made


def test_a_console_line_has_the_sentence_and_known_fields_only() -> None:
    line = formatter("console").format(_record(**CARRIED))
    assert line.endswith(" [info    ] õ answered operation=Board caller=staff 1 status=200")


def test_a_json_line_has_the_same() -> None:
    told = json.loads(formatter("json").format(_record(**CARRIED)))
    assert told.pop("timestamp")
    assert told == {
        "event": "õ answered",
        "level": "info",
        "operation": "Board",
        "caller": "staff 1",
        "status": 200,
    }


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_is_told(form: str) -> None:
    record = _record()
    try:
        raise LookupError("lost")
    except LookupError:
        record.exc_info = sys.exc_info()
    assert "LookupError: lost" in formatter(form).format(record)
