"""Everything one drill plays with: mailbox, wire, SMTP server, register, and the bot's keeper."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.database import rows
from tests.drill.desk import Desk
from tests.drill.link import Link
from tests.mixture import Mixed
from tests.processes import Ended, kill, start
from tests.registers import in_use
from tests.servers.postgres import Postgres
from tests.servers.smtp import Fault

MANNERS = {"SENT_FOLDER": "Sent"}  # each letter's copy is a third book
QUICK = {"IMAP_TIMEOUT_SECONDS": "3", "SMTP_TIMEOUT_SECONDS": "3", "IMAP_WATCH_SECONDS": "5"}
RUNS = 4  # after a fault, more starts than this mean that it was not survived


@dataclass
class Stage:
    """One drill on one database. `link` lies between the bot and Dovecot."""

    desk: Desk
    link: Link
    postgres: Postgres
    letters: list[Mixed]
    more: dict[str, str] = field(default_factory=dict)  # settings from now on
    ahead: int = 0  # seconds the bot's clock is ahead from now on
    starts: int = 0
    said: list[str] = field(default_factory=list)
    delivered: list[Mixed] = field(default_factory=list)
    bots: list[asyncio.subprocess.Process] = field(default_factory=list)  # that watch now
    happened: Counter[str] = field(default_factory=Counter)  # a soak's faults
    patience: float = 300.0  # seconds one run may take
    peak: float = 0.0  # megabytes of the biggest bot with its child, in a soak

    @property
    def environ(self) -> Mapping[str, str]:
        """The bot's settings: through the link, and patient for seconds only."""
        through = replace(self.desk, imap_port=self.link.port)
        clock = {"DRILL_AHEAD": str(self.ahead)} if self.ahead else {}
        return {**QUICK, **MANNERS, **through.environ, **self.more, **clock}

    @property
    def on_postgres(self) -> bool:
        """Which database this drill is on."""
        return self.desk.url.startswith("postgres")

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return Path(self.desk.url.removeprefix("sqlite://"))

    def deliver(self, letters: Sequence[Mixed] | None = None) -> None:
        """Letters into the INBOX; all of them if not said which."""
        given = self.letters if letters is None else letters
        self.delivered += given
        self.desk.dovecot.fill(self.desk.user, [letter.raw for letter in given])

    async def once(self, module: str = "mailbot", *words: str) -> Ended:
        """One run of the bot, or of `module words` in its place, however it ends."""
        self.starts += 1
        if self.ahead and module == "mailbot":
            module, words = "tests.drill.skewed", (str(self.ahead),)
        process = await start(module, *words, "watch", "--once", environ=self.environ)
        try:
            async with asyncio.timeout(self.patience):
                out, err = await process.communicate()
        except TimeoutError as late:
            raise AssertionError(f"a run is not over after {self.patience:.0f} s") from late
        finally:
            kill(process)
        self.said.append(err.decode())
        return Ended(process.returncode or 0, out.decode(), err.decode())

    async def killed_after(self, seconds: float, module: str = "mailbot", *words: str) -> None:
        """One run of the bot, ended by kill -9 after so long unless it ended before."""
        self.starts += 1
        process = await start(module, *words, "watch", "--once", environ=self.environ)
        reading = asyncio.create_task(process.communicate())
        await asyncio.sleep(seconds)
        kill(process)
        await reading

    @asynccontextmanager
    async def watched(self, bots: int = 1) -> AsyncIterator[None]:
        """Bots that watch, each started again whenever it ends, as a supervisor would."""
        keepers = [asyncio.create_task(self._keep()) for _ in range(bots)]
        try:
            yield
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            self.starts += 1
            process = await start("mailbot", "watch", environ=self.environ)
            self.bots.append(process)
            try:
                _, err = await process.communicate()
                self.said.append(err.decode())
            finally:
                self.bots.remove(process)
                kill(process)
                await process.wait()
            await asyncio.sleep(0.5)

    async def until(self, come: Callable[[], Awaitable[bool]], seconds: float = 120) -> None:
        """Waits until it is so; goes on without a word when the time is over: books decide."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(Exception):  # the database may be away on purpose
                async with asyncio.timeout(10):
                    if await come():
                        return
            await asyncio.sleep(0.3)

    async def decided(self, share: float = 1.0, seconds: float = 120) -> None:
        """Waits until this share of all letters is decided."""

        async def enough() -> bool:
            state = await self.desk.state()
            return state.seen - state.undecided >= share * len(self.letters)

        await self.until(enough, seconds)

    async def quiet(self, seconds: float = 120) -> None:
        """Waits until all is decided and nothing waits to go out."""

        async def at_rest() -> bool:
            state = await self.desk.state()
            waiting = sum(state.letters.get(one, 0) for one in ("queued", "sending"))
            return not waiting and state.seen - state.undecided >= len(self.delivered)

        await self.until(at_rest, seconds)

    async def time_passes(self) -> None:
        """Letters that wait for a later attempt are due now."""
        async with in_use(self.desk.url):
            await rows(
                "UPDATE outbound_mail SET next_attempt_at = queued_at"
                " WHERE state = 'deferred' RETURNING id"
            )

    def heal(self) -> None:
        """The fault is over."""
        self.link.heal()
        self.desk.sink.script.clear()
        self.desk.sink.always = Fault.NONE

    async def finish(self) -> list[str]:
        """The fault is over: the bot works the rest off. Returns what went wrong."""
        for _ in range(RUNS):
            await self.time_passes()
            ended = await self.once()
            if ended.code == 0:
                return [] if "Traceback" not in ended.err else [ended.err[-500:]]
        return [f"the bot does not come back: {ended.err.strip()[-300:]}"]
