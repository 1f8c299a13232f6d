"""The child of `mailbot.reader`: bytes in, readings out, inside limits of memory.

It holds no key, no password and no connection. When its parent dies, its input ends and
it goes too.
"""

import gc
import os
import pickle
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from cryptography import x509

from mailbot.classify import classify
from mailbot.frames import LENGTH, READY, Manner, Task, with_contents
from mailbot.letter import read
from mailbot.memory import return_big_blocks
from mailbot.screening import screen
from mailbot.signatures import check_attachments
from mailbot.understanding import understand
from models.shapes import Reading


def judge(task: Task, manner: Manner, anchors: Sequence[x509.Certificate] = ()) -> Reading:
    """Reads, checks what is signed, screens and classifies one letter; pure."""
    letter = read(task.raw, own=manner.own, truncated=task.truncated)
    check, texts = check_attachments(letter.attachments, anchors, task.received_at)
    letter = replace(letter, signature=check, signed_texts=texts)
    screening = screen(
        letter,
        own=manner.own,
        folder=task.folder,
        in_junk=task.in_junk,
        received_at=task.received_at,
        now=task.seen_at,
        acknowledge_unauthenticated=manner.acknowledge_unauthenticated,
        late=timedelta(hours=manner.late_hours),
    )
    verdict, signed = understand(letter)
    return Reading(letter, screening, verdict, signed)


def _frame(source: BinaryIO) -> bytes | None:
    head = source.read(LENGTH)
    if len(head) < LENGTH:
        return None
    return source.read(int.from_bytes(head, "big"))


def _next(source: BinaryIO) -> object | None:
    body = _frame(source)
    return pickle.loads(body) if body else None  # noqa: S301 - written by our own parent


def _limit(growth: int) -> None:
    """Bounds the address space: what is loaded now, and `growth` bytes more."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + growth
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _answer(task: Task, manner: Manner, anchors: Sequence[x509.Certificate]) -> object:
    # SIGPROF ends the process when it has worked for so long, not when the machine was busy
    signal.setitimer(signal.ITIMER_PROF, manner.seconds)
    try:
        return judge(task, manner, anchors)
    except MemoryError:
        return "too_much_memory"
    except Exception as problem:  # whatever a letter does, the next one must be read
        return type(problem).__name__
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _say(sink: BinaryIO, body: bytes) -> None:
    try:
        sink.write(len(body).to_bytes(LENGTH, "big"))
        sink.write(body)
        sink.flush()
    except BrokenPipeError:  # the parent died: at once, or Python complains while it ends
        os._exit(0)


def _one(
    source: BinaryIO, sink: BinaryIO, manner: Manner, anchors: Sequence[x509.Certificate]
) -> bool:
    """One letter, of which nothing is kept; False once the input has ended."""
    task, raw = _next(source), _frame(source)
    if not isinstance(task, Task) or raw is None:
        return False
    outcome = _answer(replace(task, raw=raw), manner, anchors)
    contents: list[bytes] = []
    if isinstance(outcome, Reading):
        contents = [one.content for one in outcome.letter.attachments]
        outcome = with_contents(outcome, [b""] * len(contents)) if contents else outcome
    _say(sink, pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL))
    for content in contents:
        _say(sink, content)
    return True


def main() -> None:
    """Until the input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    manner = _next(source)
    if not isinstance(manner, Manner):
        return
    return_big_blocks()
    classify("", "", ())  # loads the lexicons before the limit and before the first letter
    anchors = [x509.load_der_x509_certificate(one) for one in manner.anchors]
    gc.freeze()
    if sys.platform == "linux":
        _limit(manner.memory)
    _say(sink, READY)
    while _one(source, sink, manner, anchors):
        pass


if __name__ == "__main__":
    main()
