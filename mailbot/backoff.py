"""Coming back to a mailbox: exponential waits with jitter, forgotten after steady work."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

from mailbot.accounts import ImapSettings
from mailbot.imap_errors import ImapError, ImapLoginRefused, ImapTlsFailure
from mailbot.inbox import Inbox

log = logging.getLogger(__name__)

FIRST_SECONDS = 1.0
MOST_SECONDS = 300.0
STEADY_SECONDS = 60.0


def delay(failures: int, first: float = FIRST_SECONDS, most: float = MOST_SECONDS) -> float:
    """Seconds to wait after so many failures in a row: half to all of a doubling step."""
    step = min(most, first * 2.0 ** min(failures - 1, 30))
    return step * random.uniform(0.5, 1)  # noqa: S311 - spreads load, guards no secret


async def stay_connected(
    settings: ImapSettings,
    work: Callable[[Inbox], Awaitable[None]],
    first: float = FIRST_SECONDS,
    most: float = MOST_SECONDS,
) -> None:
    """Runs `work` on a fresh Inbox until it returns; every ImapError means once more, later.

    A refused login or certificate is raised when it is the very first answer, since then
    the settings are wrong; later on it is waited out like anything else.
    """
    failures = 0
    ever = False
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        try:
            async with Inbox(settings) as inbox:
                ever = True
                await work(inbox)
                return
        except ImapError as problem:
            if isinstance(problem, ImapLoginRefused | ImapTlsFailure) and not ever:
                raise
            failures = 1 if clock() - began > STEADY_SECONDS else failures + 1
            pause = delay(failures, first, most)
            log.warning("%s Trying again in %.0f s.", problem, pause)
        await asyncio.sleep(pause)
