"""Logging of every process: readable on a console, JSON for machines; no personal data."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

STAMP = structlog.processors.TimeStamper(fmt="iso", utc=True)
FRAMES = 6  # of a fault, the innermost first
FAULTS = 8  # of a chain or group

log = logging.getLogger(__name__)


def set_up(log_format: str, level: str = "info") -> None:
    """`console` or `json`, on standard error, from `level` upwards; also what ends the process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(log_format))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # no line shows them, and each costs a call to the system
    logging.logProcesses = logging.logThreads = logging.logMultiprocessing = False
    for noisy in ("aioimaplib", "aiosqlite", "tortoise", "asyncio", "mail.log"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # its warnings are tracebacks about a lost database, which we tell in a sentence
    logging.getLogger("asyncpg").setLevel(logging.ERROR)
    _set_up_events(log_format, level)
    sys.excepthook = _unhandled


def _set_up_events(log_format: str, level: str) -> None:
    """Lines with fields, one an operation, go by `structlog` itself: a tenth of a small answer's
    time would go into the standard library's records otherwise.
    """
    structlog.configure(
        processors=[structlog.processors.add_log_level, STAMP, _renderer(log_format)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def formatter(log_format: str) -> logging.Formatter:
    """How one record becomes a line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_log_level, STAMP, _wordless],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _renderer(log_format),
        ],
    )


def _renderer(log_format: str) -> structlog.typing.Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(serializer=_json)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def place_of(fault: BaseException) -> str:
    """Kind and place of a fault and of what is behind it, without their words: those may quote
    a letter. Of a group, each fault in it.
    """
    said: list[str] = []
    behind, seen = [fault], {id(fault)}
    while behind and len(said) < FAULTS:
        one = behind.pop(0)
        said.append(_place(one))
        inside = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        more = [each for each in (*inside, one.__cause__) if each and id(each) not in seen]
        seen.update(map(id, more))
        behind += more
    return ", from ".join([*said, "others"] if behind else said)


def _place(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)[-FRAMES:]
    steps = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
    return f"{type(fault).__name__} at {' < '.join(steps) or 'an unknown place'}"


def _wordless(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    fault = line.pop("exc_info", None)
    fault = fault[1] if isinstance(fault, tuple) else fault
    if isinstance(fault, BaseException):
        line["fault"] = place_of(fault)
        # asyncio tells below its sentence which task or handle it was, with the fault's words
        line["event"] = str(line["event"]).partition("\n")[0]
    return line


def _unhandled(_: Any, fault: BaseException, __: Any) -> None:
    log.critical("this process ends", exc_info=fault)


def _json(fields: dict[str, Any], default: Any) -> str:
    return orjson.dumps(fields, default=default).decode()
