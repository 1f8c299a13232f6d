"""Logging of every process: readable on a console, JSON for machines; no personal data."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import orjson

# what a line may carry besides its sentence, as fields of its own
FIELDS = ("operation", "caller", "status", "codes", "cost", "ms", "request")


def set_up(log_format: str, level: str = "info") -> None:
    """`console` or `json`, on standard error, from `level` upwards."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(log_format))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # no line says them, so nobody needs to look them up
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for noisy in ("aioimaplib", "aiosqlite", "tortoise", "asyncio", "mail.log"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # its warnings are tracebacks about a lost database, which we tell in a sentence
    logging.getLogger("asyncpg").setLevel(logging.ERROR)


def formatter(log_format: str) -> logging.Formatter:
    """How one record becomes a line."""
    return JsonLine() if log_format == "json" else ConsoleLine()


class JsonLine(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The sentence is `event`."""
        told = {"event": record.getMessage(), "level": record.levelname.lower()}
        told |= _fields(record) | {"timestamp": _instant(record)}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(told, default=str).decode()


class ConsoleLine(logging.Formatter):
    """When, how grave, the sentence, then `name=value`."""

    def format(self, record: logging.LogRecord) -> str:
        """A traceback follows on lines of its own."""
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        event = record.getMessage()
        line = f"{_instant(record)} [{record.levelname.lower():<8}] {event}{fields}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    carried = record.__dict__
    return {name: carried[name] for name in FIELDS if name in carried}


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
