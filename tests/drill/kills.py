"""kill -9 of the bot at random moments, again and again, then one run to the end."""

import asyncio
import random
from dataclasses import dataclass

from tests.drill.desk import Desk, State
from tests.mixture import mixture
from tests.processes import kill, start


@dataclass(frozen=True, slots=True)
class Killed:
    """The end of one drill: letters in, what became of them, letters doubled."""

    letters: int
    kills: int
    state: State
    doubled: dict[str, int]
    strangers: list[str]
    sent: int

    @property
    def lost(self) -> int:
        """Letters in the mailbox that are not decided."""
        return self.letters - self.state.seen + self.state.undecided


async def kill_again_and_again(
    desk: Desk, count: int, kills: int, seed: int, longest: float = 4.0
) -> Killed:
    """`count` mixed letters; the bot dies `kills` times within `longest` seconds of a start."""
    letters = mixture(count, seed)
    desk.dovecot.fill(desk.user, [letter.raw for letter in letters])
    moments = random.Random(seed)
    for _ in range(kills):
        process = await start("mailbot", "watch", "--once", environ=desk.environ)
        reading = asyncio.create_task(process.communicate())
        await asyncio.sleep(moments.uniform(0.6, longest))
        kill(process)
        await reading
    ended = await desk.once()
    if ended.code:
        raise RuntimeError(ended.err[-2000:])
    return Killed(
        letters=count,
        kills=kills,
        state=await desk.state(),
        doubled=desk.doubled(),
        strangers=desk.strangers(letters),
        sent=len(desk.sink.letters),
    )
