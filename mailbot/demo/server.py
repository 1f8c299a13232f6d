"""A whole mail server in this process, on loopback: SMTP in, IMAP out, nothing leaves.

Letters to the desk's address land in its INBOX as a real receiving server would put them
there; letters to anybody else end in the account of the outside world, where they can be
watched. Failure semantics: memory only; a stop ends every conversation within a second.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from types import TracebackType
from typing import Self
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Envelope, Session

from mailbot.demo.mailboxes import GRACE_SECONDS, LOOPBACK, ImapAccounts
from mailbot.demo.postmark import AUTHSERV_ID, postmarked

__all__ = ["AUTHSERV_ID", "DemoMailServer", "OutsideLetter"]

log = logging.getLogger(__name__)

DESK_ADDRESS = "info@netpro.ee"
OUTSIDE_ACCOUNT = "outside@example.com"
PASSWORD = "demo"  # noqa: S105 - of a server that lives on loopback, in memory, for minutes
LETTER_CAP = 30_000_000
REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class OutsideLetter:
    """One letter that left for the outside world, as it stood on the wire."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes = field(repr=False)
    at: datetime

    def header(self, name: str) -> str:
        """One header as sent, unfolded; empty when it is missing."""
        return " ".join(str(message_from_bytes(self.raw).get(name, "")).split())


class _Conversation(SMTP):
    line_length_limit = 1 << 20  # real servers take longer lines than RFC 5321 promises

    def __init__(self, handler: "_Receiver", open_ones: "set[_Conversation]") -> None:
        super().__init__(
            handler,
            data_size_limit=LETTER_CAP,
            enable_SMTPUTF8=True,
            hostname=AUTHSERV_ID,
            ident="demo",
            loop=asyncio.get_running_loop(),
        )
        self._open_ones = open_ones

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open_ones.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_ones.discard(self)
        super().connection_lost(error)

    def end(self) -> "asyncio.Task[None] | None":
        """Break off; gives the task that still has to finish."""
        task = self._handler_coroutine
        if task is not None:
            task.cancel()
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()
        return task


class _Receiver:
    """What the SMTP side asks (aiosmtpd handler hooks)."""

    def __init__(self, server: "DemoMailServer") -> None:
        self._server = server

    async def handle_RCPT(  # noqa: N802 - name given by the library
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        refusal = self._server.refusals.get(address.lower())
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - name given by the library
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.original_content or b""
        ident = await self._server.accept(envelope.mail_from or "", envelope.rcpt_tos, raw)
        return f"250 OK queued as {ident}"


class DemoMailServer:
    """`async with DemoMailServer() as server`: ports 0 mean any free one.

    `refusals` maps a recipient to the SMTP answer it gets at RCPT ("550 5.1.1 no such
    user"). `on_outside` is called with every letter that leaves.
    """

    user = DESK_ADDRESS
    password = PASSWORD
    outside_user = OUTSIDE_ACCOUNT

    def __init__(
        self,
        imap_port: int = 0,
        smtp_port: int = 0,
        on_outside: Callable[[OutsideLetter], None] | None = None,
    ) -> None:
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self.on_outside = on_outside
        self.refusals: dict[str, str] = {}
        self.outside: deque[OutsideLetter] = deque(maxlen=REMEMBERED)
        self.delivered = 0
        self._news: asyncio.Queue[OutsideLetter] = asyncio.Queue(REMEMBERED)
        self._accounts = ImapAccounts(
            {DESK_ADDRESS: PASSWORD, OUTSIDE_ACCOUNT: PASSWORD}, ("Sent", "Junk")
        )
        self._conversations: set[_Conversation] = set()
        self._smtp: asyncio.Server | None = None

    @property
    def imap_url(self) -> str:
        """The desk's mailbox as IMAP_URL."""
        user = DESK_ADDRESS.replace("@", "%40")
        return f"imap://{user}:{PASSWORD}@{LOOPBACK}:{self.imap_port}/INBOX"

    @property
    def smtp_url(self) -> str:
        """The way out as SMTP_URL."""
        return f"smtp://{LOOPBACK}:{self.smtp_port}"

    async def __aenter__(self) -> Self:
        """Listen on both ports. Raises OSError when one is taken; then neither is held."""
        self.imap_port = await self._accounts.start(self.imap_port)
        receiver = _Receiver(self)
        try:
            self._smtp = await asyncio.get_running_loop().create_server(
                lambda: _Conversation(receiver, self._conversations), LOOPBACK, self.smtp_port
            )
        except OSError:
            await self._accounts.stop()
            raise
        self.smtp_port = int(self._smtp.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop both sides within a second."""
        if self._smtp is not None:
            self._smtp.close()
            ends = {task for one in list(self._conversations) if (task := one.end())}
            if ends:
                await asyncio.wait(ends, timeout=GRACE_SECONDS)
            self._smtp = None
        await self._accounts.stop()

    async def accept(self, sender: str, recipients: list[str], raw: bytes) -> str:
        """Deliver one letter to everybody it is for; returns the queue id."""
        ident = uuid4().hex[:12].upper()
        at = datetime.now(UTC)
        away = tuple(one for one in recipients if one.lower() != DESK_ADDRESS)
        if len(away) < len(recipients):
            await self.append(postmarked(raw, sender, DESK_ADDRESS, ident, at), when=at)
            self.delivered += 1
        if away:
            await self._send_away(OutsideLetter(sender, away, raw, at))
        return ident

    async def append(
        self, raw: bytes, folder: str = "INBOX", when: datetime | None = None, user: str = user
    ) -> int:
        """Put a letter into a folder as it is, received at `when` (aware); returns its UID."""
        return await self._accounts.append(user, folder, raw, when)

    async def _send_away(self, letter: OutsideLetter) -> None:
        await self.append(letter.raw, when=letter.at, user=OUTSIDE_ACCOUNT)
        self.outside.append(letter)
        if self._news.full():
            self._news.get_nowait()
        self._news.put_nowait(letter)
        if self.on_outside is not None:
            self.on_outside(letter)

    async def next_outside(self) -> OutsideLetter:
        """Wait for the next letter that leaves; each is given out once."""
        return await self._news.get()

    async def leaving(self) -> AsyncIterator[OutsideLetter]:
        """Letters that leave, for ever, in order."""
        while True:
            yield await self.next_outside()
