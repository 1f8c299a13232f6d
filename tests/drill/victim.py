"""The bot as it is, killed from inside (SIGKILL) at one named step of a letter's road.

`python -m tests.drill.victim STEP CALL watch --once`: dies at the CALL-th time that step is
reached. Nothing in the program knows of it: the step's function is wrapped before it starts.
`DRILL_AHEAD` in the environment sets its clock ahead by so many seconds.
"""

import importlib
import inspect
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from tests.drill import skewed


@dataclass(frozen=True, slots=True)
class Step:
    """Between two durable steps: just before or just after `where` was called.

    `calls` are how many letters (or batches) one call stands for in a drill of 500. `road`:
    of a letter that comes in, of letters to staff, or of an erasure.
    """

    name: str
    where: str
    when: str
    calls: int = 1
    doubtful: bool = False
    road: str = "letter"


STEPS = (
    Step("folder not yet known", "models.acts.mailbox:contact", "before"),
    Step("fetched, before commit A", "models.acts.mailbox:store", "before"),
    Step("commit A done", "models.acts.mailbox:store", "after"),
    Step("read, before commit B", "mailbot.intake:receive_all", "before"),
    Step("some letters of one B written", "models.acts.receive:_receive", "after", 40),
    Step("rows of B written, no COMMIT", "models.acts.work:Work._write_ledgers", "after"),
    Step("commit B done", "mailbot.intake:receive_all", "after"),
    Step("letters not yet claimed", "mailbot.outbox:claim", "before"),
    Step("letters claimed", "mailbot.outbox:claim", "after"),
    Step("MAIL accepted", "aiosmtplib:SMTP.mail", "after", 20),
    Step("RCPT accepted", "aiosmtplib:SMTP.rcpt", "after", 20),
    Step("`sending` committed", "mailbot.outbox:begin_data", "after", 20, doubtful=True),
    Step("DATA answered, not recorded", "aiosmtplib:SMTP.data", "after", 20, doubtful=True),
    Step("`sent` committed", "mailbot.outbox:record_delivery", "after", 20),
    Step("copy not yet appended", "mailbot.inbox:Inbox.append", "before", 20),
    Step("copy appended, not noted", "mailbot.inbox:Inbox.append", "after", 20),
    Step("journal not yet sealed", "mailbot.bot:seal", "before"),
    Step("day's work not begun", "mailbot.bot:every_day", "before", road="erasure"),
    Step("erasure log not yet written", "models.acts.work:append", "before", road="erasure"),
    Step("erasure log written, no COMMIT", "models.acts.work:append", "after", road="erasure"),
    Step("erased, day not noted", "models.acts.daily:beat", "before", road="erasure"),
    Step("day noted", "models.acts.daily:beat", "after", road="erasure"),
    Step("no reminder queued", "mailbot.bot:tell_staff", "before", road="staff"),
    Step("reminder written, no COMMIT", "models.acts.reminding:tell", "after", 10, road="staff"),
    Step("reminder queued", "models.acts.reminding:_remind_of", "after", 10, road="staff"),
    Step("morning letter not queued", "models.acts.reminding:_digest", "before", road="staff"),
    Step("staff letters queued", "mailbot.bot:tell_staff", "after", road="staff"),
    Step("to staff: RCPT accepted", "aiosmtplib:SMTP.rcpt", "after", 10, road="staff"),
    Step("to staff: `sending` committed", "mailbot.outbox:begin_data", "after", 10, True, "staff"),
    Step("to staff: DATA answered", "aiosmtplib:SMTP.data", "after", 10, True, "staff"),
    Step("to staff: `sent` committed", "mailbot.outbox:record_delivery", "after", 10, road="staff"),
)


def arm(step: Step, call: int) -> None:
    """Wraps the step's function so that its `call`-th call is the last thing this process does."""
    module, _, path = step.where.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for one in outer:
        owner = getattr(owner, one)
    setattr(owner, name, _deadly(getattr(owner, name), step.when, call))


def _deadly(function: Callable[..., Any], when: str, call: int) -> Callable[..., Any]:
    calls = 0

    def meets(moment: str) -> None:
        if when == moment and calls == call:
            os.kill(os.getpid(), signal.SIGKILL)

    @wraps(function)
    def wrapped_plain(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        meets("before")
        result = function(*given, **named)
        meets("after")
        return result

    @wraps(function)
    async def wrapped(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        meets("before")
        result = await function(*given, **named)
        meets("after")
        return result

    return wrapped if inspect.iscoroutinefunction(function) else wrapped_plain


def main() -> None:
    """STEP and CALL from the command line, the rest is the bot's."""
    _, name, call, *rest = sys.argv
    step = next(one for one in STEPS if one.name == name)
    command = importlib.import_module("mailbot.__main__")
    skewed.put_ahead(int(os.environ.get("DRILL_AHEAD", "0")))
    arm(step, int(call))
    sys.argv = ["mailbot", *rest]
    command.app()


if __name__ == "__main__":
    main()
