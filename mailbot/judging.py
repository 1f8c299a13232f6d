"""What the commands `classify` and `evaluate` do; imported only by them, for it loads the model."""

import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console

from mailbot.classify import classify
from mailbot.classify.chart import as_png
from mailbot.classify.evaluate import CorpusError, as_text, evaluate
from mailbot.classify.report import render_terminal, verdict_json
from mailbot.headers import OwnMail
from mailbot.letter import read
from mailbot.quotes import new_spans

__all__ = [
    "CorpusError",
    "Unreadable",
    "as_png",
    "as_text",
    "evaluate",
    "judge_file",
    "judge_lines",
    "judge_lines_of",
]

OWN = OwnMail("info@netpro.ee", "info@netpro.ee")


class Unreadable(Exception):
    """A file or line that holds no letter; the text is one sentence."""


def judge_lines(lines: Iterable[bytes]) -> None:
    """Prints a verdict for each line of JSON with id, subject and body. Raises Unreadable."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        letter_id, subject, body = _line(number, line)
        _say(verdict_json(letter_id, classify(subject, body, new_spans(body))))


def _line(number: int, line: bytes) -> tuple[Any, str, str]:
    """(id as it was given, subject, body); what is left out or null counts as empty."""
    try:
        record = json.loads(line.decode("utf-8-sig"))
        words = [record.get("subject") or "", record.get("body") or ""]
        if not all(isinstance(one, str) for one in words) or not {"subject", "body"} & set(record):
            raise ValueError
    except (ValueError, AttributeError, RecursionError):
        raise Unreadable(
            f"Line {number} is not a JSON object with id, subject and body (UTF-8)."
        ) from None
    return record.get("id", str(number)), words[0], words[1]


def judge_lines_of(path: Path) -> None:
    """The same for the lines of a file. Raises Unreadable."""
    try:
        lines = path.open("rb")
    except OSError as problem:
        raise Unreadable(f"{path} cannot be read: {problem.strerror}.") from None
    with lines:
        judge_lines(lines)


def judge_file(path: Path) -> None:
    """Prints the verdict on one .eml: a report on a terminal, else JSON. Raises Unreadable."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise Unreadable(f"{path} cannot be read: {problem.strerror}.") from None
    letter = read(raw, own=OWN)
    texts = tuple(found.text for found in letter.attachments if found.text)
    verdict = classify(letter.subject, letter.text, letter.new_spans, letter.flags, texts)
    if sys.stdout.isatty():
        Console().print(render_terminal(letter, verdict, str(path)))
    else:
        _say(verdict_json(path.name, verdict))


def _say(found: object) -> None:
    """JSON is UTF-8 whatever the terminal's own encoding; half a surrogate pair stays escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201 - what the command is for
