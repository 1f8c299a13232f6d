"""aioimaplib with an own reader: the part that turns bytes into answers and losses into errors.

Failure semantics: a lost connection, a BYE, bytes outside the grammar or over a cap end
every pending command at once with the result "KO" and leave the reason in `failure`;
nothing is ever sent again on that connection. aioimaplib 2.0.3 itself recurses once a
response line, deletes every "* " inside a line, never ends pending commands when the
connection is lost, and logs what it receives.
"""

import asyncio
import socket
import ssl
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from typing import Any

from aioimaplib import IMAP4, Abort, Command, IMAP4ClientProtocol
from aioimaplib.aioimaplib import AUTH, LOGOUT, IdleCommand, change_state

from mailbot.imap_errors import ImapError, ImapProtocolError, ImapUnreachable
from mailbot.imap_grammar import Part, ResponseReader
from mailbot.imap_names import quoted

LOST = "KO"
RESULTS = (b"OK", b"NO", b"BAD")
KEEPALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))


class Protocol(IMAP4ClientProtocol):  # type: ignore[misc]  # the library is untyped
    """One connection. Untagged responses go to whichever command is pending.

    Command lines get a response as aioimaplib gives it: lines are `bytes` without the
    leading "* ", literals `bytearray`. `news` turns true when EXISTS comes.
    """

    state: str
    transport: asyncio.Transport | None
    capabilities: set[str]
    literal_data: bytes | None
    pending_sync_command: Any
    pending_async_commands: dict[str, Any]
    tasks: set[asyncio.Future[Any]]

    def __init__(self, loop: asyncio.AbstractEventLoop, literal_cap: int, answer_cap: int) -> None:
        super().__init__(loop)
        self.failure: ImapError | None = None
        self.closed: asyncio.Future[None] = loop.create_future()
        self.news = False
        self.exists = 0
        self._reader = ResponseReader(literal_cap)
        self._answer_cap = answer_cap
        self._answer_size = 0
        self._chunks: deque[bytes] = deque()
        self._greeted = False

    # connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keepalive finds a dead peer where the server never speaks first."""
        super().connection_made(transport)
        raw = transport.get_extra_info("socket")
        if raw is not None and raw.family != socket.AF_UNIX:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for name, value in KEEPALIVE:
                if hasattr(socket, name):  # not every system has all three
                    raw.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends everything that waits."""
        super().connection_lost(exc)
        self._end(ImapUnreachable("The IMAP server ended the connection."))

    def fail(self, failure: ImapError) -> None:
        """Give this connection up, for the reason given."""
        self._end(failure)
        if self.transport is not None:
            self.transport.abort()

    def _end(self, failure: ImapError) -> None:
        if self.failure is None:
            self.failure = failure
        self.state = LOGOUT
        pending = [self.pending_sync_command, *self.pending_async_commands.values()]
        self.pending_sync_command = None
        self.pending_async_commands.clear()
        for command in filter(None, pending):
            command.close(b"", result=LOST)
        self.idle_queue.put_nowait([])
        if not self.closed.done():
            self.closed.set_result(None)

    # what the server says

    def data_received(self, data: bytes) -> None:
        """Bytes from the server, in pieces of any size; never raises."""
        if self.failure is not None:
            return
        try:
            for parts in self._reader.feed(data):
                self._answer(parts)
        except ImapError as problem:
            self.fail(problem)
        except Exception as problem:
            self.fail(ImapProtocolError(f"The IMAP server confused us ({type(problem).__name__})."))

    def _answer(self, parts: list[Part]) -> None:
        line = bytes(parts[0])
        if not line:
            return
        if not self._greeted:
            self._greeting(line)
        elif line.startswith(b"* "):
            self._untagged(line[2:], parts[1:])
        elif line.startswith(b"+"):
            self._continue()
        else:
            self._tagged(line)

    def _greeting(self, line: bytes) -> None:
        word = line[2:].split(b" ", 1)[0].upper()
        if not line.startswith(b"* ") or word not in (b"OK", b"PREAUTH"):
            raise ImapUnreachable("The IMAP server does not accept connections now.")
        self._greeted = True
        task = asyncio.ensure_future(self._welcomed(word))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _welcomed(self, word: bytes) -> None:
        try:
            await self.welcome(word)
        except Exception:
            self.fail(ImapProtocolError("The server at IMAP_URL does not speak IMAP4rev1."))

    def _untagged(self, line: bytes, rest: list[Part]) -> None:
        words = line.upper().split(b" ", 2)
        if words[0] == b"BYE" and not self._leaving():
            raise ImapUnreachable("The IMAP server said goodbye.")
        if len(words) > 1 and words[0].isdigit():
            self._count(int(words[0][:10]), words[1])
        command = self._pending()
        if command is None:
            return
        self._answer_size += len(line) + sum(map(len, rest))
        if self._answer_size > self._answer_cap:
            raise ImapProtocolError("The IMAP server answered more than it was asked for.")
        for part in [line, *rest]:
            command.append_to_resp(part)
        command.flush()

    def _count(self, number: int, word: bytes) -> None:
        if word == b"EXISTS":
            self.exists = number
            self.news = True
        elif word == b"EXPUNGE":
            self.exists = max(0, self.exists - 1)

    def _leaving(self) -> bool:
        return self.pending_sync_command is not None and self.pending_sync_command.name == "LOGOUT"

    def _pending(self) -> Any:
        if self.pending_sync_command is not None:
            return self.pending_sync_command
        return next(iter(self.pending_async_commands.values()), None)

    def _continue(self) -> None:
        command = self.pending_sync_command
        if command is None:
            raise ImapProtocolError("The IMAP server asked for data nobody offered.")
        if isinstance(command, IdleCommand):
            self._idle_event.set()
        elif command.name == "APPEND" and self.literal_data is not None:
            self._write(self.literal_data + b"\r\n")
            self.literal_data = None
        elif self._chunks:
            self._write(self._chunks.popleft())
        else:
            raise ImapProtocolError("The IMAP server asked for data nobody offered.")

    def _tagged(self, line: bytes) -> None:
        tag, _, text = line.partition(b" ")
        result, _, reason = text.partition(b" ")
        command = self._pending()
        if command is None or tag != command.tag.encode() or result.upper() not in RESULTS:
            raise ImapProtocolError("The IMAP server answered a question nobody asked.")
        self.pending_sync_command = None
        self.pending_async_commands.clear()
        command.close(reason, result=result.upper().decode())

    # what we say

    async def execute(self, command: Any, scrub: str | None = None) -> Any:
        """One command at a time; refused on a connection that has failed."""
        if self.failure is not None:
            raise Abort("connection lost")
        if self._pending() is not None:
            raise Abort("another command is pending")
        self._answer_size = 0
        return await super().execute(command, scrub=scrub)

    def send(self, line: str, scrub: str | None = None) -> None:
        """Without the library's log line: a password with quotes in it would not be scrubbed."""
        if self.failure is None:
            self._write(line.encode("ascii") + b"\r\n")

    def _write(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)

    async def capability(self) -> None:
        """CAPABILITY, wherever the line stands among others (RFC 3501 section 6.1.1)."""
        response = await self.execute(Command("CAPABILITY", self.new_tag(), loop=self.loop))
        words = [bytes(line).decode("latin-1").upper().split() for line in response.lines[:-1]]
        found = {word for line in words if line[:1] == ["CAPABILITY"] for word in line[1:]}
        if "IMAP4REV1" not in found:
            raise Abort("server not IMAP4 compliant")
        self.capabilities = found

    @change_state  # type: ignore[untyped-decorator]
    async def login(self, user: str, password: str) -> Any:
        """LOGIN; quoted when ASCII, else as literals, the only way RFC 3501 has for 8 bits."""
        if (user + password).isascii():
            words: tuple[str, ...] = (quoted(user), quoted(password))
        else:
            first, second = user.encode(), password.encode()
            words = (f"{{{len(first)}}}",)
            self._chunks.extend((first + f" {{{len(second)}}}\r\n".encode(), second + b"\r\n"))
        command = Command("LOGIN", self.new_tag(), *words, loop=self.loop)
        response = await self.execute(command)
        self._chunks.clear()
        if response.result == "OK":
            self.state = AUTH
        return response

    @change_state  # type: ignore[untyped-decorator]
    async def xoauth2(self, user: str, token: str) -> Any:
        """AUTHENTICATE XOAUTH2; a refusal comes as a challenge that wants an empty line first."""
        said = b64encode(f"user={user}\x01auth=Bearer {token}\x01\x01".encode())
        words: tuple[str, ...] = ("XOAUTH2",)
        if "SASL-IR" in self.capabilities:  # RFC 4959
            words = ("XOAUTH2", said.decode())
        else:
            self._chunks.append(said + b"\r\n")
        self._chunks.append(b"\r\n")
        command = Command("AUTHENTICATE", self.new_tag(), *words, loop=self.loop)
        response = await self.execute(command)
        self._chunks.clear()
        if response.result == "OK":
            self.state = AUTH
        return response


class Client(IMAP4):  # type: ignore[misc]  # the library is untyped
    """aioimaplib's client over `Protocol`; deadlines are the caller's, so it has none itself."""

    protocol: Protocol
    tasks: set[asyncio.Future[Any]]

    def __init__(
        self, host: str, port: int, tls: ssl.SSLContext | None, literal_cap: int, answer_cap: int
    ) -> None:
        self._caps = literal_cap, answer_cap
        super().__init__(host, port, timeout=None, ssl_context=tls)

    def create_client(
        self,
        host: str,
        port: int,
        loop: asyncio.AbstractEventLoop | None,
        conn_lost_cb: Callable[[Exception | None], None] | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Starts to connect; `wait_hello_from_server` raises what went wrong."""
        own = loop or asyncio.get_running_loop()
        self.protocol = Protocol(own, *self._caps)
        self._client_task = own.create_task(
            own.create_connection(lambda: self.protocol, host, port, ssl=ssl_context)
        )

    async def hello(self) -> None:
        """Connected and greeted, or the reason why not: OSError, ssl.SSLError or ImapError."""
        greeted = asyncio.ensure_future(self.wait_hello_from_server())
        try:
            await asyncio.wait({greeted, self.protocol.closed}, return_when=asyncio.FIRST_COMPLETED)
            if not greeted.done() and self.protocol.failure is not None:
                raise self.protocol.failure
            greeted.result()
        finally:
            greeted.cancel()

    async def start_idle(self) -> asyncio.Future[Any] | None:
        """IDLE under way (RFC 2177), to be ended by `idle_done`; None when it was refused."""
        try:
            idling: asyncio.Future[Any] = await self.idle_start()
        except Abort:
            if self.protocol.failure is not None:
                raise self.protocol.failure from None
            return None
        return idling

    def abandon(self) -> None:
        """Close the socket at once and leave no task behind; harmless when repeated."""
        self.protocol.fail(ImapUnreachable("The connection was given up."))
        self._client_task.cancel()
        self.idle_done()  # stops the library's own timer
        for task in self.tasks | self.protocol.tasks:
            task.cancel()
