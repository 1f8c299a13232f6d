"""What the commands `classify` and `evaluate` do; imported only by them, for it loads the model."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from mailbot.classify import classify
from mailbot.classify.evaluate import CorpusError, as_text, evaluate
from mailbot.classify.report import render_terminal, verdict_json
from mailbot.headers import OwnMail
from mailbot.letter import read
from mailbot.quotes import new_spans

__all__ = ["CorpusError", "Unreadable", "as_text", "evaluate", "judge_file", "judge_lines"]

OWN = OwnMail("info@netpro.ee", "info@netpro.ee")


class Unreadable(Exception):
    """A file or line that holds no letter; the text is one sentence."""


def judge_lines(lines: Iterable[str]) -> None:
    """Prints a verdict for each line of JSON with id, subject and body. Raises Unreadable."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            subject, body = str(record.get("subject") or ""), str(record.get("body") or "")
        except (ValueError, AttributeError):
            raise Unreadable(
                f"Line {number} is not a JSON object with id, subject and body."
            ) from None
        verdict = classify(subject, body, new_spans(body))
        _say(verdict_json(str(record.get("id", number)), verdict))


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
        Console().print(render_terminal(letter.subject, letter.text, verdict))
    else:
        _say(verdict_json(path.name, verdict))


def _say(found: object) -> None:
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201 - what the command is for
