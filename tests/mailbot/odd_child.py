"""A reading child that does what a letter's first word says, to see what the reader makes of it."""

import os
import time
from typing import Any

from mailbot import reading_child
from mailbot.frames import Manner, Task
from mailbot.letter import read
from models.shapes import Reading, Screening, Verdict
from models.vocabulary import Answer, Decision, Language


def odd(task: Task, manner: Manner, *_: object) -> Reading:
    """As told; else read, and called nothing in particular."""
    word = task.raw.split(None, 1)[0]
    if word == b"spin":
        while True:
            pass
    if word == b"die":
        os._exit(3)
    if word == b"eat":
        bytearray(2_000_000_000)
    if word == b"raise":
        raise RecursionError
    if word == b"wait":
        time.sleep(2)
    verdict = Verdict((), (), Language.EN, Decision.IGNORE, 0.5, (), "none")
    return Reading(read(task.raw, own=manner.own), Screening(Answer.SILENT, (), None), verdict)


def nothing(*_: Any) -> None:
    """No model is loaded: these tests are about the road, not about what is read."""


if __name__ == "__main__":
    vars(reading_child).update(judge=odd, classify=nothing)
    reading_child.main()
