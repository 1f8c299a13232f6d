"""A scripted SMTP server: takes letters, or fails the way it is told, letter by letter.

Speaks just enough of RFC 5321 on raw sockets, since no library can be made to drop the
connection between DATA and its answer.
"""

import asyncio
import ssl
from base64 import b64decode
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum

LINE_LIMIT = 1_000_000


class Fault(Enum):
    """What happens to the next letter."""

    NONE = "none"
    DEFER = "defer"  # 4xx at RCPT
    REFUSE = "refuse"  # 5xx at RCPT
    DEFER_SENDER = "defer_sender"  # 4xx at MAIL
    DEFER_DATA = "defer_data"  # 4xx after the letter was sent
    REFUSE_DATA = "refuse_data"  # 5xx after the letter was sent
    DROP_BEFORE_DATA = "drop_before_data"  # connection cut at DATA
    DROP_BEFORE_250 = "drop_before_250"  # not kept, no answer
    DROP_AFTER_250 = "drop_after_250"  # kept, but the answer never arrives
    SILENT_AFTER_DATA = "silent_after_data"  # kept, no answer, the connection stays open
    BUSY = "busy"  # 421 greeting


@dataclass(frozen=True, slots=True)
class Received:
    """One letter as taken: envelope and bytes."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass
class SmtpServer:
    """One running server. `script` is used up a fault a letter; then `always` holds."""

    port: int = 0
    letters: list[Received] = field(default_factory=list)
    script: deque[Fault] = field(default_factory=deque)
    always: Fault = Fault.NONE
    delay: float = 0.0
    connections: int = 0
    user: str | None = None
    password: str | None = None
    token: str | None = None
    tls: ssl.SSLContext | None = None
    offers_starttls: bool = False
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        """Listen on loopback, on the same port again after `stop`."""
        implicit = None if self.offers_starttls else self.tls
        self._server = await asyncio.start_server(
            self._client, "127.0.0.1", self.port, ssl=implicit, limit=LINE_LIMIT
        )
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close everything, clients too."""
        if self._server is not None:
            self._server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    def sent_to(self, address: str) -> list[Received]:
        """Letters that one address got."""
        return [letter for letter in self.letters if address in letter.recipients]

    def next_fault(self) -> Fault:
        """The fault of the letter that begins now."""
        return self.script.popleft() if self.script else self.always

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            await _Conversation(self, reader, writer).run()
        except (ConnectionError, EOFError, ssl.SSLError):
            pass
        finally:
            writer.transport.abort()


class _Conversation:
    def __init__(
        self, server: SmtpServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.sender = ""
        self.recipients: list[str] = []
        self.fault = Fault.NONE
        self.open = True

    async def run(self) -> None:
        if self.server.always is Fault.BUSY:
            await self.say("421 4.3.2 too busy")
            return
        await self.say("220 localhost ESMTP")
        while self.open:
            line = (await self.reader.readuntil(b"\n")).decode("utf-8", "replace").strip()
            verb, _, rest = line.partition(" ")
            answer = getattr(self, f"on_{verb.lower()}", None)
            await (answer(rest) if answer else self.say("500 5.5.1 unknown command"))

    async def say(self, *lines: str) -> None:
        await asyncio.sleep(self.server.delay)
        for number, line in enumerate(lines, 1):
            text = line if number == len(lines) else f"{line[:3]}-{line[4:]}"
            self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()

    async def on_ehlo(self, _: str) -> None:
        words = ["250 localhost", "250 8BITMIME", "250 SMTPUTF8", "250 ENHANCEDSTATUSCODES"]
        if self.server.offers_starttls and not self.writer.get_extra_info("ssl_object"):
            words.append("250 STARTTLS")
        if self.server.user is not None:
            words.append("250 AUTH XOAUTH2" if self.server.token else "250 AUTH PLAIN")
        await self.say(*words)

    async def on_helo(self, _: str) -> None:
        await self.say("250 localhost")

    async def on_starttls(self, _: str) -> None:
        assert self.server.tls is not None
        await self.say("220 2.0.0 ready")
        await self.writer.start_tls(self.server.tls)

    async def on_auth(self, rest: str) -> None:
        if self.server.token:
            await self.by_token(b64decode(rest.partition(" ")[2]).decode())
            return
        expected = f"\0{self.server.user}\0{self.server.password}".encode()
        given = b64decode(rest.partition(" ")[2])
        good = given == expected
        await self.say("235 2.7.0 welcome" if good else "535 5.7.8 wrong user or password")

    async def by_token(self, given: str) -> None:
        if given == f"user={self.server.user}\x01auth=Bearer {self.server.token}\x01\x01":
            await self.say("235 2.7.0 welcome")
            return
        await self.say("334 eyJzdGF0dXMiOiI0MDAifQ==")
        assert await self.reader.readuntil(b"\n") == b"\r\n"
        await self.say("535 5.7.8 token refused")

    async def on_mail(self, rest: str) -> None:
        self.fault = self.server.next_fault()
        self.sender, self.recipients = _path(rest), []
        deferred = self.fault is Fault.DEFER_SENDER
        await self.say("451 4.3.0 try later" if deferred else "250 2.1.0 ok")

    async def on_rcpt(self, rest: str) -> None:
        if self.fault is Fault.DEFER:
            await self.say("451 4.7.1 greylisted, try later")
        elif self.fault is Fault.REFUSE:
            await self.say("550 5.1.1 no such mailbox")
        else:
            self.recipients.append(_path(rest))
            await self.say("250 2.1.5 ok")

    async def on_data(self, _: str) -> None:
        if not self.recipients:
            await self.say("503 5.5.1 no recipients")
            return
        if self.fault is Fault.DROP_BEFORE_DATA:
            self.open = False
            return
        await self.say("354 go ahead")
        await self.take(await self.letter())

    async def letter(self) -> bytes:
        lines = []
        while (line := await self.reader.readuntil(b"\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    async def take(self, content: bytes) -> None:
        refusals = {
            Fault.DEFER_DATA: "451 4.3.0 try later",
            Fault.REFUSE_DATA: "554 5.7.1 refused",
        }
        if self.fault in refusals:
            await self.say(refusals[self.fault])
            return
        if self.fault is not Fault.DROP_BEFORE_250:
            self.server.letters.append(Received(self.sender, tuple(self.recipients), content))
        if self.fault is Fault.SILENT_AFTER_DATA:
            await self.reader.read()
        if self.fault is Fault.NONE:
            await self.say("250 2.0.0 taken")
        else:
            self.open = False

    async def on_rset(self, _: str) -> None:
        self.sender, self.recipients = "", []
        await self.say("250 2.0.0 ok")

    async def on_noop(self, _: str) -> None:
        await self.say("250 2.0.0 ok")

    async def on_quit(self, _: str) -> None:
        self.open = False
        await self.say("221 2.0.0 bye")


def _path(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]


@asynccontextmanager
async def running(**options: object) -> AsyncIterator[SmtpServer]:
    """A server of one's own, gone afterwards; options are fields of SmtpServer."""
    server = SmtpServer(**options)  # type: ignore[arg-type]  # fields checked by the dataclass
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
